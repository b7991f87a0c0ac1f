"""Opening and saving label rows together through the real SDK, against the twin."""

from uuid import uuid4

import pytest

from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.encord_platform.stage import Stage
from encord_lambda.errors import Reject, Retry
from encord_lambda.labels.proposals import Answer
from sandbox.encord_twin import Fault, Twin
from tests.adapters.platform_world import (
    CLASSIFY,
    DESCRIBE,
    answers,
    deleted,
    first_stage,
    items,
    label_rows,
    opened,
    served,
    waiting,
)

CAT = (Answer("Animal", "Cat", 0.9),)


def test_rows_are_opened_together_and_unknown_ones_left_out(twin: Twin, stage: Stage) -> None:
    found = waiting(stage)
    twin.log.reset()

    rows = opened(stage, [*found.values(), uuid4()])

    assert rows.keys() == set(found.values())
    assert all(row.is_open for row in rows.values())
    assert twin.log.count() <= 3


@pytest.mark.parametrize("known", [False, True], ids=["never opened before", "opened before"])
def test_a_row_that_is_gone_falls_out_alone_when_rows_are_opened(twin: Twin, stage: Stage, *, known: bool) -> None:
    found = waiting(stage)
    if known:
        opened(stage, found.values())
    rows = stage.rows(found.values(), "main")
    gone, *others = rows
    deleted(twin, gone)

    refused = stage.open(rows)

    assert [(data, type(trouble)) for data, trouble in refused.items()] == [(gone, Reject)]
    assert [rows[data].is_open for data in others] == [True, True]


def test_rows_that_were_opened_before_one_was_refused_are_not_opened_twice(twin: Twin, stage: Stage) -> None:
    # GIVEN a row that has been opened by somebody, so that it takes a request of another kind than the others
    *others, known = stage.rows(waiting(stage).values(), "main")
    opened(stage, [known])
    rows = stage.rows([*others, known], "main")
    twin.faults.add(Fault(route="labelrow GET", code="RESOURCE_NOT_FOUND_ERROR", times=2))

    # WHEN that request is refused after the other was answered
    refused = stage.open(rows)

    assert list(refused) == [known]
    assert [rows[data].is_open for data in others] == [True, True]


def test_a_row_knows_the_item_that_was_uploaded(twin: Twin, stage: Stage) -> None:
    rows = stage.rows(waiting(stage).values(), "main")

    assert {data: row.item for data, row in rows.items()} == items(twin)


def left_out(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, Encord's answers lack the row."""
    monkeypatch.setattr(row._row, "initialise_labels", lambda **_: None)


def test_a_row_that_the_platform_left_out_falls_out_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = stage.rows(waiting(stage).values(), "main")
    first, *others = rows
    left_out(rows[first], monkeypatch)

    refused = stage.open(rows)

    assert {data: trouble.reason for data, trouble in refused.items()} == {
        first: "cannot open label rows: Encord's answer lacks it"
    }
    assert [rows[data].is_open for data in others] == [True, True]


def test_labels_of_before_are_not_taken_for_todays(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = opened(stage, waiting(stage).values())
    first, *_ = rows
    left_out(rows[first], monkeypatch)

    refused = stage.open_afresh(rows)

    assert [(data, type(trouble)) for data, trouble in refused.items()] == [(first, Reject)]
    assert isinstance(stage.save({first: rows[first]})[first], Reject)


def test_rows_are_saved_with_one_request(twin: Twin, stage: Stage) -> None:
    found = waiting(stage)
    rows = opened(stage, found.values())
    for row in rows.values():
        row.write(CAT, CLASSIFY)
    twin.log.reset()

    assert stage.save({task: rows[data] for task, data in found.items()}) == {}

    assert twin.log.count() == 1
    assert [answers(row) for row in label_rows(twin).values()] == [{"Animal": "Cat"}] * 3


def test_of_a_refused_bundle_all_is_saved_but_what_is_refused_alone(twin: Twin, stage: Stage) -> None:
    # GIVEN a platform that refuses the bundle, and then its first half, which is one row
    found = waiting(stage)
    rows = opened(stage, found.values())
    for row in rows.values():
        row.write(CAT, CLASSIFY)
    twin.faults.add(Fault(route="labelrow POST", code="RESOURCE_NOT_FOUND_ERROR", times=2))

    refused = stage.save({task: rows[data] for task, data in found.items()})

    # THEN the other two are saved
    assert [type(trouble) for trouble in refused.values()] == [Reject]
    assert [answers(row) for row in label_rows(twin).values()].count({"Animal": "Cat"}) == 2


def test_rows_opened_afresh_have_what_somebody_else_saved_meanwhile(twin: Twin, stage: Stage) -> None:
    rows = opened(stage, waiting(stage).values())
    [(unit, first), *_] = rows.items()
    other = opened(first_stage(twin), [unit])[unit]
    other.write((Answer("Scene", "Somebody else's.", 0.5),), DESCRIBE)
    other.save()
    first.write(CAT, CLASSIFY)
    twin.log.reset()

    assert stage.open_afresh(rows) == {}

    assert twin.log.count() == 1
    first.write(CAT, CLASSIFY)
    assert stage.save({unit: first}) == {}
    assert answers(label_rows(twin)[unit]) == {"Animal": "Cat", "Scene": "Somebody else's."}


def test_a_row_that_is_gone_falls_out_alone_when_rows_are_opened_afresh(twin: Twin, stage: Stage) -> None:
    rows = opened(stage, waiting(stage).values())
    gone, stays, *_ = rows
    deleted(twin, gone)

    refused = stage.open_afresh(rows)

    assert list(refused) == [gone]
    assert isinstance(refused[gone], Reject)
    rows[stays].write(CAT, CLASSIFY)
    assert stage.save({stays: rows[stays]}) == {}


def test_one_refused_row_of_a_hundred_costs_fourteen_requests_at_most() -> None:
    with served(tasks=100, page=100) as twin:
        stage = first_stage(twin)
        rows = opened(stage, waiting(stage).values())
        for row in rows.values():
            row.write(CAT, CLASSIFY)
        gone = list(rows)[49]
        deleted(twin, gone)
        twin.log.reset()

        refused = stage.save(rows)

        assert [(data, type(trouble)) for data, trouble in refused.items()] == [(gone, Reject)]
        assert twin.log.count("labelrow POST") == twin.log.count() <= 14
        assert [answers(row) for row in label_rows(twin).values()] == [{"Animal": "Cat"}] * 99


def test_a_busy_platform_is_not_asked_by_halves(twin: Twin, stage: Stage) -> None:
    rows = opened(stage, waiting(stage).values())
    twin.faults.add(Fault(route="labelrow POST", status=429, retry_after=30))
    twin.log.reset()

    with pytest.raises(Retry) as trouble:
        stage.save(rows)

    assert (trouble.value.after, twin.log.count()) == (30, 1)
