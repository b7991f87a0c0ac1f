"""Benchmarks that are large, and what else is among their files."""

import json
from uuid import UUID

import pytest

from encord_lambda.aws.benchmark_records import BenchmarkRecords
from encord_lambda.benchmark import corrections, kept_units, reviewed
from encord_lambda.benchmark.report import Report
from encord_lambda.benchmark.run import runs
from encord_lambda.outcomes import Outcome, Postponed, Scored
from sandbox import template
from tests.benchmark.labelled import ANN, BOB
from tests.benchmark.reported import AT, BENCHMARK
from tests.benchmark.waiting import Queue, Waiting, desk, kept
from tests.fakes.bucket import MemoryBucket

REJECTING = BENCHMARK.model_copy(update={"reject_when_scored": True})
UNITS = reviewed.prefix(BENCHMARK.name)


def scored(queue: Queue, bucket: MemoryBucket, time_left: float = 900.0, at: int = 0) -> list[Outcome]:
    moment = AT.replace(minute=AT.minute + at)
    return list(runs([REJECTING], lambda _: desk(queue, bucket, lambda: time_left), moment))


def report(bucket: MemoryBucket) -> Report:
    found = BenchmarkRecords(bucket).latest(BENCHMARK.name)
    assert found
    return found


def notes(bucket: MemoryBucket) -> dict[str, int]:
    return {one.what: one.count for one in report(bucket).notes}


def test_thousands_of_data_units_are_read_once_and_all_scored() -> None:
    queue, bucket = Queue([Waiting(number) for number in range(3000)]), MemoryBucket()

    [found] = scored(queue, bucket)

    assert isinstance(found, Scored)
    assert (found.new, found.units, queue.tasks) == (3000, 3000, [])
    shares = {line.rater: line.accuracy for line in report(bucket).leaderboard}
    assert {rater: one and (one.right, one.tried) for rater, one in shares.items()} == {
        ANN.name: (3000, 3000),
        BOB.name: (2250, 3000),
    }
    before = len([key for key in bucket.read_keys if key.startswith(UNITS)])
    assert scored(queue, bucket, at=1) == []
    assert (before, len([key for key in bucket.read_keys if key.startswith(UNITS)])) == (3000, 3000)


def test_more_data_units_keep_more_time_back_and_always_leave_some_for_reading() -> None:
    assert [kept_units.reserve(known) for known in (0, 30_000, 50_000, 10**7)] == [300, 300, 500, 720]
    function = template.load()["Resources"]["ScoreBenchmarkFunction"]["Properties"]
    assert kept_units.reserve(10**7) + 100 < function["Timeout"]


def test_with_more_kept_than_there_is_time_for_nothing_more_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_units, "UNIT_SECONDS", 1.0)
    bucket = MemoryBucket()
    for number in range(400):
        bucket.objects[reviewed.key(BENCHMARK.name, UUID(int=10**6 + number))] = b""
    queue = Queue([Waiting(1)])

    first, *_ = scored(queue, bucket, 399)

    assert isinstance(first, Postponed)
    assert first.reason.startswith("the rest of the reviews is read by the next run")
    assert queue.tasks == [Waiting(1)]


def test_a_report_that_the_time_is_too_short_for_is_not_made_and_says_what_to_do() -> None:
    queue, bucket = Queue([Waiting(number) for number in range(1000)]), MemoryBucket()
    begun = desk(queue, bucket, lambda: 400 - len(bucket.read_keys) / 2)

    [postponed] = runs([REJECTING], lambda _: begun, AT)

    assert isinstance(postponed, Postponed)
    assert "of 1000 data units that are kept could be scored in the time there was" in postponed.reason
    assert "give the benchmark another `name`" in postponed.reason
    assert not [key for key in bucket.objects if "/reports/" in key]
    [made_up_for] = scored(queue, bucket)
    assert isinstance(made_up_for, Scored)
    assert (made_up_for.new, made_up_for.units) == (0, 1000)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("", b""),
        ("notes.txt", b"mine"),
        ("00000000-0000-0000-0000-000000000001.csv", b""),
        ("{00000000-0000-0000-0000-000000000001}.json", b"{}"),
        ("00000000-0000-4000-8000-000000000001.json", b"{"),
        ("00000000-0000-4000-8000-000000000001.json", b'{"version": 2}'),
    ],
    ids=["folder", "no json", "another kind", "spelt otherwise", "broken", "another version"],
)
def test_a_file_that_is_no_data_unit_is_noted_and_all_others_are_scored(name: str, body: bytes) -> None:
    queue, bucket = Queue([Waiting(number) for number in range(4)]), MemoryBucket()
    bucket.objects[f"{UNITS}{name}"] = body

    [found] = scored(queue, bucket)

    assert isinstance(found, Scored)
    assert found.units == 4
    assert notes(bucket) == {kept_units.STRANGE: 1}
    [note] = report(bucket).notes
    assert f"s3://records/{UNITS}{name} is no data unit of a benchmark of this version" in note.examples[0].title


def test_a_copy_under_another_name_is_not_scored_twice() -> None:
    queue, bucket = Queue([Waiting(1)]), MemoryBucket()
    scored(queue, bucket)
    bucket.objects[reviewed.key(BENCHMARK.name, UUID(int=2))] = bucket.objects[
        reviewed.key(BENCHMARK.name, UUID(int=1))
    ]

    [found] = scored(queue, bucket, at=1)

    assert isinstance(found, Scored)
    assert (found.units, notes(bucket)) == (1, {kept_units.STRANGE: 1})


def test_a_task_that_waits_again_is_written_over_a_file_of_another_version() -> None:
    queue, bucket = Queue([Waiting(1)]), MemoryBucket()
    key = reviewed.key(BENCHMARK.name, UUID(int=1))
    bucket.objects[key] = b'{"version": 2}'

    [found] = scored(queue, bucket)

    assert isinstance(found, Scored)
    assert (found.units, notes(bucket), json.loads(bucket.objects[key])["version"]) == (1, {}, 1)


def test_a_truth_that_is_corrected_or_withdrawn_later_counts_as_it_stands() -> None:
    queue, bucket = Queue([Waiting(number) for number in range(1, 4)]), MemoryBucket()
    scored(queue, bucket)
    queue.edited = {UUID(int=1): kept("Dog"), UUID(int=2): None, UUID(int=9): kept("Cat")}
    [postponed] = scored(queue, bucket, kept_units.LAST_SECONDS - 1, at=1)
    assert isinstance(postponed, Postponed)
    assert postponed.reason == corrections.TOO_MUCH

    [found] = scored(queue, bucket, at=1)

    assert isinstance(found, Scored)
    assert (found.new, found.units, notes(bucket)) == (0, 2, {reviewed.WITHDRAWN: 1})
    assert {line.accuracy and line.accuracy.right for line in report(bucket).leaderboard} == {1}
    assert scored(queue, bucket, at=2) == []

    queue.edited = {UUID(int=2): kept("Cat")}
    [restored] = scored(queue, bucket, at=3)
    assert isinstance(restored, Scored)
    assert (restored.units, notes(bucket)) == (3, {})
