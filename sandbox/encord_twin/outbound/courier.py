"""The one way out of the twin: HTTP to this machine, on the twin's own event loop."""

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from .loopback import loopback


@functools.cache
def _trust() -> ssl.SSLContext:
    """Made once: reading all certificates takes as long as the rest of a twin's start."""
    return httpx.create_ssl_context(trust_env=False)


class Undelivered(Exception):  # noqa: N818 - an outcome to note, not a fault of ours
    """No answer came; `str()` of it says why. `late` tells a receiver that was too slow from one that is not there."""

    def __init__(self, reason: str, *, late: bool = False) -> None:
        super().__init__(reason)
        self.late = late


class Courier:
    """Sends requests while it is on duty; `patience` (seconds) is how long an answer may take."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._http: httpx.AsyncClient
        self._loop: asyncio.AbstractEventLoop

    @asynccontextmanager
    async def on_duty(self) -> AsyncIterator[None]:
        """Serve the running event loop."""
        self._loop = asyncio.get_running_loop()
        open_ = httpx.AsyncClient(trust_env=False, timeout=None, verify=_trust())  # noqa: S113 - `patience` covers all
        async with open_ as self._http:
            yield

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> httpx.Response:
        """The answer, whatever its status; redirects are not followed.

        Raises:
            Undelivered: Nobody answered, or not in time.
        """
        try:
            async with asyncio.timeout(self._patience):
                return await self._http.request(method, loopback(url), headers=dict(headers), content=body)
        except TimeoutError as error:
            raise Undelivered(f"no answer within {self._patience:g} s", late=True) from error
        except httpx.HTTPError as error:
            raise Undelivered(str(error) or type(error).__name__) from error

    def wait_for[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Do it on the twin's loop; for callers in other threads."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
