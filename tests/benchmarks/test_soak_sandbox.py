"""A soak looks into a local AWS and a twin, and its traffic reaches them; nobody works there."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from uuid import UUID, uuid4

import pytest

from benchmarks import soak, soak_traffic
from benchmarks.local_stack import KEYS
from benchmarks.soak_samples import Sampler
from benchmarks.soak_verdicts import verdicts
from encord_lambda.aws.claims import TaskClaims
from encord_lambda.aws.registrations import Registrations
from encord_lambda.dispatch.claims import Claim, State, TaskKey
from encord_lambda.registration.upload_jobs import jobs
from sandbox import aws, template
from sandbox.encord_twin import serve
from sandbox.scenario.encord import Encord
from sandbox.scenario.servers import Sandbox
from sandbox.scenario.world import PROJECT, world
from sandbox.stack import Stack
from tests.fakes.local_aws import emptied, local_aws

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
UPLOADS = "uploads"


@dataclass
class Editor:
    """The editor's API: what it was asked, and what it answers."""

    url: str = ""
    asked: int = 0
    status: int = 200


@pytest.fixture
def editor() -> Iterator[Editor]:
    told = Editor()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked += str(PROJECT).encode() in self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with local_aws() as url:
        yield url


@pytest.fixture
def sandbox(editor: Editor, endpoint: str) -> Iterator[Sandbox]:
    """What a soak asks of a sandbox, as template.yaml has it, with nobody who works in it."""
    with serve(world("00" * 32)) as twin:
        cloud = aws.Cloud(emptied(endpoint), aws.session(endpoint))
        queue = cloud.session.client("sqs").create_queue(QueueName="tasks")["QueueUrl"]
        cloud.session.client("s3").create_bucket(
            Bucket=UPLOADS, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        for name in ("TaskClaims", "Registrations"):
            table = template.of_type(template.load(), "AWS::DynamoDB::Table")[name]
            keys = {key: table[key] for key in KEYS if key in table}
            cloud.session.client("dynamodb").create_table(TableName=name, **keys)
        stack = Stack(
            uploads_bucket=UPLOADS,
            records_bucket="records",
            claims_table="TaskClaims",
            registrations_table="Registrations",
            api_url=editor.url,
            task_ready_url="",
            queue_urls={"Tasks": queue},
            dead_letter_urls={"Tasks": queue},
            functions={"RunTasksFunction": "stack-run-tasks"},
            log_groups={},
        )
        parts = {"cloud": cloud, "stack": stack, "encord": Encord(twin.url), "model_url": "http://127.0.0.1:1"}
        yield cast(Sandbox, SimpleNamespace(**parts))


def test_messages_live_claims_and_open_jobs_are_seen_and_those_that_ended_are_not(sandbox: Sandbox) -> None:
    client, stack = sandbox.cloud.session.client, sandbox.stack
    client("sqs").send_message(QueueUrl=stack.queue_urls["Tasks"], MessageBody="{}")
    claims = TaskClaims(client("dynamodb"), stack.claims_table)
    claims.swap([a_claim(State.QUEUED), a_claim(State.RUNNING), a_claim(State.DONE)])
    registrations = Registrations(client("dynamodb"), stack.registrations_table, lambda: NOON)
    registrations.write([a_job(state) for state in jobs.State], {})

    sample = Sampler(sandbox).look()

    assert (sample.queued, sample.dead) == ({"Tasks": 1}, {"Tasks": 1})
    assert (sample.live_claims, sample.open_jobs) == (2, 2), "a claim queued, one running; a job starting, one running"
    assert not sample.is_drained
    assert not replace(sample, queued={}, open_jobs=0).is_drained
    assert replace(sample, queued={}, open_jobs=0, live_claims=0).is_drained


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells it")
def test_memory_is_that_of_this_sandboxs_workers_alone(sandbox: Sandbox) -> None:
    ours = {"AWS_LAMBDA_FUNCTION_NAME": "stack-run-tasks", "AWS_ENDPOINT_URL": sandbox.cloud.endpoint}
    elsewhere = ours | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    with (
        subprocess.Popen(["/bin/sleep", "60"], env=os.environ | ours) as worker,
        subprocess.Popen(["/bin/sleep", "60"], env=os.environ | elsewhere) as another,
    ):
        try:
            memory = Sampler(sandbox).look().memory
        finally:
            worker.kill()
            another.kill()

    assert memory.keys() == {("RunTasks", worker.pid)}
    assert 0 < memory["RunTasks", worker.pid] < 50


@pytest.mark.parametrize("status", [200, 500])
def test_traffic_uploads_and_clicks_until_it_is_over_and_tells_who_was_refused(
    sandbox: Sandbox, editor: Editor, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak_traffic, "UPLOADS_EVERY", 0.01)
    monkeypatch.setattr(soak_traffic, "CLICKS_EVERY", 0.01)
    editor.status = status
    driver = soak_traffic.Driver(sandbox, repeat(b"a picture"), lambda: [UUID(int=1)])
    with driver.driving():
        wait_until(lambda: driver.traffic.uploads >= 2 and driver.traffic.clicks >= 2)

    traffic = driver.traffic
    there = sandbox.cloud.session.client("s3").list_objects_v2(Bucket=UPLOADS, Prefix=soak_traffic.SOAKED)
    assert there["KeyCount"] == traffic.uploads
    assert editor.asked == traffic.clicks
    assert len(traffic.refused) == (0 if status == 200 else traffic.clicks)


def test_a_soak_ends_though_nobody_works_and_says_what_was_not_done(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak, "PATIENCE", 0.2)
    samples, traffic = soak.soak(sandbox, 0.2, repeat(b"a picture"))

    assert samples[-1].at >= 0.2
    failed = [one.claim for one in verdicts(samples, traffic) if not one.holds]
    assert failed == ["memory is flat", "every upload is registered once"]


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def a_claim(state: State) -> Claim:
    return Claim(TaskKey(uuid4(), uuid4()), state, NOON, NOON + timedelta(hours=1))


def a_job(state: jobs.State) -> jobs.Job:
    return jobs.Job(
        id=str(state),
        prefix="pets/",
        folder=UUID(int=1),
        integration="aws",
        datasets=(),
        manifest="manifests/a.json",
        submitted=1,
        submitted_at=NOON,
        state=state,
    )
