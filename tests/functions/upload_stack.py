"""The far side of both registration functions: S3, SQS and Secrets Manager in moto, Encord in the twin."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from encord.storage import StorageFolder
from moto.backends import get_backend

from encord_lambda import wiring, wiring_registration
from encord_lambda.aws.registrations import Registrations
from encord_lambda.registration.upload_jobs.jobs import Job
from encord_lambda.registration.upload_jobs.receipts import Receipt, Refusals, Summary
from functions.track_registrations.handler import lambda_handler as track_registrations
from sandbox import template
from sandbox.encord_twin import S3Objects, Settings, Twin, World, serve
from tests.fakes.local_aws import client_at, emptied
from tests.twin.conftest import connect
from tests.twin.worlds import pets

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REGION: Literal["eu-west-1"] = "eu-west-1"
UPLOADS, RECORDS = "pets-uploads", "records"
EVENTS = Path(__file__).parents[2] / "events"
PIPELINE = """
version: 1
registrations:
  - {{prefix: pets/, integration: {integration}, folder: {folder}, datasets: [{dataset}]}}
"""


@dataclass(frozen=True)
class Stack:
    """Both sides, and short ways to look at them."""

    twin: Twin
    s3: "S3Client"
    folder: StorageFolder = field(repr=False)
    registrations: Registrations = field(repr=False)

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=UPLOADS, Key=key, Body=body)

    def configure(self, text: str) -> None:
        self.s3.put_object(Bucket=RECORDS, Key="pipeline.yaml", Body=text.encode())

    def items(self) -> dict[str, UUID]:
        return {item.name: item.uuid for item in self.folder.list_items()}

    def linked(self) -> list[str]:
        client = connect(self.twin)
        return sorted(row.title for row in client.get_dataset(self.twin.ids.datasets["pets"]).data_rows)

    def sent(self) -> list[tuple[str, int]]:
        """Body and delay of every message sent, oldest first, due or not."""
        queue = _backend("sqs").queues["registrations"]
        return [(one.body, round((one.delayed_until - one.sent_timestamp) / 1000)) for one in queue._messages]

    def hidden_for(self) -> int:
        """Seconds for which the only message of the queue is hidden."""
        [message] = _backend("sqs").queues["registrations"]._messages
        return int(message.visible_at / 1000 - datetime.now(UTC).timestamp())

    def jobs(self) -> list[Job]:
        """Every job a message was sent about, in that order."""
        messages = (json.loads(body) for body, _ in self.sent())
        ids = dict.fromkeys(message["id"] for message in messages if message["kind"] == "job")
        return [job for job in map(self.registrations.read, ids) if job]

    def finish_jobs(self) -> None:
        """Wait, in one long poll each, until Encord has ended every job."""
        for job in self.jobs():
            if job.encord_job:
                self.folder.add_private_data_to_folder_get_result(job.encord_job, timeout_seconds=10)

    def follow(self) -> None:
        """Have every job end: visit each message that is on the queue now, and those it sends, a few times over."""
        for _ in range(4):
            self.finish_jobs()
            for body, _ in self.sent():
                track_registrations(batch(body), context())

    def drain(self, times: int = 1) -> None:
        """Deliver each message that is on the queue to track_registrations, so many times, until none is left."""
        queue = _backend("sqs").queues["registrations"]
        for _ in range(40):
            self.finish_jobs()
            waiting, queue._messages[:] = list(queue._messages), []
            for some in batched(waiting * times, 10, strict=False):
                failed = kept(track_registrations(batch(*(message.body for message in some)), context()))
                queue._messages += [some[int(message[1:])] for message in failed]
            if not queue._messages:
                return
        raise AssertionError(f"still waiting: {[message.body for message in queue._messages]}")

    def records(self, prefix: str) -> dict[str, bytes]:
        found = self.s3.list_objects_v2(Bucket=RECORDS, Prefix=prefix).get("Contents", [])
        return {
            one["Key"]: self.s3.get_object(Bucket=RECORDS, Key=one["Key"])["Body"].read()
            for one in sorted(found, key=lambda one: one["LastModified"])
        }

    def receipts(self) -> list[Receipt]:
        bodies = self.records("receipts/").values()
        return [Receipt.model_validate_json(body) for body in bodies if b'"encord_job"' in body]

    def day(self) -> Summary:
        """The sums of the day."""
        [body] = [body for key, body in self.records("receipts/").items() if key.endswith("/day.json")]
        return Summary.model_validate_json(body)

    def refusals(self) -> dict[str, str]:
        """Reasons by key."""
        bodies = [body for key, body in self.records("receipts/").items() if "/refused-" in key]
        return {one.key: one.reason for body in bodies for one in Refusals.model_validate_json(body).objects}


@contextmanager
def upload_stack(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, job_seconds: float = 0.0, world: World | None = None
) -> Iterator[Stack]:
    """An empty stack whose pipeline registers `pets/`, with the functions' environment set for it."""
    emptied(endpoint)
    with serve(
        world or pets(), objects=S3Objects(endpoint, REGION), settings=Settings(job_seconds=job_seconds)
    ) as twin:
        yield _built(monkeypatch, endpoint, twin)
    _forget()


def _forget() -> None:
    """What the functions keep for a container's life."""
    for part in (*vars(wiring).values(), *vars(wiring_registration).values()):
        getattr(part, "cache_clear", lambda: None)()


def _built(monkeypatch: pytest.MonkeyPatch, endpoint: str, twin: Twin) -> Stack:
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "NO_PROXY": "127.0.0.1",
        "ENCORD_DOMAIN": twin.url,
        "PIPELINE_CONFIG": f"s3://{RECORDS}/pipeline.yaml",
        "RECORDS_BUCKET": RECORDS,
        "REGISTRATIONS_TABLE": "registrations",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "client", client_at(endpoint))
    s3 = boto3.client("s3")
    for bucket in (UPLOADS, RECORDS):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    queue = boto3.client("sqs").create_queue(QueueName="registrations")["QueueUrl"]
    secret = boto3.client("secretsmanager").create_secret(Name="encord", SecretString=twin.key)["ARN"]
    monkeypatch.setenv("REGISTRATIONS_QUEUE_URL", queue)
    monkeypatch.setenv("ENCORD_KEY_SECRET", secret)
    _forget()
    folder = connect(twin).get_storage_folder(twin.ids.folders["pets"])
    stack = Stack(twin, s3, folder, registrations_table())
    stack.configure(pipeline(twin))
    return stack


def registrations_table() -> Registrations:
    """The table as template.yaml makes it."""
    dynamodb = boto3.client("dynamodb")
    properties = template.load()["Resources"]["Registrations"]["Properties"]
    keys = ("BillingMode", "AttributeDefinitions", "KeySchema")
    dynamodb.create_table(TableName="registrations", **{key: properties[key] for key in keys})
    return Registrations(dynamodb, "registrations", lambda: datetime.now(UTC))


def pipeline(twin: Twin, integration: str = "aws") -> str:
    """A pipeline.yaml with one registration."""
    ids = twin.ids
    return PIPELINE.format(integration=integration, folder=ids.folders["pets"], dataset=ids.datasets["pets"])


class Context(LambdaContext):
    """With all the time in the world."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 300_000


def context() -> LambdaContext:
    """What Lambda tells a handler about itself."""
    made = Context()
    made._function_name, made._aws_request_id = "tested", "request-1"
    made._memory_limit_in_mb, made._invoked_function_arn = 128, "arn:aws:lambda:eu-west-1:123456789012:function:tested"
    return made


def event(name: str) -> dict[str, Any]:
    """A committed event."""
    content: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return content


def batch(*bodies: str) -> dict[str, Any]:
    """An SQS batch; message ids are m0, m1, …"""
    return {
        "Records": [
            {"messageId": f"m{number}", "receiptHandle": f"r{number}", "body": body}
            for number, body in enumerate(bodies)
        ]
    }


def created(key: str, size: int = 900) -> str:
    """EventBridge's word of a new object."""
    detail = {"bucket": {"name": UPLOADS}, "object": {"key": key, "size": size}}
    return json.dumps({"source": "aws.s3", "detail-type": "Object Created", "region": REGION, "detail": detail})


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The reasons in the log, one per outcome that has one."""
    return [reason for record in caplog.records if (reason := getattr(record, "reason", None))]


def kept(reply: object) -> Sequence[str]:
    """Ids of the messages that stay on the queue."""
    assert isinstance(reply, dict)
    return [failure["itemIdentifier"] for failure in reply["batchItemFailures"]]


def _backend(service: Any) -> Any:
    return get_backend(service)["123456789012"][REGION]
