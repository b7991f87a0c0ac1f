"""The closing table's rows about the agents see what is wrong, and the demo's files agree with its world."""

from dataclasses import replace

import pytest
import yaml

from encord_lambda.config import PipelineConfig
from sandbox.encord_twin.platform.records import StageType
from sandbox.scenario import agents, gold, scoring
from sandbox.scenario.agent_checks import agent_checks, expected_stage
from sandbox.scenario.archive import zoo as archive_zoo
from sandbox.scenario.findings import Drawn, Finding
from sandbox.scenario.world import PIPELINE, world
from tests.e2e import perfect

ZOO, STREET = {one.medium.title: one for one in perfect.zoo()}, {one.medium.title: one for one in perfect.street()}


def failed(**changes: Finding) -> list[str]:
    zoo = [changes.get("zoo", one) if one.medium.title == _title(changes, "zoo") else one for one in perfect.zoo()]
    street = [
        changes.get("street", one) if one.medium.title == _title(changes, "street") else one for one in perfect.street()
    ]
    return [check.claim for check in agent_checks(zoo, street) if not check.holds]


def _title(changes: dict[str, Finding], which: str) -> str:
    return changes[which].medium.title if which in changes else ""


def test_nothing_is_wrong_with_a_perfect_run() -> None:
    assert failed() == []


@pytest.mark.parametrize(
    ("finding", "claim"),
    [
        (replace(ZOO["sure.png"], boxes=[perfect.cat(0.90)]), "recomputed from stored confidences"),
        (replace(ZOO["doubtful.png"], stage="Annotate 1"), "recomputed from stored confidences"),
        (replace(ZOO["doubtful.png"], boxes=[perfect.cat(0.5)]), "recomputed from stored confidences"),
        (replace(ZOO["empty.png"], stage="nowhere"), "recomputed from stored confidences"),
        (replace(ZOO["film.mp4"], boxes=[]), "right frames"),
        (replace(ZOO["film.mp4"], boxes=[Drawn(0, "Dog", 0.99, perfect.SIDES)]), "right frames"),
        (replace(ZOO["film.mp4"], boxes=[Drawn(7, "Cat", 0.99, perfect.SIDES)]), "right frames"),
        (replace(ZOO["sure.png"], boxes=[Drawn(0, "Cat", 0.99, (0.5, 0.5, 0.9, 0.9))] * 9), "lie on the animals"),
    ],
)
def test_a_flaw_of_pre_labelling_is_noticed(finding: Finding, claim: str) -> None:
    assert any(claim in one for one in failed(zoo=finding))


@pytest.mark.parametrize(
    ("finding", "claim"),
    [
        (replace(STREET["benchmark 2 blurred.png"], stage="Annotate benchmark"), "out of focus"),
        (replace(STREET["street 1.png"], stage="Retake"), "out of focus"),
        (replace(STREET["street 1.png"], stage="Annotate benchmark"), "take YES"),
        (replace(STREET["benchmark 1.png"], stage="Annotate"), "take YES"),
        (replace(STREET["street 1.png"], texts=[]), "one description"),
        (replace(STREET["street 1.png"], texts=[perfect.WORDS] * 2), "one description"),
    ],
)
def test_a_flaw_of_the_other_agents_is_noticed(finding: Finding, claim: str) -> None:
    assert any(claim in one for one in failed(street=finding))


@pytest.mark.parametrize(
    ("confidences", "stage"),
    [([], "Annotate by hand"), ([0.9001], "Annotate 1"), ([0.9], "Review"), ([0.99, 0.51], "Review")],
)
def test_the_expected_stage_follows_the_limits_of_the_file(confidences: list[float], stage: str) -> None:
    assert expected_stage([perfect.cat(confidence) for confidence in confidences]) == stage


def test_every_agent_yaml_names_stages_pathways_and_datasets_of_the_world() -> None:
    pipeline = PipelineConfig.parse("every-agent.yaml", agents.EVERY_AGENT.read_text())
    whole = agents.extended(world("00" * 32), agents.Archive(archive_zoo()[:1], [], []))
    whole = gold.extended(whole, gold.pictures(1))
    for configured in pipeline.stages:
        [project] = [one for one in whole.projects if one.uuid == configured.project]
        [stage] = [one for one in project.stages if one.title == configured.stage]
        assert stage.type is StageType.AGENT
        assert configured.taken == set(stage.pathways)
    assert {one.agent.kind for one in pipeline.stages} == {"prelabel", "custom", "route", "describe", "classify"}
    assert agents.BENCHMARK in {one.uuid for one in whole.datasets}


def test_every_agent_yaml_names_the_benchmark_of_the_world() -> None:
    [benchmark] = PipelineConfig.parse("every-agent.yaml", agents.EVERY_AGENT.read_text()).benchmarks
    built = {one.uuid: one for one in gold.extended(world("00" * 32), gold.pictures(1)).projects}
    [review] = [stage for stage in built[benchmark.production].stages if stage.title == benchmark.stage]
    assert (review.type, review.rejected) == (StageType.CONSENSUS_REVIEW, gold.ARCHIVE)
    assert (benchmark.ground_truth in built, benchmark.reject_when_scored) == (True, True)
    assert (benchmark.name, benchmark.least_units <= gold.PICTURES / 2) == (scoring.NAME, True)


def test_what_is_deployed_is_both_files_with_the_detector_where_it_runs() -> None:
    deployed = PipelineConfig.parse("pipeline.yaml", agents.pipeline("http://127.0.0.1:4711"))
    first, second = (yaml.safe_load(file.read_text()) for file in (PIPELINE, agents.EVERY_AGENT))
    assert len(deployed.stages) == len(first["stages"]) + len(second["stages"])
    assert len(deployed.benchmarks) == len(second["benchmarks"])
    assert "http://127.0.0.1:4711/detect" in agents.pipeline("http://127.0.0.1:4711")
    assert agents.DETECTOR not in agents.pipeline("http://127.0.0.1:4711")
