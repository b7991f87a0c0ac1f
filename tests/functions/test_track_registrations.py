"""Upload jobs followed through the handler, from the first look to the receipt."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.register_uploads.handler import lambda_handler as register_uploads
from functions.track_registrations.handler import lambda_handler
from sandbox.encord_twin import Fault
from tests.functions.upload_stack import (
    Stack,
    batch,
    context,
    created,
    event,
    kept,
    reasons,
    upload_stack,
)
from tests.twin.worlds import jpeg

TRUNCATED_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> Iterator[Stack]:
    """A stack whose upload jobs never end."""
    with upload_stack(monkeypatch, endpoint, job_seconds=600) as built:
        yield built


def upload(stack: Stack, **bodies: bytes) -> str:
    """Register objects called `pets/<name>.jpg` (`.png` if it says so) and give the message that follows them."""
    keys = [f"pets/{name.replace('_', '.')}" for name in bodies]
    for key, body in zip(keys, bodies.values(), strict=True):
        stack.put(key, body)
    assert kept(register_uploads(batch(*map(created, keys)), context())) == []
    return stack.sent()[-1][0]


def track(*bodies: str) -> Any:
    return lambda_handler(batch(*bodies), context())


def changed(message: str, **values: object) -> str:
    return json.dumps(json.loads(message) | values)


def test_an_empty_batch_needs_neither_aws_nor_encord(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENCORD_DOMAIN", raising=False)

    assert lambda_handler({"Records": []}, context()) == {"batchItemFailures": []}


def test_a_running_job_is_looked_at_again_later_and_later(slow: Stack) -> None:
    message = upload(slow, a_jpg=jpeg())

    for visit in range(3):
        assert kept(track(changed(message, visit=visit))) == []

    seen = [(json.loads(body)["visit"], delay) for body, delay in slow.sent()]
    assert seen == [(0, 1), (1, 2), (2, 4), (3, 8)]
    assert {json.loads(body)["job"] for body, _ in slow.sent()} == {json.loads(message)["job"]}
    assert slow.receipts() == []


def test_a_job_that_runs_for_long_is_spoken_of(slow: Stack, caplog: pytest.LogCaptureFixture) -> None:
    message = changed(upload(slow, a_jpg=jpeg()), visit=12)

    track(message)

    assert [text.split(" after ")[0] for text in reasons(caplog)] == ["Encord has not finished this upload job"]


def test_a_look_costs_two_requests(slow: Stack) -> None:
    message = upload(slow, a_jpg=jpeg())
    slow.twin.log.reset()

    track(message)

    assert slow.twin.log.count() == 2


def test_a_finished_job_links_its_items_and_its_receipt_adds_up(stack: Stack) -> None:
    # GIVEN a job with two good pictures and a truncated one
    message = upload(stack, a_jpg=jpeg(), cut_png=TRUNCATED_PNG, b_jpg=jpeg(40, 30))
    stack.finish_jobs()

    # WHEN it is looked at
    assert kept(track(message)) == []

    # THEN the good ones are linked, and all three are accounted for
    assert stack.linked() == ["pets/a.jpg", "pets/b.jpg"]
    [receipt] = stack.receipts()
    assert (receipt.submitted, receipt.registered, receipt.failed, receipt.pending) == (3, 2, 1, 0)
    by_key = {entry.key: entry for entry in receipt.objects}
    assert "not a readable image" in (by_key["pets/cut.png"].reason or "")
    assert by_key["pets/a.jpg"].item == stack.items()["pets/a.jpg"]
    assert list(stack.records("receipts/")) == [json.loads(message)["receipt"]]
    assert len(stack.sent()) == 1


def test_the_same_message_twice_links_once(stack: Stack) -> None:
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()

    track(message)
    track(message)

    assert stack.linked() == ["pets/a.jpg"]
    assert len(stack.receipts()) == 1


def test_a_second_job_for_the_same_object_ends_with_the_same_item_linked(stack: Stack) -> None:
    upload(stack, a_jpg=jpeg())
    stack.finish_jobs()
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()

    track(message)

    assert list(stack.items()) == ["pets/a.jpg"]
    assert stack.linked() == ["pets/a.jpg"]


@pytest.mark.parametrize("route", ["folders", "data-upload-jobs", "datasetlinkitems"])
@pytest.mark.parametrize("status", [429, 500])
def test_trouble_at_encord_keeps_the_message_and_a_second_try_ends_it(stack: Stack, route: str, status: int) -> None:
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()
    stack.twin.faults.add(Fault(route=route, status=status))

    assert kept(track(message)) == ["m0"]
    assert stack.receipts() == []
    assert kept(track(message)) == []
    assert stack.twin.faults.left() == 0
    assert stack.linked() == ["pets/a.jpg"]


def test_a_link_whose_answer_was_lost_is_repeated_without_harm(stack: Stack) -> None:
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()
    stack.twin.faults.add(Fault(route="datasetlinkitems", drop_after_commit=True, times=3))

    assert kept(track(message)) == ["m0"]
    stack.twin.faults.replace([])
    assert kept(track(message)) == []

    assert stack.linked() == ["pets/a.jpg"]


def test_one_message_in_trouble_leaves_the_others_alone(stack: Stack) -> None:
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()
    lost = changed(message, job="22222222-0000-4000-8000-000000000001")
    unfiled = changed(message, manifest="manifests/gone.json")

    assert kept(track(lost, unfiled, "{}", message)) == ["m0", "m1", "m2"]
    assert len(stack.receipts()) == 1


def test_an_unknown_dataset_keeps_the_message_and_is_named(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()
    nowhere = "eeeeeeee-0000-4000-8000-000000000001"

    assert kept(track(changed(message, datasets=[nowhere]))) == ["m0"]
    assert f"cannot open dataset {nowhere}" in reasons(caplog)[-1]


def test_a_damaged_upload_file_is_kept_for_the_dead_letter_queue(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()
    stack.s3.put_object(Bucket="records", Key=json.loads(message)["manifest"], Body=b"{}")

    assert kept(track(message)) == ["m0"]
    assert "is no upload file: images: Field required" in reasons(caplog)[-1]


@pytest.mark.usefixtures("stack")
def test_the_committed_event_is_a_message_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    reply = lambda_handler(event("track_registrations"), context())

    assert kept(reply) == ["00000000-0000-4000-8000-000000000001"]
    assert "cannot open storage folder ffffffff-0000-4000-8000-0000000000f1" in reasons(caplog)[-1]


@pytest.mark.usefixtures("stack")
def test_malformed_messages_are_kept_and_the_key_is_named(caplog: pytest.LogCaptureFixture) -> None:
    reply = lambda_handler(event("track_registrations_malformed"), context())

    assert len(kept(reply)) == 2
    assert [text.split(":")[1].strip() for text in reasons(caplog)] == ["version", "job"]
