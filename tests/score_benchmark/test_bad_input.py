"""What is not as it should be is told of, counts for nothing it is not, and keeps nobody else from being scored."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import nan
from typing import Any
from uuid import UUID, uuid4

import pytest
from encord import Project
from encord.exceptions import InvalidArgumentsError
from encord.objects import LabelRowV2, Object
from encord.objects.coordinates import BoundingBoxCoordinates
from encord.workflow import AnnotationStage

from encord_lambda.benchmark import reviewed, tracing
from encord_lambda.benchmark.run import WITHOUT_TRUTH
from encord_lambda.encord_platform import consensus
from encord_lambda.encord_platform.label_reading import labels
from encord_lambda.labels.proposals import Answer, Label
from sandbox.annotators import Seen, annotate, label_all
from sandbox.encord_twin import ItemSpec
from sandbox.scenario import gold
from sandbox.scenario.archive import Medium
from tests.score_benchmark.bench import PIPELINE, REJECTING, Bench, bench


def notes(bench: Bench) -> dict[str, int]:
    return {note.what: note.count for note in bench.report().notes}


def units(bench: Bench) -> dict[str, int]:
    """How many data units count, by rater."""
    return {line.rater: line.units for line in bench.report().leaderboard}


def test_a_task_without_truth_stays_and_is_noted(untold: Bench) -> None:
    untold.pipeline(REJECTING)
    gold.establish(untold.client, dict(list(untold.gold.items())[:3]))
    gold.work(untold.client, untold.gold)

    said = untold.score()

    assert [line["message"] for line in said] == ["Skipped", "Scored"]
    assert untold.stages() == {gold.ARCHIVE: 3, gold.REVIEW: 1}
    assert notes(untold) == {WITHOUT_TRUTH: 1}
    assert untold.report().units == 3


def test_an_empty_truth_counts_only_once_it_is_finished(untold: Bench) -> None:
    truth = untold.client.get_project(gold.TRUTH)
    for row in truth.list_label_rows_v2():
        row.initialise_labels()
        row.save()
    gold.work(untold.client, untold.gold)
    assert [line["message"] for line in untold.score()] == ["Skipped"] * 4

    for task in truth.workflow.get_stage(name="Annotate", type_=AnnotationStage).get_tasks():
        task.submit()
    untold.score()

    found = untold.report()
    assert found.units == 4
    assert {line.accuracy.right for line in found.leaderboard if line.accuracy} == {0}


def test_who_submits_nothing_misses_all_and_is_noted(told: Bench) -> None:
    annotate(told.production, gold.CONSENSUS, told.gold, gold.ANNOTATORS[:2])
    for task in told.annotation.get_tasks():
        for subtask in task.subtasks:
            if subtask.status != "COMPLETED":
                subtask.submit()

    told.score()

    silent = next(line.accuracy for line in told.report().leaderboard if line.rater == gold.CEM.email)
    assert silent
    assert (silent.right, silent.tried) == (0, 8)
    assert notes(told) == {reviewed.NOTHING: 4}


def test_a_branch_that_is_missing_is_not_scored_and_noted(submitted: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    whole: Callable[..., list[LabelRowV2]] = Project.list_label_rows_v2

    def without_bens(project: Project, *arguments: Any, **options: Any) -> list[LabelRowV2]:
        return [row for row in whole(project, *arguments, **options) if "ben" not in row.branch_name]

    monkeypatch.setattr(Project, "list_label_rows_v2", without_bens)
    submitted.score()

    assert gold.BEN.email not in units(submitted)
    assert notes(submitted) == {reviewed.WHYS["missing"]: 4}


def test_a_data_unit_submitted_twice_by_one_person_counts_once(told: Bench) -> None:
    for task in told.annotation.get_tasks():
        task.subtasks[1].assign(gold.ADA.email)
        for subtask in task.subtasks:
            subtask.submit()

    told.score()

    assert units(told) == {gold.ADA.email: 4, gold.CEM.email: 4}
    assert notes(told)[reviewed.WHYS["twice"]] == 4


def test_boxes_without_an_area_are_noted(told: Bench) -> None:
    flat = {title: Seen(seen.kind, (0.5, 0.5, 0.5, 0.5)) for title, seen in told.gold.items()}
    label_all(told.production, flat, "encord-ada-example.com")
    annotate(told.production, gold.CONSENSUS, told.gold, [gold.BEN, gold.CEM])
    for task in told.annotation.get_tasks():
        next(one for one in task.subtasks if one.assignee == gold.ADA.email).submit()

    told.score()

    ada = next(line.accuracy for line in told.report().leaderboard if line.rater == gold.ADA.email)
    assert ada
    assert (ada.right, ada.tried, notes(told)[tracing.FLAT]) == (4, 8, 4)


def test_ontologies_that_differ_are_noted(told: Bench) -> None:
    change_ontology(told, gold.PRODUCTION, _without_dogs)
    for title in list(told.gold)[::2]:
        label_all(told.production, {title: Seen("Cat", (0.1, 0.1, 0.9, 0.9))}, "encord-ada-example.com")
    for task in told.annotation.get_tasks():
        for subtask in task.subtasks:
            subtask.submit()

    told.score()

    assert {
        "the ontology of the production project has no object 'Dog' (bounding_box)",
        "the ontology of the production project has no option 'Dog' of 'Animal'",
    } <= notes(told).keys()


def test_labels_that_the_ontology_does_not_know_any_more_stay_unscored(submitted: Bench) -> None:
    change_ontology(submitted, gold.PRODUCTION, _without_dogs)

    said = submitted.score()

    assert said[0]["message"] == "Postponed"
    assert "RadioAnswer can only be set to a NestableOption" in said[0]["reason"]


def test_objects_of_shapes_that_are_not_scored_are_noted(submitted: Bench) -> None:
    change_ontology(submitted, gold.TRUTH, _with_poses)

    submitted.score()

    assert notes(submitted)["object 'Pose' is of shape skeleton, which is not scored"] == 1


def change_ontology(bench: Bench, which: UUID, change: Callable[[Any], Any]) -> None:
    """Give one of the projects an ontology of its own."""
    store = bench.twin.store
    project = store.projects[which]
    known = store.ontologies[project.ontology]
    other = replace(known, uuid=uuid4(), editor=change(known.editor))
    store.ontologies[other.uuid] = other
    project.ontology = other.uuid


def _with_poses(editor: Any) -> Any:
    pose = {"id": "9", "name": "Pose", "color": "#000000", "shape": "skeleton", "featureNodeHash": "pose0000"}
    return editor | {"objects": [*editor["objects"], pose]}


def _without_dogs(editor: Any) -> Any:
    [cat, _], [animal] = editor["objects"], editor["classifications"]
    [question] = animal["attributes"]
    return {
        "objects": [cat],
        "classifications": [animal | {"attributes": [question | {"options": question["options"][:1]}]}],
    }


def test_what_the_truth_has_twice_counts_once_and_is_noted(submitted: Bench) -> None:
    truth = submitted.client.get_project(gold.TRUTH)
    [row] = truth.list_label_rows_v2(data_title_eq=next(iter(submitted.gold)))
    row.initialise_labels()
    [drawn] = row.get_object_instances()
    [seen] = drawn.get_annotations()
    assert isinstance(seen.coordinates, BoundingBoxCoordinates)
    again = truth.ontology_structure.get_child_by_title(drawn.object_name, type_=Object).create_instance()
    again.set_for_frames(seen.coordinates, 0)
    row.add_object_instance(again)
    row.save()

    submitted.score()

    assert [what for what in notes(submitted) if "twice in the very same place" in what]
    assert {line.accuracy.tried for line in submitted.report().leaderboard if line.accuracy} == {4, 8}


def test_one_data_unit_that_cannot_be_read_stays_alone(submitted: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, broken = LabelRowV2.initialise_labels, next(iter(submitted.gold))

    def refusing(row: LabelRowV2, **options: Any) -> None:
        if row.data_title == broken and row.branch_name != "main":
            raise InvalidArgumentsError("broken")
        opened(row, **options)

    monkeypatch.setattr(LabelRowV2, "initialise_labels", refusing)
    submitted.pipeline(REJECTING)

    said = submitted.score()

    assert [line["message"] for line in said] == ["Postponed", "Scored"]
    assert submitted.stages() == {gold.ARCHIVE: 3, gold.REVIEW: 1}
    assert submitted.report().units == 3


def test_one_label_that_cannot_be_written_down_keeps_only_its_own_data_unit_from_being_scored(
    submitted: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted.pipeline(REJECTING)
    broken = next(iter(submitted.gold))

    def odd(row: LabelRowV2) -> Iterator[Label]:
        for label in labels(row):
            said = label.content
            if isinstance(said, Answer) and row.data_title == broken and row.branch_name != "main":
                label = replace(label, content=replace(said, confidence=nan))
            yield label

    monkeypatch.setattr(consensus, "labels", odd)

    postponed, scored = submitted.score()

    assert "mend the label in the Label Editor" in postponed["reason"]
    assert (scored["new"], scored["units"], notes(submitted)) == (3, 3, {})
    assert submitted.stages() == {gold.ARCHIVE: 3, gold.REVIEW: 1}


def test_one_benchmarks_trouble_is_no_others(submitted: Bench) -> None:
    [entry] = [PIPELINE.partition("benchmarks:\n")[2]]
    strange = entry.replace("name: gold", "name: strange").replace(str(gold.PRODUCTION), str(UUID(int=7)))
    astray = entry.replace("name: gold", "name: astray").replace(gold.REVIEW, "Consensus 7")
    submitted.pipeline(f"version: 1\nbenchmarks:\n{strange}{astray}{entry}")

    first, second, scored = submitted.score()

    assert (first["message"], first["subject"]) == ("Postponed", "benchmark strange")
    assert "no consensus review titled 'Consensus 7'; its consensus reviews: 'Consensus 1'" in second["reason"]
    assert (scored["message"], scored["benchmark"]) == ("Scored", "gold")


def test_hundreds_of_tasks_are_read_some_at_a_time(
    aws: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = {0: (("Cat", (10, 10, 90, 90)),)}
    items = [
        ItemSpec(url=f"https://a.s3.eu-west-1.amazonaws.com/{n}", title=f"{n}", width=100, height=100)
        for n in range(101)
    ]
    with bench(aws, monkeypatch, caplog, [Medium(item, {}, one) for item in items], [gold.ADA]) as built:
        built.pipeline(REJECTING)
        gold.establish(built.client, built.gold)
        annotate(built.production, gold.CONSENSUS, built.gold, [gold.ADA])

        before = built.twin.log.count()
        [scored] = built.score()

        assert built.twin.log.count() - before < 25  # five for each hundred, and what is asked once
        assert (scored["new"], built.stages()) == (101, {gold.ARCHIVE: 101})
