"""Serve an ASGI application on loopback, from a thread of its own, for the length of a block."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import uvicorn

PATIENCE: Final = 10.0  # seconds until a server that does not start or stop is an error
LOOK: Final = 0.005


@contextmanager
def served(config: uvicorn.Config, listener: socket.socket, name: str) -> Iterator[None]:
    """Serve in a thread called `name` until the block ends.

    It ends at once; only requests under way are waited for, as long as `config.timeout_graceful_shutdown` says.

    Raises:
        RuntimeError: It did not start; the log says why.
    """
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name=name, daemon=True)
    thread.start()
    if not (server.settled.wait(PATIENCE) and server.started):
        raise RuntimeError(f"{name} did not start; the log above says why")
    try:
        yield
    finally:
        server.end()
        thread.join(PATIENCE)


class _Server(uvicorn.Server):
    """Uvicorn's server looks ten times a second whether it shall end, and then pauses; this one is told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()
        self._told = asyncio.Event()

    def end(self) -> None:
        """From any thread, once it has started."""
        with suppress(RuntimeError):  # it has ended by itself, and its loop is closed
            self._loop.call_soon_threadsafe(self._told.set)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """In the thread; uvicorn would end the whole process where an application does not start."""
        with suppress(SystemExit):
            super().run(sockets)

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Until told to end."""
        self._loop = asyncio.get_running_loop()
        try:
            await super().serve(sockets)
        finally:
            self.settled.set()

    async def main_loop(self) -> None:
        """Keep the date of the answers up to the second."""
        self.settled.set()
        while not self._told.is_set():
            await self.on_tick(0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), timeout=1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, and let what is under way come to its end."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:
                    await asyncio.sleep(LOOK)
        await self.lifespan.shutdown()
