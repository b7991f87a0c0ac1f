"""Run the twin on loopback, in a thread of its own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.serving import served

from .app import create_app
from .building import build
from .outbound.editor_calls import BrowserCall, EditorAnswer, WorkflowCall
from .outbound.notifications import Delivery
from .outbound.outbound import Outbound
from .platform.objects import ObjectSource
from .platform.settings import Settings
from .platform.store import Store
from .protocol.connections import Protocol
from .protocol.exchange import Desk
from .protocol.faults import Faults
from .protocol.request_log import RequestLog
from .world import World, WorldIds

HOST = "127.0.0.1"
AGENT = "agent@twin.local"
LONGEST_REQUEST_LINE = 64 * 1024  # the platform takes task filters of some 100 hashes in the query


@dataclass(frozen=True)
class Twin:
    """A running twin. `key` is an OpenSSH private key registered to `agent@twin.local`."""

    url: str
    ids: WorldIds
    store: Store
    log: RequestLog
    faults: Faults
    outbound: Outbound
    key: str = field(repr=False)

    def check_notifications(self) -> list[Delivery]:
        """Look at the queues now; return when all receivers have answered or failed to."""
        return self.outbound.courier.wait_for(self.outbound.notifier.check())

    def call_editor_agent(self, call: BrowserCall | WorkflowCall) -> EditorAnswer:
        """Call a custom agent as the Label Editor or a workflow does.

        Raises:
            Refused: A workflow has no such task at an agent stage.
        """
        return self.outbound.courier.wait_for(self.outbound.call(call))


@contextmanager
def serve(
    world: World | None = None,
    *,
    objects: ObjectSource | None = None,
    port: int = 0,
    settings: Settings | None = None,
) -> Iterator[Twin]:
    """Serve a world until the block ends; port 0 takes a free one. Running upload jobs die with it."""
    store = Store(settings, objects)
    key = Ed25519PrivateKey.generate()
    store.users[key.public_key().public_bytes_raw().hex()] = AGENT
    desk = Desk(store, RequestLog(), Faults(store.settings.seed))
    outbound = Outbound(store, desk.faults)
    ids = build(store, world or World())
    with _listener(port) as listener:
        store.base_url = f"http://{HOST}:{listener.getsockname()[1]}"
        with _running(desk, outbound, listener):
            yield Twin(store.base_url, ids, store, desk.log, desk.faults, outbound, _openssh(key))


def _listener(port: int) -> socket.socket:
    # Without the protocol's number asyncio leaves Nagle on: 40 ms per answer on a kept-alive connection.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(1024)
    return listener


@contextmanager
def _running(desk: Desk, outbound: Outbound, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(
        create_app(desk, outbound),
        http=Protocol,
        log_level="warning",
        access_log=False,
        lifespan="on",
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=LONGEST_REQUEST_LINE,
    )
    with served(config, listener, "encord-twin"):
        yield


def _openssh(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    ).decode()
