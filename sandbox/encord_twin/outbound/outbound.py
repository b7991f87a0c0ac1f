"""All the twin does on its own account."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from ..platform.store import Store
from ..protocol.faults import Faults
from .courier import Courier
from .editor_calls import BrowserCall, EditorAnswer, WorkflowCall, from_browser
from .notifications import Notifier
from .workflow_calls import from_workflow


class Outbound:
    """Notifications and calls of custom agents, while the twin runs."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store = store
        self.courier = Courier(store.settings.answer_patience)
        self.notifier = Notifier(store, faults, self.courier)

    @asynccontextmanager
    async def running(self, _app: object) -> AsyncIterator[None]:
        """Watch the queues for the life of the application."""
        async with self.courier.on_duty():
            watch = asyncio.create_task(self.notifier.watch())
            yield
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def call(self, call: BrowserCall | WorkflowCall) -> EditorAnswer:
        """Call a custom agent."""
        if isinstance(call, WorkflowCall):
            return await from_workflow(self._store, self.courier, call)
        return await from_browser(self.courier, call)
