"""The end of a job, per object, and the receipt that adds up."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from encord_lambda.dispatch.messages import parse
from encord_lambda.errors import Reject
from encord_lambda.registration import manifest, receipts, tracking
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifest import Manifest
from encord_lambda.registration.tracking import JobState, RegistrationMessage

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ITEM, OTHER = UUID(int=1), UUID(int=2)


def images(*keys: str) -> Manifest:
    [found] = manifest.build(Upload("media", "eu-west-1", key, 5) for key in keys)
    return found


def url(key: str) -> str:
    return manifest.object_url("media", "eu-west-1", key)


def message(visit: int = 0) -> RegistrationMessage:
    return RegistrationMessage(
        version=1,
        job=uuid4(),
        folder=uuid4(),
        datasets=(uuid4(),),
        manifest="m",
        receipt="r",
        submitted_at=NOON,
        visit=visit,
    )


def test_looks_at_a_job_come_ever_more_slowly_up_to_five_minutes() -> None:
    assert [tracking.delay(visit) for visit in range(11)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert tracking.delay(10**6) == 300


def test_the_next_visit_is_the_same_job() -> None:
    first = message(visit=3)

    assert first.next_visit().visit == 4
    assert first.next_visit().job == first.job


def test_each_object_of_a_finished_job_is_told_apart() -> None:
    state = JobState("DONE", items=[("new.jpg", ITEM)], failures={url("bad.jpg"): "truncated"})
    wanted = images("bad.jpg", "known.jpg", "new.jpg", "lost.jpg")

    found = {entry.key: entry for entry in tracking.settle(wanted, state, {url("known.jpg"): OTHER})}

    assert (found["new.jpg"].state, found["new.jpg"].item) == ("registered", ITEM)
    assert (found["known.jpg"].state, found["known.jpg"].item) == ("existing", OTHER)
    assert (found["bad.jpg"].state, found["bad.jpg"].reason) == ("failed", "truncated")
    assert found["lost.jpg"].state == "failed"
    assert "ended as DONE without an item" in (found["lost.jpg"].reason or "")


def test_a_job_that_broke_as_a_whole_gives_its_reason_to_every_object() -> None:
    [entry] = tracking.settle(images("a.jpg"), JobState("ERROR", errors=["no access to the bucket"]), {})

    assert "ERROR" in (entry.reason or "")
    assert "no access to the bucket" in (entry.reason or "")


def test_what_a_running_job_has_not_named_is_pending() -> None:
    entries = tracking.settle(images("a.jpg", "b.jpg"), JobState("PENDING", items=[("a.jpg", ITEM)]), {})

    assert [entry.state for entry in entries] == ["registered", "pending"]


def test_only_images_the_job_says_nothing_about_are_looked_up() -> None:
    state = JobState("DONE", items=[("a.jpg", ITEM), ("old title", OTHER)], failures={url("b.jpg"): "broken"})
    wanted = images("a.jpg", "b.jpg", "c.jpg")

    assert [image.title for image in tracking.unnamed(wanted, state)] == ["c.jpg"]
    assert tracking.strangers(wanted, state) == [OTHER]


@given(st.dictionaries(st.sampled_from([f"{n}.jpg" for n in range(9)]), st.sampled_from("rxfl"), min_size=1))
def test_a_receipt_adds_up_whatever_became_of_the_objects(fates: dict[str, str]) -> None:
    state = JobState(
        "DONE",
        items=[(key, ITEM) for key, fate in fates.items() if fate == "r"],
        failures={url(key): "bad" for key, fate in fates.items() if fate == "f"},
    )
    known = {url(key): OTHER for key, fate in fates.items() if fate == "x"}

    found = tracking.receipt(message(), tracking.settle(images(*fates), state, known), NOON)

    assert found.submitted == len(fates) == found.registered + found.existing + found.failed + found.pending
    assert {entry.key for entry in found.objects} == set(fates)
    assert all(entry.item or entry.reason for entry in found.objects)


def test_a_receipt_that_does_not_add_up_cannot_be_made() -> None:
    good = tracking.receipt(message(), tracking.settle(images("a.jpg"), JobState("DONE"), {}), NOON)

    for wrong in ({"submitted": 2}, {"failed": 0}, {"existing": 1}):
        with pytest.raises(ValidationError, match="must be"):
            receipts.Receipt.model_validate(good.model_dump() | wrong)


def test_the_record_of_refusals_has_the_same_key_for_the_same_objects() -> None:
    one = receipts.Refusal(bucket="b", key="x", verdict="refused", reason="empty")
    two = receipts.Refusal(bucket="b", key="a", verdict="skipped", reason="a folder marker")

    record = receipts.Refusals.of([one, two], NOON)

    assert record.key == receipts.Refusals.of([two, one, two], NOON).key
    assert record.key.startswith("receipts/2026-11-20/refused-")
    assert (record.refused, record.skipped) == (1, 1)


def test_a_message_of_another_version_is_rejected() -> None:
    body = message().model_dump_json().replace('"version":1', '"version":2')

    with pytest.raises(Reject, match="malformed RegistrationMessage: version"):
        parse(RegistrationMessage, body)
