"""Start the three servers and the deployed stack, as much of it at once as can be."""

import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from encord import EncordUserClient

from sandbox import aws, iam_shim
from sandbox.annotators import Annotator
from sandbox.aws import Cloud
from sandbox.encord_twin.world import WorldIds
from sandbox.guard import Guarded
from sandbox.ministack import REGION, ROOT, StartError, free_port
from sandbox.scenario import gold, library
from sandbox.scenario.agents import Archive, archive, extended, pipeline
from sandbox.scenario.archive import put_all
from sandbox.scenario.encord import Encord
from sandbox.scenario.library import Piece
from sandbox.scenario.notifications import subscribe
from sandbox.scenario.uploads import Upload, uploads
from sandbox.scenario.world import world
from sandbox.stack import Stack

if TYPE_CHECKING:
    from sandbox.scenario.watching import Progress  # it watches what starts here

PATIENCE = 30.0  # seconds until a server must be ready; they take one
# Encord looks at its queues every five minutes, and the schedule is what it may be where Encord tells of them.
NOTIFY_EVERY, SWEEP_SCHEDULE = "5", "rate(1 hour)"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Everything up and deployed: an empty Encord, a model, and the stack between them."""

    cloud: Cloud
    stack: Stack
    encord: Encord
    model_url: str
    uploads: Sequence[Upload]  # drawn while the stack was deployed, and not put anywhere yet
    library: Sequence[Piece]  # likewise
    archive: Archive  # in Encord already
    annotators: Sequence[Annotator]  # who have labelled the benchmark's pictures
    annotated: Future[None]  # done once they have
    key: str  # of somebody in Encord


@contextmanager
def started(progress: "Progress", *, auth: bool = True) -> Iterator[Sandbox]:
    """Run it all for the length of the block; `auth` holds every function to its own role, as AWS does.

    Raises:
        StartError: A server did not come up.
        DeployError: `sam deploy` failed, or nothing is built.
    """
    progress.say("starting AWS, Encord and a model on this machine")
    with ExitStack() as running:
        model_url, model = _serve(running, "model_server")
        cloud = running.enter_context(aws.started(auth=auth))
        options = ("--s3-endpoint", cloud.endpoint, "--region", REGION, "--notify-every", NOTIFY_EVERY)
        encord_url, twin = _serve(running, "encord_twin", *options)
        encord, key = Encord(encord_url), Ed25519PrivateKey.generate()
        private, signing_secret = _pem(key), secrets.token_hex()

        def prepare() -> tuple[list[Upload], list[Piece], Archive, WorldIds, Future[None]]:
            _wait_until_ready(f"{encord_url}/_twin/ready", twin)
            kept, pictures = archive(), gold.pictures()
            put_all(cloud.session.client("s3"), [*kept.everything, *pictures])
            start = world(key.public_key().public_bytes_raw().hex())
            ids = encord.seed(gold.extended(library.extended(extended(start, kept)), pictures))
            gold.hand_on(EncordUserClient.create_with_ssh_private_key(private, domain=encord_url))
            annotated = aside(lambda: gold.play(private, encord_url, pictures))
            progress.watch(encord.board)
            _wait_until_ready(f"{model_url}/ready", model)
            return uploads(), library.pieces(), kept, ids, annotated

        drawn = aside(prepare)
        progress.say("deploying template.yaml with sam deploy")
        stack = cloud.deploy(_parameters(cloud, encord_url, model_url, private, signing_secret))
        iam_shim.complete(cloud.session, aws.STACK)
        drawings, pieces, kept, ids, annotated = drawn.result()
        body = pipeline(model_url).encode()
        cloud.session.client("s3").put_object(Bucket=stack.records_bucket, Key="pipeline.yaml", Body=body)
        subscribe(encord, ids, stack.task_ready_url, signing_secret)
        yield Sandbox(cloud, stack, encord, model_url, drawings, pieces, kept, gold.ANNOTATORS, annotated, private)


def aside[T](work: Callable[[], T]) -> Future[T]:
    """Do it in a thread that, unlike an executor's, nobody waits for when Ctrl-C comes."""
    promised: Future[T] = Future()

    def fulfil() -> None:
        try:
            promised.set_result(work())
        except Exception as error:  # noqa: BLE001 - whoever asks for the result gets it
            promised.set_exception(error)

    threading.Thread(target=fulfil, daemon=True).start()
    return promised


def _serve(running: ExitStack, module: str, *options: str) -> tuple[str, Guarded]:
    """Start one of ours and do not wait for it."""
    port = free_port()
    log = ROOT / ".sandbox" / f"{module}.log"
    log.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", f"sandbox.{module}", "--port", str(port), *options]
    server = running.enter_context(Guarded(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, log=log))
    return f"http://127.0.0.1:{port}", server


def _wait_until_ready(url: str, server: Guarded) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(url):
        if server.ended() or time.monotonic() > deadline:
            raise StartError(f"nothing answers at {url}; {server.log} ends:\n{server.last_words()}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=2).is_success
    except httpx.TransportError:
        return False


def _pem(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    ).decode()


def _parameters(cloud: Cloud, encord_url: str, model_url: str, key: str, signing_secret: str) -> dict[str, str]:
    return {
        "EncordDomain": encord_url,
        "EncordKeySecretArn": cloud.secret("encord-key", key),
        "OpenAiKeySecretArn": cloud.secret("openai-key", "the-sandbox-takes-any"),
        "OpenAiBaseUrl": f"{model_url}/v1",
        "EncordWebhookSecretArn": cloud.secret("encord-webhook", signing_secret),
        "EditorOrigin": encord_url,  # the twin stands in for Encord, and its pages for the Label Editor
        "AllowPrivateMedia": "true",  # the twin's signed URLs lead to this machine
        "SweepSchedule": SWEEP_SCHEDULE,
    }
