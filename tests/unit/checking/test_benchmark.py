"""Whether Encord has what a benchmark of pipeline.yaml needs, and benchmarks leave each other alone."""

from dataclasses import replace
from uuid import UUID

import pytest

from encord_lambda.checking.finding import Finding
from encord_lambda.checking.pipeline import findings
from encord_lambda.checking.survey import FoundProject, FoundStage, Named, Survey, Unreachable
from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Classification, Object, Ontology, Option

PRODUCTION, TRUTH = UUID(int=1), UUID(int=2)
REVIEW = FoundStage("Consensus 1", None, reviews_consensus=True)
ANIMAL = Classification("Animal", "radio", (Option("Cat"), Option("Dog")))
FOUND = FoundProject(Ontology((ANIMAL,)), (FoundStage("Consensus", None), REVIEW), {})
GOLD = replace(FOUND, labelled=True)


def benchmark(name: str = "pets", stage: str = "Consensus 1", *, rejecting: bool = False) -> str:
    rejects = f"reject_when_scored: {str(rejecting).lower()}"
    return f"  - {{name: {name}, production: {PRODUCTION}, stage: {stage}, ground_truth: {TRUTH}, {rejects}}}\n"


def pipeline(*benchmarks: str) -> PipelineConfig:
    return PipelineConfig.parse("p.yaml", f"version: 1\nbenchmarks:\n{''.join(benchmarks or [benchmark()])}")


def told(production: FoundProject | Unreachable, truth: FoundProject | Unreachable) -> list[Finding]:
    survey = Survey({PRODUCTION: production, TRUTH: truth}, {}, {}, ())
    return list(findings(pipeline(), survey))


def test_projects_that_fit_need_no_word() -> None:
    assert told(FOUND, GOLD) == []


def test_both_projects_are_asked_for_and_of_the_truth_whether_it_has_labels() -> None:
    named = Named.by(pipeline())
    assert (named.projects, named.truths) == ((PRODUCTION, TRUTH), frozenset({TRUTH}))


def test_projects_that_are_not_to_be_seen_are_faults() -> None:
    assert told(Unreachable("gone"), Unreachable("lost")) == [
        Finding(("benchmarks", 0, "production"), "gone"),
        Finding(("benchmarks", 0, "ground_truth"), "lost"),
    ]


def test_a_stage_that_is_no_consensus_review_is_a_fault_that_names_those_there_are() -> None:
    other = replace(FOUND, stages=(FoundStage("Consensus 1", None), replace(REVIEW, title="Second look")))
    [fault] = told(other, GOLD)
    assert fault.place == ("benchmarks", 0, "stage")
    assert (
        fault.text == "the project has no consensus review titled 'Consensus 1'; its consensus reviews: 'Second look'"
    )
    assert not fault.is_remark


def test_a_truth_without_labels_is_remarked() -> None:
    [remark] = told(FOUND, FOUND)
    assert (remark.place, remark.is_remark) == (("benchmarks", 0, "ground_truth"), True)


def test_ontologies_that_differ_are_remarked_difference_by_difference() -> None:
    richer = Ontology((ANIMAL,), (Object("Paw", "polygon"),))
    [remark] = told(FOUND, replace(GOLD, ontology=richer))
    assert remark.text == "the ontology of the production project has no object 'Paw' (polygon)"
    assert remark.is_remark


def test_objects_of_shapes_that_are_not_scored_are_remarked() -> None:
    poses = Ontology((ANIMAL,), (Object("Pose", "skeleton"),))
    [remark] = told(replace(FOUND, ontology=poses), replace(GOLD, ontology=poses))
    assert remark.text == "object 'Pose' is of shape skeleton, which is not scored"
    assert remark.is_remark


def test_ontologies_without_anything_in_common_are_a_fault() -> None:
    [fault] = told(FOUND, replace(GOLD, ontology=Ontology((), (Object("Paw", "polygon"),))))
    assert (fault.place, fault.is_remark) == (("benchmarks", 0, "ground_truth"), False)


@pytest.mark.parametrize(("rejecting", "line"), [((True, False), 3), ((False, True), 4), ((True, True), 3)])
def test_no_benchmark_may_take_away_the_tasks_of_another(rejecting: tuple[bool, bool], line: int) -> None:
    entries = [benchmark(name, rejecting=one) for name, one in zip("ab", rejecting, strict=True)]
    with pytest.raises(
        Misconfigured, match=rf"p\.yaml:{line}: benchmarks\[{line - 3}\]\.reject_when_scored: .* has not scored"
    ):
        pipeline(*entries)


def test_benchmarks_at_stages_of_their_own_may_reject() -> None:
    found = pipeline(benchmark("a", rejecting=True), benchmark("b", "Consensus 2", rejecting=True))
    assert len(found.benchmarks) == 2
    assert len(pipeline(benchmark("a"), benchmark("b")).benchmarks) == 2
