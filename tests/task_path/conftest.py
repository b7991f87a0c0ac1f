"""The task path's far side: a served twin, the model server, a local AWS, and the handlers' environment."""

import io
import json
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from moto.dynamodb.responses import DynamoHandler

from encord_lambda import wiring, wiring_editor
from encord_lambda.dispatch import sweep
from functions.run_tasks import handler as run_tasks
from functions.sweep_stages import handler as sweep_stages
from sandbox import template
from sandbox.artwork import draw
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, Settings, Twin, World, serve
from sandbox.model_server.server import Server
from sandbox.model_server.server import serve as serve_model
from sandbox.scenario.world import FOLDER, PIPELINE, PROJECT, world
from tests.fakes.local_aws import client_at, emptied, local_aws

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

URL = "https://uploads.s3.eu-west-1.amazonaws.com/"
KINDS = ("Cat", "Dog", "Other")
EVENTS = Path(__file__).parents[2] / "events"
Json = dict[str, Any]


class Context:
    """What our handlers ask of Lambda's context."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"

    def get_remaining_time_in_millis(self) -> int:
        return 120_000


CONTEXT: "LambdaContext" = Context()  # type: ignore[assignment]


def pets(tasks: int, public_key: str = "00" * 32) -> tuple[World, MemoryObjects]:
    """The sandbox's project with this many drawings waiting at Agent 1: cats, dogs and fish in turn."""
    titles = [f"pets/{number:03} {KINDS[number % 3]}.jpg" for number in range(tasks)]
    objects = MemoryObjects({URL + title: drawing(title, number) for number, title in enumerate(titles)})
    items = [ItemSpec(url=URL + title, title=title) for title in titles]
    empty = world(public_key)
    seeded = {
        "folders": [FolderSpec(title="Pets", uuid=FOLDER, items=items)],
        "datasets": [empty.datasets[0].model_copy(update={"folders": ["Pets"]})],
    }
    return empty.model_copy(update=seeded), objects


@cache
def drawing(title: str, seed: int) -> bytes:
    kind = title.rsplit(" ", 1)[1].removesuffix(".jpg")
    buffer = io.BytesIO()
    draw(kind, 9_000_000 + seed).image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


@dataclass
class TaskPath:
    """Everything between a waiting task and its pathway."""

    twin: Twin
    objects: MemoryObjects
    model: Server
    queue: str
    dead_letters: str

    def sweep(self) -> int:
        return sweep_stages.lambda_handler({}, CONTEXT)["queued"]

    def received(self, patience: int = 0) -> Json:
        """All messages that are due, the first within `patience` seconds, as one Lambda event."""
        records: list[Json] = []
        sqs = boto3.client("sqs")
        while found := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=patience).get(
            "Messages"
        ):
            records += [
                {"messageId": one["MessageId"], "receiptHandle": one["ReceiptHandle"], "body": one["Body"]}
                for one in found
            ]
            patience = 0
        return {"Records": records}

    def run(self, event: Json) -> list[str]:
        """Run a batch; answers the ids of the messages that stay."""
        reply = run_tasks.lambda_handler(event, CONTEXT)
        return [failure["itemIdentifier"] for failure in reply["batchItemFailures"]]

    def tasks(self) -> dict[str, list[str]]:
        """Titles of the tasks, by stage."""
        project = self.twin.store.projects[PROJECT]
        by_stage: dict[str, list[str]] = {stage.title: [] for stage in project.stages.values()}
        for task in project.tasks.values():
            by_stage[project.stages[task.stage].title].append(task.row.item.name)
        return {stage: sorted(titles) for stage, titles in by_stage.items()}

    def letters(self) -> dict[str, str]:
        """The reasons of the dead letters, by subject."""
        found = boto3.client("sqs").receive_message(
            QueueUrl=self.dead_letters, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        attributes = [letter["MessageAttributes"] for letter in found.get("Messages", [])]
        return {one["subject"]["StringValue"]: one["reason"]["StringValue"] for one in attributes}

    def pipeline(self, text: str) -> None:
        boto3.client("s3").put_object(Bucket="records", Key="pipeline.yaml", Body=text.encode())

    def secret(self, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        made = boto3.client("secretsmanager").create_secret(Name=f"{name}-{uuid4()}", SecretString=value)
        monkeypatch.setenv(name, made["ARN"])

    def answers(self) -> dict[str, Json]:
        """What each label row says, by the item's title."""
        with urllib.request.urlopen(f"{self.twin.url}/_twin/state") as answer:  # noqa: S310
            rows = json.load(answer)["projects"][0]["label_rows"]
        return {row["title"]: row for row in rows}

    def claims(self) -> Counter[str]:
        items = boto3.client("dynamodb").scan(TableName="claims")["Items"]
        return Counter(item["state"]["S"] for item in items)


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        _make_updates_atomic(monkeypatch)
        with local_aws() as started:
            yield started


def _make_updates_atomic(monkeypatch: pytest.MonkeyPatch) -> None:
    """One write after the other, as DynamoDB does it: moto loses some that come at the same time."""
    lock = threading.Lock()

    def one_at_a_time(write: Callable[[DynamoHandler], object]) -> Callable[[DynamoHandler], object]:
        def locked(handler: DynamoHandler) -> object:
            with lock:
                return write(handler)

        return locked

    for name in ("update_item", "put_item", "transact_write_items"):
        monkeypatch.setattr(DynamoHandler, name, one_at_a_time(getattr(DynamoHandler, name)))


@pytest.fixture(scope="session")
def model() -> Iterator[Server]:
    with serve_model() as running:
        yield running


@pytest.fixture
def count() -> int:
    return 6


@pytest.fixture
def seeded(count: int) -> tuple[World, MemoryObjects]:
    """What the twin starts with."""
    return pets(count)


@pytest.fixture
def path(
    seeded: tuple[World, MemoryObjects], aws: str, model: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TaskPath]:
    world_, objects = seeded
    with serve(world_, objects=objects, settings=Settings(job_seconds=0.01)) as twin:
        yield _deployed(twin, objects, model, aws, monkeypatch)
    for built in (*vars(wiring).values(), *vars(wiring_editor).values()):
        getattr(built, "cache_clear", lambda: None)()


def _deployed(twin: Twin, objects: MemoryObjects, model: Server, aws: str, monkeypatch: pytest.MonkeyPatch) -> TaskPath:
    """What the template would make, and the environment it would give the functions."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": aws,
        "NO_PROXY": "127.0.0.1",
        "ENCORD_DOMAIN": twin.url,
        "PIPELINE_CONFIG": "s3://records/pipeline.yaml",
        "OPENAI_BASE_URL": f"{model.url}/v1",
        "ALLOW_PRIVATE_MEDIA": "true",
        "CLAIMS_TABLE": "claims",
        "SPEND_TABLE": "spend",
        "EDITOR_ORIGINS": "https://app.encord.com,https://app.us.encord.com,https://labels.example.com",
        "DISTRIBUTION_SECRET": "",
        "CALLS_QUEUE_URL": "",
        "RECORDS_BUCKET": "records",
        "DETECTOR_TOKEN_SECRET": "",
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "Test",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "client", client_at(aws))
    monkeypatch.setattr(sweep, "GATHER_SECONDS", 0)  # nobody else consumes here
    path = TaskPath(twin, objects, model, *_resources(aws))
    monkeypatch.setenv("TASKS_QUEUE_URL", path.queue)
    monkeypatch.setenv("TASKS_DEAD_LETTERS_URL", path.dead_letters)
    path.secret("ENCORD_KEY_SECRET", twin.key, monkeypatch)
    path.secret("OPENAI_KEY_SECRET", "sk-test", monkeypatch)
    path.pipeline(PIPELINE.read_text())
    return path


def _resources(aws: str) -> list[str]:
    """A fresh bucket, tables and queues; answers the URLs of the tasks' queue and of its dead letters."""
    emptied(aws)
    boto3.client("s3").create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    tables("claims", "spend")
    return [boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("tasks", "dead")]


def tables(*names: str) -> None:
    """Make those of the template that are called so."""
    for name in names:
        table = template.load()["Resources"][{"claims": "TaskClaims", "spend": "Spend"}[name]]["Properties"]
        keys = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        boto3.client("dynamodb").create_table(TableName=name, **{key: table[key] for key in keys if key in table})


def event(name: str) -> Json:
    loaded: Json = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded
