"""The ground a run stands on: Encord, a local AWS, and the far side, each in a process of its own, and all filled."""

import json
import os
import sys
import tempfile
import time
import urllib.error
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks import local_stack
from sandbox import ministack, template
from sandbox.guard import Guarded
from tests.chaos.asking import ask, client
from tests.chaos.items import Item, Known
from tests.chaos.plan import Place, Plan
from tests.chaos.world import AGENT, AGENT_STAGE, PERSON, PROJECTS, pipeline, world

PATIENCE: Final = 60.0
PAGE: Final = "200"
"""Tasks on a page of a stage's list."""


@contextmanager
def prepared(plan: Plan, items: Sequence[Item], folder: Path) -> Iterator[tuple[Place, dict[int, Known]]]:
    """All servers with everything in place, for the length of the block."""
    agent, person = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    with ExitStack() as running:
        far_side = _server(running, folder, "tests.chaos.far_side", "{port}", str(plan.seed), probe="/_trouble")
        bucket = ("--s3-endpoint", far_side, "--region", ministack.REGION)
        twin = ("--port", "{port}", "--seed", str(plan.seed), "--task-page-size", PAGE, *bucket)
        encord = _server(running, folder, "sandbox.encord_twin", *twin, probe="/_twin/ready")
        cloud = running.enter_context(ministack.started(log=folder / "ministack.log"))
        stack = local_stack.deploy(cloud, encord, _private(agent), far_side)
        place = Place(
            plan=plan,
            folder=folder,
            environment=stack.environment,
            encord=encord,
            far_side=far_side,
            queue=stack.queue,
            dead_letters=stack.environment["TASKS_DEAD_LETTERS_URL"],
            person=_private(person),
            projects=PROJECTS,
        )
        _set_up_queue(place)
        client(place, "s3").put_object(
            Bucket=local_stack.RECORDS, Key="pipeline.yaml", Body=pipeline(far_side, plan.in_flight).encode()
        )
        keys = {_public(agent): AGENT, _public(person): PERSON}
        ask(f"{encord}/_twin/world", world(items, keys).model_dump(mode="json", exclude_unset=True))
        tasks = _tasks(place)
        yield place, {item.number: Known(item, *tasks[item.title]) for item in items}


def _set_up_queue(place: Place) -> None:
    """As the template has it, but for the visibility timeout."""
    sqs = client(place, "sqs")
    declared = template.of_type(template.load(), "AWS::SQS::Queue")["TasksQueue"]
    told = sqs.get_queue_attributes(QueueUrl=place.dead_letters, AttributeNames=["QueueArn"])["Attributes"]
    redrive = {
        "deadLetterTargetArn": told["QueueArn"],
        "maxReceiveCount": declared["RedrivePolicy"]["maxReceiveCount"],
    }
    attributes = {"VisibilityTimeout": str(place.plan.visibility), "RedrivePolicy": json.dumps(redrive)}
    sqs.set_queue_attributes(QueueUrl=place.queue, Attributes=attributes)


def _tasks(place: Place) -> dict[str, tuple[UUID, UUID]]:
    stages = set(AGENT_STAGE.values())
    return {
        task["title"]: (UUID(task["uuid"]), UUID(task["data_hash"]))
        for project in ask(f"{place.encord}/_twin/state")["projects"]
        for stage, tasks in project["stages"].items()
        if stage in stages
        for task in tasks
    }


def _server(running: ExitStack, folder: Path, module: str, *arguments: str, probe: str) -> str:
    port = ministack.free_port()
    words = [word.format(port=port) for word in arguments]
    kept = ("PATH", "PYTHONPATH", "PYTHONPYCACHEPREFIX", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ} | {"HOME": tempfile.gettempdir()}
    log = folder / f"{module.rpartition('.')[2]}.log"
    server = Guarded([sys.executable, "-m", module, *words], env=environment, log=log)
    running.enter_context(server)
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    while not _answers(f"{url}{probe}"):
        if server.ended() or time.monotonic() > deadline:
            raise RuntimeError(f"{module} did not start:\n{server.last_words()}")
        time.sleep(0.05)
    return url


def _answers(url: str) -> bool:
    try:
        ask(url)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return True


def _private(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
