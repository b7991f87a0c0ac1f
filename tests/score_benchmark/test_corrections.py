"""Ground truth that is corrected or withdrawn after its tasks were scored, as Encord tells of it."""

from encord.objects import LabelRowV2

from encord_lambda.benchmark import reviewed
from sandbox.annotators import Seen, label_all
from sandbox.scenario import gold
from tests.score_benchmark.bench import REJECTING, Bench


def emptied(row: LabelRowV2) -> None:
    row.initialise_labels()
    for drawn in row.get_object_instances():
        row.remove_object(drawn)
    for answer in row.get_classification_instances():
        row.remove_classification(answer)
    row.save()


def test_a_corrected_truth_counts_in_the_next_report_wherever_its_task_is(submitted: Bench) -> None:
    submitted.pipeline(REJECTING)
    submitted.score()
    before = {line.rater: line.accuracy for line in submitted.report().leaderboard}
    title, seen = next(iter(submitted.gold.items()))
    truth = submitted.client.get_project(gold.TRUTH)
    label_all(truth, {title: Seen("Dog" if seen.kind == "Cat" else "Cat", None)})

    asked = submitted.twin.log.count()
    [scored] = submitted.score()

    assert (scored["new"], scored["units"], submitted.stages()) == (0, 4, {gold.ARCHIVE: 4})
    assert {line.rater: line.accuracy for line in submitted.report().leaderboard} != before
    assert submitted.twin.log.count() - asked < 15
    assert submitted.score() == []


def test_a_truth_that_is_withdrawn_is_noted_and_not_scored(untold: Bench) -> None:
    label_all(untold.client.get_project(gold.TRUTH), untold.gold)
    gold.work(untold.client, untold.gold)
    untold.pipeline(REJECTING)
    untold.score()
    [row] = untold.client.get_project(gold.TRUTH).list_label_rows_v2(data_title_eq=next(iter(untold.gold)))
    emptied(row)

    [scored] = untold.score()

    assert (scored["new"], scored["units"]) == (0, 3)
    assert {note.what: note.count for note in untold.report().notes} == {reviewed.WITHDRAWN: 1}
