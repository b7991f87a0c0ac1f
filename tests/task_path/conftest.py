"""The task path's far side: a served twin, the model server, a local AWS, and the handlers' environment."""

import io
import json
import os
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from encord_lambda import wiring
from functions.run_tasks import handler as run_tasks
from functions.sweep_stages import handler as sweep_stages
from sandbox import template
from sandbox.artwork import draw
from sandbox.encord_twin import FolderSpec, ItemSpec, MemoryObjects, Settings, Twin, World, serve
from sandbox.model_server.server import Server
from sandbox.model_server.server import serve as serve_model
from sandbox.scenario.world import FOLDER, PIPELINE, PROJECT, world

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
        return 300_000


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
    sqs: Any
    s3: Any
    dynamodb: Any
    queue: str

    def sweep(self) -> int:
        return sweep_stages.lambda_handler({}, CONTEXT)["queued"]

    def received(self) -> Json:
        """All messages that are due, as one Lambda event."""
        records: list[Json] = []
        while found := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=3).get(
            "Messages"
        ):
            records += [{"messageId": m["MessageId"], "body": m["Body"]} for m in found]
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

    def pipeline(self, text: str) -> None:
        self.s3.put_object(Bucket="records", Key="pipeline.yaml", Body=text.encode())


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def model() -> Iterator[Server]:
    with serve_model() as running:
        yield running


@pytest.fixture
def count() -> int:
    return 6


@pytest.fixture
def path(count: int, aws: str, model: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[TaskPath]:
    world_, objects = pets(count)
    with serve(world_, objects=objects, settings=Settings(job_seconds=0.01)) as twin:
        yield _deployed(twin, objects, model, aws, monkeypatch)
    for parts in (wiring._sweep_parts, wiring._run_parts, wiring._editor_parts):
        parts.cache_clear()


def _deployed(twin: Twin, objects: MemoryObjects, model: Server, aws: str, monkeypatch: pytest.MonkeyPatch) -> TaskPath:
    credentials = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
    for name, value in {
        **credentials,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": aws,
        "NO_PROXY": "127.0.0.1",
        "ENCORD_DOMAIN": twin.url,
        "PIPELINE_CONFIG": "s3://records/pipeline.yaml",
        "OPENAI_BASE_URL": f"{model.url}/v1",
        "ALLOW_PRIVATE_MEDIA": "true",
        "CLAIMS_TABLE": "claims",
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "Test",
    }.items():
        monkeypatch.setenv(name, value)
    return _resources(twin, objects, model, monkeypatch)


def _resources(twin: Twin, objects: MemoryObjects, model: Server, monkeypatch: pytest.MonkeyPatch) -> TaskPath:
    s3, sqs, dynamodb, secrets = (boto3.client(name) for name in ("s3", "sqs", "dynamodb", "secretsmanager"))
    _reset(os.environ["AWS_ENDPOINT_URL"])
    s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    queue = sqs.create_queue(QueueName="tasks")["QueueUrl"]
    table = template.load()["Resources"]["TaskClaims"]["Properties"]
    dynamodb.create_table(TableName="claims", **{key: table[key] for key in CLAIM_KEYS})
    for name, value in (("ENCORD_KEY_SECRET", twin.key), ("OPENAI_KEY_SECRET", "sk-test")):
        monkeypatch.setenv(name, secrets.create_secret(Name=name, SecretString=value)["ARN"])
    monkeypatch.setenv("TASKS_QUEUE_URL", queue)
    path = TaskPath(twin, objects, model, sqs, s3, dynamodb, queue)
    path.pipeline(PIPELINE.read_text())
    return path


CLAIM_KEYS = ("BillingMode", "AttributeDefinitions", "KeySchema")


def _reset(aws: str) -> None:
    """Forget what the test before left in the local AWS."""
    with urllib.request.urlopen(urllib.request.Request(f"{aws}/moto-api/reset", method="POST")) as answer:  # noqa: S310
        assert answer.status == 200


def event(name: str) -> Json:
    loaded: Json = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded
