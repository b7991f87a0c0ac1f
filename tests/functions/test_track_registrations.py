"""Upload jobs followed through the handler, from the first look to the receipt."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from encord_lambda.registration.upload_jobs.advancing import MOST_VISITS
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
    pipeline,
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


def waiting(stack: Stack) -> list[tuple[int, int]]:
    """Visit and delay of every message sent."""
    return [(json.loads(body)["visit"], delay) for body, delay in stack.sent()]


def test_an_empty_batch_needs_neither_aws_nor_encord(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENCORD_DOMAIN", raising=False)

    assert lambda_handler({"Records": []}, context()) == {"batchItemFailures": []}


def test_a_running_job_is_looked_at_again_later_and_later(slow: Stack) -> None:
    upload(slow, a_jpg=jpeg())

    for _ in range(3):
        assert kept(track(slow.sent()[-1][0])) == []

    assert waiting(slow) == [(0, 1), (1, 2), (2, 4), (3, 8)]
    assert slow.receipts() == []


def test_a_message_that_comes_twice_is_followed_by_one(slow: Stack) -> None:
    message = upload(slow, a_jpg=jpeg())

    track(message, message)

    assert waiting(slow) == [(0, 1), (1, 2)]


def test_a_job_that_runs_for_long_is_spoken_of(slow: Stack, caplog: pytest.LogCaptureFixture) -> None:
    message = changed(upload(slow, a_jpg=jpeg()), visit=12)

    track(message)

    assert [text.split(" after ")[0] for text in reasons(caplog)] == ["Encord has not finished this upload job"]


def test_a_job_that_never_ends_is_left_to_the_dead_letter_queue(slow: Stack, caplog: pytest.LogCaptureFixture) -> None:
    message = changed(upload(slow, a_jpg=jpeg()), visit=MOST_VISITS)

    assert kept(track(message)) == ["m0"]

    assert len(slow.sent()) == 1
    [job] = slow.jobs()
    told = f"Encord has not finished upload job {job.encord_job} after 0 days: see in Encord"
    assert told in " ".join(reasons(caplog))


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
    [job] = stack.jobs()
    assert set(stack.records("receipts/")) == {job.receipt, job.receipt.replace(job.id, "day")}
    assert [entry.key for entry in stack.day().objects] == ["pets/cut.png"]
    assert len(stack.sent()) == 1


def test_the_same_message_twice_links_once(stack: Stack) -> None:
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()

    track(message, message)
    track(message)

    assert stack.linked() == ["pets/a.jpg"]
    assert len(stack.receipts()) == 1
    assert (stack.day().submitted, stack.day().registered) == (1, 1)


def test_an_object_uploaded_again_ends_as_the_same_item_linked(stack: Stack) -> None:
    upload(stack, a_jpg=jpeg())
    stack.follow()
    message = upload(stack, a_jpg=jpeg(40, 30), b_jpg=jpeg())
    stack.follow()

    assert json.loads(message)["id"] == stack.jobs()[-1].id
    assert sorted(stack.items()) == stack.linked() == ["pets/a.jpg", "pets/b.jpg"]
    assert (stack.day().submitted, stack.day().registered, stack.day().existing) == (3, 2, 1)


@pytest.mark.parametrize("route", ["folders", "data-upload-jobs", "get-bulk", "datasetlinkitems"])
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


def test_a_kept_message_comes_back_when_the_service_asks_and_not_when_the_queue_would_show_it(stack: Stack) -> None:
    upload(stack, a_jpg=jpeg())
    stack.finish_jobs()
    queue = boto3.client("sqs").get_queue_url(QueueName="registrations")["QueueUrl"]
    [received] = boto3.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    stack.twin.faults.add(Fault(route="data-upload-jobs", status=429, retry_after=2000))
    record = {"messageId": "m0", "receiptHandle": received["ReceiptHandle"], "body": received["Body"]}

    assert kept(lambda_handler({"Records": [record]}, context())) == ["m0"]

    assert 2000 <= stack.hidden_for() <= 2600


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
    lost = changed(message, id="f" * 64)

    assert kept(track(lost, "{}", message)) == ["m0", "m1"]
    assert len(stack.receipts()) == 1


def test_an_unknown_dataset_keeps_the_message_and_is_named(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = "eeeeeeee-0000-4000-8000-000000000001"
    stack.configure(pipeline(stack.twin).replace(str(stack.twin.ids.datasets["pets"]), nowhere))
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()

    assert kept(track(message)) == ["m0"]
    assert f"cannot open dataset {nowhere}" in reasons(caplog)[0]


def test_a_damaged_manifest_is_kept_for_the_dead_letter_queue(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    message = upload(stack, a_jpg=jpeg())
    stack.finish_jobs()
    [job] = stack.jobs()
    stack.s3.put_object(Bucket="records", Key=job.manifest, Body=b"{}")

    assert kept(track(message)) == ["m0"]
    assert "is no import manifest: Value error, nothing to import" in reasons(caplog)[0]


@pytest.mark.usefixtures("stack")
def test_the_committed_event_is_a_message_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    reply = lambda_handler(event("track_registrations"), context())

    assert kept(reply) == ["00000000-0000-4000-8000-000000000001"]
    assert "there is no upload job 9f86d081" in reasons(caplog)[0]


@pytest.mark.usefixtures("stack")
def test_malformed_messages_are_kept_and_the_key_is_named(caplog: pytest.LogCaptureFixture) -> None:
    reply = lambda_handler(event("track_registrations_malformed"), context())

    assert len(kept(reply)) == 4
    for key, reason in zip(("version", "id", "'kind'", "'kind'"), reasons(caplog)[:4], strict=True):
        assert reason.startswith("malformed message: ")
        assert key in reason
