"""Every event of events/ through its built function, with the variables of events/env/local.json, on a local AWS."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sandbox import aws, invoke, rie
from sandbox import template as reader
from sandbox.encord_twin import Settings, Twin, serve
from sandbox.model_server.server import serve as serve_model
from sandbox.scenario.world import PIPELINE
from tests.task_path.conftest import pets
from tests.twin.worlds import jpeg

EVENTS = reader.ROOT / "events"
ENV = EVENTS / "env" / "local.json"
WHOLE = reader.load()
FUNCTIONS = reader.functions(WHOLE)
TABLES = {"registrations": "Registrations", "claims": "TaskClaims", "spend": "Spend"}
QUEUES = ("registrations", "tasks", "tasks-dead-letters", "calls", "calls-dead-letters")
# A status, how many messages stay on their queue, or what is counted.
ANSWERS: Mapping[str, int | str] = {
    "editor_agent": 200,
    "editor_agent_first": 200,
    "editor_agent_malformed": 422,
    "editor_agent_test_ping": 200,
    "finish_calls": 0,
    "finish_calls_unknown_version": 0,  # among the dead letters
    "register_uploads": 0,
    "register_uploads_deleted": 0,
    "register_uploads_dicom_series": 0,
    "register_uploads_malformed": 3,
    "register_uploads_manifest": 0,
    "register_uploads_s3_notification": 0,
    "register_uploads_test_event": 0,
    "run_tasks": 0,
    "run_tasks_malformed": 0,  # among the dead letters, as the next one
    "run_tasks_unknown_version": 0,
    "score_benchmark": "reports",
    "sweep_stages": "queued",
    "sweep_stages_task_ready": "queued",
    "task_ready": 401,  # signed long ago, as the others
    "task_ready_malformed": 401,
    "task_ready_other_event": 401,
    "task_ready_unknown_version": 401,
    "task_ready_unsigned": 401,
    "track_registrations": 1,  # nobody knows this job
    "track_registrations_group": 0,
    "track_registrations_malformed": 4,
    "track_registrations_manifest": 0,
}
type Start = Callable[[str], rie.Runtime]


@pytest.fixture(scope="module")
def start(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a function, once for all its events."""
    world, objects = pets(6)
    with (
        aws.started() as cloud,
        serve_model() as model,
        serve(world, objects=objects, settings=Settings(job_seconds=0.01)) as twin,
        ExitStack() as stack,
    ):
        furnish(cloud, twin)
        text = ENV.read_text()
        for documented, here in ((":4566", cloud.endpoint), (":8080", twin.url), (":8081", model.url)):
            text = text.replace(f"http://127.0.0.1{documented}", here)
        file, logs = json.loads(text), tmp_path_factory.mktemp("logs")

        @functools.cache
        def started(name: str) -> rie.Runtime:
            variables = reader.environment(WHOLE, FUNCTIONS[name]) | invoke.overrides(file, name)
            return stack.enter_context(rie.running(FUNCTIONS[name], variables, logs / f"{name}.log", build))

        yield started


def furnish(cloud: aws.Cloud, twin: Twin) -> None:
    """What the variables name, and an upload."""
    client = cloud.session.client
    for bucket in ("records", "pets-uploads"):
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client("s3").put_object(Bucket="records", Key="pipeline.yaml", Body=PIPELINE.read_bytes())
    client("s3").put_object(Bucket="pets-uploads", Key="pets/plain.jpg", Body=jpeg())
    for queue in QUEUES:
        client("sqs").create_queue(QueueName=queue)
    for name, resource in TABLES.items():
        properties = WHOLE["Resources"][resource]["Properties"]
        keys = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        client("dynamodb").create_table(TableName=name, **{key: properties[key] for key in keys if key in properties})
    for name, value in {"encord-key": twin.key, "openai-key": "sk-test", "webhook": "whsec_example"}.items():
        cloud.secret(name, value)


def function_of(event: str) -> str:
    """The function an event is for, by the longest folder that its name begins with."""
    folders = {Path(one.code).name: name for name, one in FUNCTIONS.items()}
    return folders[max((folder for folder in folders if event.startswith(folder)), key=len)]


def summed_up(answer: dict[str, Any]) -> int | str:
    """An answer as `ANSWERS` has it."""
    match answer:
        case {"batchItemFailures": list(staying)}:
            return len(staying)
        case {"statusCode": int(status)}:
            return status
    [counted] = answer
    return str(counted)


@pytest.mark.parametrize("event", ANSWERS)
def test_an_event_is_answered_as_built(event: str, start: Start) -> None:
    answer = start(function_of(event)).invoke(json.loads((EVENTS / f"{event}.json").read_text()))

    assert "errorType" not in answer, answer
    assert summed_up(answer) == ANSWERS[event]


def test_no_event_is_left_out() -> None:
    assert {file.stem for file in EVENTS.glob("*.json")} == set(ANSWERS)
