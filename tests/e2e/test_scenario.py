"""The scenario's own parts, without a server: its files agree, and its checks see what is wrong."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from PIL import Image

from encord_lambda.config import PipelineConfig
from encord_lambda.config_classify import Classify
from encord_lambda.config_editor import EditorDescribe
from sandbox.encord_twin.platform.records import StageType
from sandbox.scenario.checks import checks
from sandbox.scenario.editor import Call
from sandbox.scenario.encord import RUN_TASKS, SWEEPS, Classification, Item, LabelRow, Platform, Row, Task, Visit
from sandbox.scenario.notifications import Notifications
from sandbox.scenario.report import Report
from sandbox.scenario.uploads import Upload, uploads
from sandbox.scenario.watching import Sight
from sandbox.scenario.world import AGENT_STAGE, PIPELINE, PREFIX, STAGE_OF, world
from tests.e2e import perfect as perfect_media

NUMBERS = count(1)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FATES = {"cat.jpg": None, "fish.jpg": None, "bad.jpg": "empty"}


@pytest.fixture
def pipeline() -> PipelineConfig:
    return PipelineConfig.parse(PIPELINE.name, PIPELINE.read_text())


@pytest.fixture(scope="module")
def objects() -> list[Upload]:
    return uploads()


def test_pipeline_yaml_feeds_the_worlds_folder_and_dataset(pipeline: PipelineConfig, objects: list[Upload]) -> None:
    built = world("00" * 32)
    [registration] = pipeline.registrations
    assert registration.prefix == PREFIX

    assert registration.integration == built.integrations[0].title
    assert registration.folder == built.folders[0].uuid
    assert registration.datasets == [built.datasets[0].uuid]
    assert all(upload.key.startswith(registration.prefix) for upload in objects)


def test_pipeline_yaml_names_stages_and_pathways_of_the_world(pipeline: PipelineConfig) -> None:
    [project] = world("00" * 32).projects
    [configured] = pipeline.stages
    [stage] = [stage for stage in project.stages if stage.title == configured.stage]

    assert configured.project == project.uuid
    assert stage.type is StageType.AGENT
    assert set(configured.pathways.values()) == set(stage.pathways)


def test_pipeline_yaml_names_classifications_of_the_world(pipeline: PipelineConfig) -> None:
    [ontology] = world("00" * 32).ontologies
    titles = {one["attributes"][0]["name"]: one["attributes"][0]["type"] for one in ontology.editor["classifications"]}

    agent = pipeline.stages[0].agent
    assert isinstance(agent, Classify)
    assert titles[agent.titles[0]] == "radio"
    describe = pipeline.editor_agents["describe-scene"]
    assert isinstance(describe, EditorDescribe)
    assert titles[describe.classification] == "text"


def test_sixty_drawings_and_six_bad_objects_have_names_of_their_own(objects: list[Upload]) -> None:
    assert len({upload.key for upload in objects}) == len(objects) == 66
    assert [sum(upload.kind == kind for upload in objects) for kind in ("Cat", "Dog", "Other", None)] == [20, 20, 20, 6]
    for upload in objects:
        if upload.kind:
            Image.open(io.BytesIO(upload.body)).load()


def test_all_checks_hold_for_a_perfect_run() -> None:
    assert [check.claim for check in checks(perfect()) if not check.holds] == []


@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        ({"receipts": perfect_media.receipts({"cat.jpg": None, "fish.jpg": None})}, "accounted for"),
        ({"receipts": perfect_media.receipts(FATES | {"bad.jpg": ""})}, "refused with a reason"),
        ({"receipts": perfect_media.receipts(FATES | {"fish.jpg": "lost"})}, "registered in Encord"),
        ({"dead_letters": {"Tasks": 1}}, "no message"),
        ({"queues": {"Tasks": 1}}, "no message"),
    ],
)
def test_a_check_sees(changes: Any, claim: str) -> None:
    report = perfect()

    flawed = replace(report, sight=replace(report.sight, **changes))

    assert any(claim in check.claim for check in checks(flawed) if not check.holds)


def test_a_wrong_label_is_inaccurate_though_its_task_took_its_pathway() -> None:
    report = perfect(answers={"cat.jpg": "Dog"})

    assert report.accuracy == 0.5
    assert all(outcome.routed for outcome in report.outcomes)


def test_a_task_on_another_pathway_than_its_labels_is_noticed() -> None:
    report = perfect(stages={"cat.jpg": "Annotate dogs"})

    assert [check.missing for check in checks(report) if not check.holds] == ["cat.jpg"]


def test_the_time_at_the_agent_stage_ends_with_the_next_one() -> None:
    assert perfect().waited == [7, 7]


def test_an_object_registered_twice_is_noticed() -> None:
    report = perfect()
    report.sight.platform.items.append(item("cat.jpg"))

    assert report.duplicates == ["item cat.jpg"]


def test_too_many_requests_fail() -> None:
    report = replace(perfect(), requests={RUN_TASKS: 3, SWEEPS: 9})

    [check] = [check for check in checks(report) if not check.holds]
    assert check.found.startswith("1.50: 3 for 2; 9 more by the sweeps")


def perfect(answers: Mapping[str, str] | None = None, stages: Mapping[str, str] | None = None) -> Report:
    """Two drawings and a bad object, all as it should be but for what the test changes."""
    answers, truth = {"cat.jpg": "Cat"} | dict(answers or {}), {"cat.jpg": "Cat", "fish.jpg": "Other", "bad.jpg": None}
    items = [item(key) for key in ("cat.jpg", "fish.jpg")]
    platform = Platform(items=items, rows=[Row(data_hash=one.uuid, item=one.uuid) for one in items])
    platform.stages[AGENT_STAGE] = []
    for one in items:
        answer = answers.get(one.key)
        stage = (stages or {}).get(one.key, STAGE_OF[answer])
        visits = [Visit(stage=AGENT_STAGE, at=NOON), Visit(stage=stage, at=NOON + timedelta(seconds=7))]
        platform.stages.setdefault(stage, []).append(Task(uuid=one.uuid, data_hash=one.uuid, visits=visits))
        if answer:
            label = Classification(answers={"Animal": answer})
            platform.label_rows.append(LabelRow(data_hash=one.uuid, branch="main", classifications=[label]))
    told = perfect_media.receipts(FATES)
    sight = Sight(3, platform, queues={"Tasks": 0}, dead_letters={"Tasks": 0}, receipts=told)
    return Report(
        uploads=[Upload(key, b"", kind) for key, kind in truth.items()],
        sight=sight,
        requests={RUN_TASKS: 2},
        zoo=perfect_media.zoo(),
        street=perfect_media.street(),
        library=perfect_media.library(),
        catalogue=perfect_media.catalogue(),
        editor=[Call("POST /")],
        notifications=Notifications(accepted=2, coalesced=3, refused=1, sweeps=2, forged=401),
        scoring=perfect_media.scoring(),
    )


def item(key: str) -> Item:
    return Item(uuid=UUID(int=next(NUMBERS)), url=f"https://pets.s3.eu-west-1.amazonaws.com/{quote(key)}")
