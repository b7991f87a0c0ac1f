"""The handler with AWS on the far side, and with all that may be wrong there."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from uuid import UUID

import boto3
import pytest

from encord_lambda import wiring_ready
from encord_lambda.aws.sweep_events import SweepEvents
from encord_lambda.dispatch.notification import TaskReady
from encord_lambda.errors import Misconfigured, Retry
from functions.task_ready import handler
from tests.fakes.local_aws import requests_to
from tests.task_path.conftest import CONTEXT, event
from tests.task_ready.conftest import Deployed
from tests.task_ready.signed import SECRET, Json, envelope, signed, written
from tests.twin.receivers import Said, receiving


def now(said: Json, secret: str = SECRET) -> Json:
    """A notification signed just now."""
    return signed(written(said), datetime.now(UTC), secret)


class Then(datetime):
    """The moment the event files were signed at."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Then":
        return cls.fromtimestamp(1795165200, tz)


def test_a_project_of_others_is_acknowledged_and_told_to_nobody(deployed: Deployed) -> None:
    assert handler.lambda_handler(now(envelope(UUID(int=77))), CONTEXT)["statusCode"] == 200
    assert deployed.told() == []


@pytest.mark.usefixtures("deployed")
def test_a_secret_that_is_gone_is_the_deployments_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "gone")

    assert handler.lambda_handler(now(envelope()), CONTEXT)["statusCode"] == 500


@pytest.mark.usefixtures("deployed")
def test_a_rotated_secret_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = boto3.client("secretsmanager")
    arn = secrets.create_secret(Name="rotated", SecretString=SECRET)["ARN"]
    monkeypatch.setenv("WEBHOOK_SECRET", arn)
    assert handler.lambda_handler(now(envelope()), CONTEXT)["statusCode"] == 200
    monkeypatch.setattr("encord_lambda.dispatch.known_secrets.RENEWED_AFTER", timedelta())

    secrets.put_secret_value(SecretId=arn, SecretString="whsec_2")

    assert handler.lambda_handler(now(envelope(), "whsec_2"), CONTEXT)["statusCode"] == 200


def test_pipeline_yaml_that_cannot_be_read_has_encord_tell_again(deployed: Deployed) -> None:
    deployed.pipeline("version: none")

    assert handler.lambda_handler(now(envelope()), CONTEXT)["statusCode"] == 500
    assert deployed.told() == []


def test_without_a_secret_the_endpoint_is_closed(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "")

    assert handler.lambda_handler(now(envelope()), CONTEXT)["statusCode"] == 404
    assert deployed.told() == []


@pytest.mark.usefixtures("deployed")
def test_a_warm_container_asks_aws_for_nothing_but_the_event() -> None:
    handler.lambda_handler(now(envelope()), CONTEXT)
    desk = wiring_ready.task_ready()
    assert desk is not None
    asked: list[TaskReady] = []

    class Listening:
        def tell(self, ready: TaskReady) -> None:
            asked.append(ready)

    boto3.client("s3").delete_object(Bucket="records", Key="pipeline.yaml")
    desk.sweeps = Listening()

    assert handler.lambda_handler(now(envelope(stage=UUID(int=9))), CONTEXT)["statusCode"] == 200
    assert [ready.stage for ready in asked] == [UUID(int=9)]


@pytest.mark.parametrize(("code", "kind"), [("ThrottlingException", Retry), ("AccessDeniedException", Misconfigured)])
@pytest.mark.usefixtures("deployed")
def test_a_refusing_eventbridge_says_what_was_being_done(code: str, kind: type[Retry]) -> None:
    refusal = json.dumps({"__type": code, "message": "no"}).encode()

    with receiving(lambda _: Said(400, {}, refusal)) as events, pytest.raises(Retry) as trouble:
        SweepEvents(requests_to(events.url)).tell(TaskReady(project=UUID(int=1), stage=UUID(int=2)))

    assert type(trouble.value) is kind
    assert trouble.value.reason == f"cannot send an event to the bus default: {code}: no"


@pytest.mark.usefixtures("deployed")
def test_an_event_that_eventbridge_leaves_out_is_no_success() -> None:
    said = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}

    with (
        receiving(lambda _: Said(200, {}, json.dumps(said).encode())) as events,
        pytest.raises(Retry, match="cannot send an event to the bus default: InternalFailure"),
    ):
        SweepEvents(requests_to(events.url)).tell(TaskReady(project=UUID(int=1), stage=UUID(int=2)))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("task_ready", 200),
        ("task_ready_other_event", 200),
        ("task_ready_malformed", 400),
        ("task_ready_unknown_version", 501),
        ("task_ready_unsigned", 401),
    ],
)
def test_the_event_files_are_what_they_are_named_for(
    deployed: Deployed, name: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed.secret("whsec_example")
    monkeypatch.setattr(handler, "datetime", Then)

    reply = handler.lambda_handler(event(name), CONTEXT)

    assert reply["statusCode"] == status
    assert len(deployed.told()) == (name == "task_ready")


ANSWER = """
import json, sys
from functions.task_ready import handler

class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"

assert handler.lambda_handler(json.load(sys.stdin), Context())["statusCode"] == 200
print(*({"boto3", "botocore.session", "encord", "fastapi", "openai"} & sys.modules.keys()), file=sys.stderr)
"""


def test_neither_the_encord_sdk_nor_botocore_is_imported_for_an_answer(deployed: Deployed) -> None:
    """A notification waits for every import, and the SDK alone takes longer than all of it may."""
    notified = json.dumps(now(envelope()))

    done = subprocess.run([sys.executable, "-c", ANSWER], input=notified, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert len(deployed.told()) == 1
