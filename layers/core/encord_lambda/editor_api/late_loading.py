"""Parts of the app that are loaded for the first request that needs them."""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class LateLoaded:
    """An app that is made at its first request."""

    def __init__(self, load: Callable[[], ASGIApp]) -> None:
        self._load = load
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if self._app is None:
            self._app = self._load()
        await self._app(scope, receive, send)
