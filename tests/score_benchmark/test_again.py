"""Runs that are repeated, and runs that end before their time: nothing is counted twice, nothing is lost."""

from collections import Counter

import pytest

from encord_lambda.aws.benchmark_records import BenchmarkRecords
from encord_lambda.aws.event_bus import BenchmarkEvents
from encord_lambda.encord_platform.consensus import ConsensusReviews
from sandbox.annotators import Annotator, Seen, annotate, label_all
from sandbox.scenario import gold
from tests.score_benchmark.bench import PIPELINE, REJECTING, Bench
from tests.task_path.conftest import Context


class Killed(BaseException):
    """Nobody catches it, as nobody survives a timeout."""


def killed(*_: object, **__: object) -> None:
    raise Killed


def written(bench: Bench) -> dict[str, str]:
    return {key: bench.read(key) for key in bench.files()}


def test_a_second_run_finds_nothing_new(submitted: Bench) -> None:
    submitted.score()
    before = written(submitted)

    assert submitted.score() == []

    assert written(submitted) == before
    assert submitted.stages() == {gold.REVIEW: 4}
    assert len(submitted.heard()) == 1


def test_scored_tasks_are_sent_to_the_archive(submitted: Bench) -> None:
    submitted.pipeline(REJECTING)
    submitted.score()

    assert submitted.stages() == {gold.ARCHIVE: 4}
    assert submitted.score() == []
    assert submitted.report().units == 4


@pytest.mark.parametrize(
    ("place", "step"),
    [
        (BenchmarkRecords, "keep"),
        (ConsensusReviews, "reject"),
        (BenchmarkRecords, "publish"),
        (BenchmarkEvents, "tell"),
        (BenchmarkRecords, "conclude"),
    ],
    ids=["keeping", "rejecting", "reporting", "telling", "concluding"],
)
def test_a_run_that_is_killed_is_made_up_for(
    submitted: Bench, monkeypatch: pytest.MonkeyPatch, place: type, step: str
) -> None:
    submitted.pipeline(REJECTING)
    with monkeypatch.context() as dying:
        dying.setattr(place, step, killed)
        with pytest.raises(Killed):
            submitted.score()
    assert submitted.reports() == 0

    [scored] = submitted.score()

    assert submitted.stages() == {gold.ARCHIVE: 4}
    assert scored["units"] == submitted.report().units == 4
    assert {line.units for line in submitted.report().leaderboard if line.kind == "annotator"} == {4}
    assert submitted.heard()[-1]["detail"]["report"] == scored["report"]
    assert submitted.score() == []


def test_who_submits_again_is_scored_by_that_alone(submitted: Bench) -> None:
    submitted.score()
    before = submitted.report()
    for task in submitted.review.get_tasks():
        task.move(destination_stage_uuid=submitted.annotation.uuid)
    annotate(
        submitted.production,
        gold.CONSENSUS,
        submitted.gold,
        [gold.ADA, gold.BEN, Annotator(gold.CEM.email, right=1, misses=0, jitter=0)],
    )

    [scored] = submitted.score()

    shares = {line.rater: line.accuracy for line in submitted.report().leaderboard}
    again = shares[gold.CEM.email]
    assert again
    assert (again.right, again.tried) == (8, 8)
    assert (scored["new"], scored["units"]) == (4, 4)
    assert shares[gold.BEN.email] == next(one.accuracy for one in before.leaderboard if one.rater == gold.BEN.email)
    assert Counter(point.at for point in submitted.report().trend) == {before.at: 4, submitted.report().at: 4}


def test_a_task_that_is_moved_back_to_its_review_is_read_with_its_corrected_truth(submitted: Bench) -> None:
    submitted.pipeline(REJECTING)
    submitted.score()
    [task] = submitted.archive.get_tasks(data_title=next(iter(submitted.gold)))
    turned = {task.data_title: Seen("Dog" if submitted.gold[task.data_title].kind == "Cat" else "Cat", None)}
    label_all(submitted.client.get_project(gold.TRUTH), turned)
    task.move(destination_stage_uuid=submitted.review.uuid)

    [scored] = submitted.score()

    assert (scored["new"], scored["units"], submitted.stages()) == (1, 4, {gold.ARCHIVE: 4})
    assert min(one.right for one in submitted.report().worst if one.title == task.data_title) == 0


def test_another_target_makes_another_report_of_the_same(submitted: Bench) -> None:
    submitted.score()
    submitted.pipeline(PIPELINE.replace("0.99", "0.5"))

    [scored] = submitted.score()

    assert (scored["new"], scored["units"], submitted.report().target) == (0, 4, 0.5)


def test_without_time_for_a_report_nothing_is_begun(submitted: Bench) -> None:
    [postponed] = submitted.score(Context())  # two minutes

    assert postponed["message"] == "Postponed"
    assert submitted.files() == []
