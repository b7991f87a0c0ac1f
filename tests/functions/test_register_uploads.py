"""A batch of S3 events through the handler: upload jobs at the twin, records in S3, messages in SQS."""

import json
from datetime import UTC, datetime

import boto3
import pytest

from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.registration.manifests import splitting
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs.jobs import State
from functions.register_uploads.handler import lambda_handler
from sandbox.encord_twin import Fault
from tests.functions.upload_stack import (
    UPLOADS,
    Stack,
    batch,
    context,
    created,
    event,
    kept,
    pipeline,
    reasons,
)
from tests.functions.uploading import configure, put
from tests.twin.worlds import jpeg

NOW = datetime.now(UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
GOOD = ["pets/plain.jpg", "pets/day 1/a+b (1).jpg", "pets/ünïcode~'!*,;:@=$/x.JPEG"]


def register(*keys: str) -> object:
    return lambda_handler(batch(*map(created, keys)), context())


def test_an_empty_batch_needs_neither_aws_nor_encord(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENCORD_DOMAIN", raising=False)

    assert lambda_handler({"Records": []}, context()) == {"batchItemFailures": []}


def test_what_is_no_sqs_batch_is_rejected_in_one_line() -> None:
    with pytest.raises(Reject, match="the event is no SQS batch: Records"):
        lambda_handler({"hello": "world"}, context())


def test_good_uploads_of_a_mixed_batch_start_one_job_and_the_others_get_reasons(stack: Stack) -> None:
    # GIVEN the objects that events/register_uploads.json speaks of
    for key in GOOD:
        stack.put(key, jpeg())
    stack.put("pets/Zoë's 猫 & 100%25.png", PNG)
    stack.put("pets/truncated.png", PNG)
    stack.put("pets/notes.jpg", b"Dear diary,\n")

    # WHEN the batch is registered
    reply = lambda_handler(event("register_uploads"), context())
    stack.finish_jobs()

    # THEN nothing stays on the queue, the good ones are items under their true keys, the rest has reasons
    assert kept(reply) == []
    assert sorted(stack.items()) == sorted(GOOD)
    assert {key: reason.split(":")[0].split(";")[0] for key, reason in stack.refusals().items()} == {
        "pets/empty.jpg": "the object is empty (0 bytes)",
        "pets/notes.jpg": "the name says JPEG, but the first bytes are those of text",
        "pets/model.onnx": "the extension .onnx is no supported media type",
        "pets/folder/": "a folder marker, not a file",
        f"pets/{'n' * 292}.jpg": "the key has 301 characters, Encord allows 300",
        "elsewhere/cat.jpg": "no registration in pipeline.yaml has a prefix of this key",
        "pets/deleted.jpg": "deleted from the bucket",
    }


def test_what_is_too_large_for_any_upload_job_is_refused_alone(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "MEGABYTE", 200)
    stack.configure(pipeline(stack.twin).replace("datasets:", "metadata: {from: [user_metadata]}, datasets:"))
    stack.put("pets/a.jpg", jpeg())
    stack.s3.put_object(Bucket=UPLOADS, Key="pets/heavy.jpg", Body=jpeg(), Metadata={"note": "n" * 1_900})

    register("pets/a.jpg", "pets/heavy.jpg")

    stack.finish_jobs()
    assert list(stack.items()) == ["pets/a.jpg"]
    assert stack.refusals()["pets/heavy.jpg"].startswith("its URLs and metadata are more than the 10 MB of")


def test_the_manifest_on_record_names_what_the_message_follows(stack: Stack) -> None:
    stack.put("pets/a b.jpg", jpeg())

    register("pets/a b.jpg")

    [(body, delay)] = stack.sent()
    message = json.loads(body)
    assert (message["version"], message["kind"], message["visit"], delay) == (1, "job", 0, 1)
    [job] = stack.jobs()
    assert (job.id, job.state, job.submitted) == (message["id"], State.RUNNING, 1)
    assert job.datasets == (stack.twin.ids.datasets["pets"],)
    [(key, manifest)] = stack.records("manifests/").items()
    assert key == job.manifest
    [image] = Manifest.model_validate_json(manifest).images
    assert image.object_url == f"https://{UPLOADS}.s3.eu-west-1.amazonaws.com/pets/a%20b.jpg"


def test_events_of_a_bucket_wired_directly_are_understood(stack: Stack) -> None:
    stack.put("pets/day 1/a+b (1).jpg", jpeg())
    stack.put("pets/Zoë's 猫.png", PNG)

    reply = lambda_handler(event("register_uploads_s3_notification"), context())

    assert kept(reply) == []
    [manifest] = stack.records("manifests/").values()
    titles = [image.title or "" for image in Manifest.model_validate_json(manifest).images]
    assert sorted(titles) == ["pets/Zoë's 猫.png", "pets/day 1/a+b (1).jpg"]
    assert list(stack.refusals()) == ["pets/gone.jpg"]


def test_the_test_event_of_s3_is_acknowledged_and_starts_nothing(stack: Stack) -> None:
    assert kept(lambda_handler(event("register_uploads_test_event"), context())) == []
    assert stack.sent() == []


def test_malformed_messages_are_kept_for_the_dead_letter_queue_and_block_nobody(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    stack.put("pets/plain.jpg", jpeg())

    reply = lambda_handler(event("register_uploads_malformed"), context())

    assert [message[-1] for message in kept(reply)] == ["1", "2", "3"]
    assert len(stack.sent()) == 1
    first, second, third = reasons(caplog)
    assert "Invalid JSON" in first
    assert "neither `detail-type` (EventBridge) nor `Records` (S3 notification)" in second
    assert "detail-type: Input should be 'Object Created' or 'Object Deleted'" in third
    assert [vars(one)["cause"] for one in caplog.records if one.getMessage() == "Rejected"] == ["malformed"] * 3


def test_an_object_that_vanished_is_skipped(stack: Stack) -> None:
    stack.put("pets/here.jpg", jpeg())

    assert kept(register("pets/gone.jpg", "pets/here.jpg")) == []

    assert stack.refusals() == {"pets/gone.jpg": "deleted before it was registered"}
    assert len(stack.sent()) == 1


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 7}, {"status": 500}, {"drop_after_commit": True}])
def test_trouble_at_encord_is_left_to_the_message_of_the_recorded_job(stack: Stack, fault: dict[str, int]) -> None:
    stack.put("pets/a.jpg", jpeg())
    stack.twin.faults.add(Fault.model_validate({"route": "data-upload-jobs", **fault}))

    assert kept(register("pets/a.jpg")) == []

    [job] = stack.jobs()
    assert (job.state, job.is_free(NOW)) == (State.STARTING, True)
    stack.follow()
    assert stack.linked() == ["pets/a.jpg"]
    assert stack.twin.faults.left() == 0


def test_an_unreachable_encord_is_left_to_the_message_of_the_recorded_job(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.put("pets/a.jpg", jpeg())
    monkeypatch.setenv("ENCORD_DOMAIN", "http://127.0.0.1:1")

    assert kept(register("pets/a.jpg")) == []
    assert [job.state for job in stack.jobs()] == [State.STARTING]


def test_an_unknown_integration_names_those_there_are(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    stack.put("pets/a.jpg", jpeg())
    stack.configure(pipeline(stack.twin, integration="aws-prod"))

    assert kept(register("pets/a.jpg")) == []
    assert reasons(caplog) == ["the integration in pipeline.yaml: none is called 'aws-prod'; there are: aws"]
    assert [job.state for job in stack.jobs()] == [State.STARTING]


def test_one_registration_in_trouble_leaves_the_other_alone(stack: Stack) -> None:
    stack.put("pets/a.jpg", jpeg())
    stack.put("birds/b.jpg", jpeg())
    other = "  - {prefix: birds/, integration: aws, folder: 00000000-0000-4000-8000-000000000009}\n"
    stack.configure(pipeline(stack.twin) + other)

    assert kept(register("pets/a.jpg", "birds/b.jpg")) == []
    assert {job.prefix: job.state for job in stack.jobs()} == {"pets/": State.RUNNING, "birds/": State.STARTING}


def test_a_malformed_pipeline_holds_the_whole_batch_with_file_and_line(stack: Stack) -> None:
    stack.configure("version: 1\nregistrationz: []\n")

    with pytest.raises(Misconfigured, match=r"s3://records/pipeline\.yaml:2: registrationz"):
        register("pets/a.jpg")


@pytest.mark.usefixtures("stack")
def test_refusals_that_cannot_be_written_down_keep_their_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECORDS_BUCKET", "no-such-bucket")

    assert kept(register("pets/a.exe")) == ["m0"]


def test_an_event_that_comes_twice_makes_one_job(stack: Stack) -> None:
    stack.put("pets/a.jpg", jpeg())

    register("pets/a.jpg", "pets/a.jpg")
    register("pets/a.jpg")
    stack.follow()
    register("pets/a.jpg")

    assert list(stack.items()) == ["pets/a.jpg"]
    assert len(stack.receipts()) == 1
    assert (stack.day().submitted, stack.day().registered) == (1, 1)


def test_a_job_whose_message_could_not_be_sent_is_repeated_without_harm(stack: Stack) -> None:
    stack.put("pets/a.jpg", jpeg())
    sqs = boto3.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="registrations")["QueueUrl"])

    assert kept(register("pets/a.jpg")) == ["m0"]

    sqs.create_queue(QueueName="registrations")
    assert kept(register("pets/a.jpg")) == []
    stack.follow()
    assert list(stack.items()) == ["pets/a.jpg"]
    assert (stack.day().submitted, stack.day().registered) == (1, 1)


def test_a_sidecar_stays_on_the_queue_as_long_as_its_object_does(stack: Stack) -> None:
    configure(stack, pets={"metadata": {"from": ["sidecar"]}})
    told = put(stack, {"pets/a.jpg": jpeg(), "pets/a.jpg.metadata.json": b'{"cat": "Tom"}'})
    sqs = boto3.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="registrations")["QueueUrl"])

    assert kept(lambda_handler(batch(*told), context())) == ["m0", "m1"]
    assert kept(lambda_handler(batch(told[1]), context())) == ["m0"]
