"""Connections that outlive a request; the SDK alone makes a session for each, with a TCP and a TLS handshake.

Its sessions stay its own: new for every request, so that no cookie is carried on, with the retry policy, proxies,
certificates and errors it gives them. Only the pool of connections under its adapters is lent.
"""

import os
import time
from typing import Any, Final

from encord.http import querier
from requests.adapters import HTTPAdapter

SECONDS: Final = 20.0
"""How long a connection is used at most, and so how long it can have been idle: servers and what is before them close
those that are idle for some minutes or one, and say nothing to a Lambda that is frozen meanwhile."""

_ADAPTER: Final = "HTTPAdapter"
"""The name by which the SDK's only maker of sessions finds its adapters. It offers no other way in. Should an update
know the name no more, nobody would ask for ours, and every request have its own connection again."""


def keep_connections() -> None:
    """Have the SDK's requests in this process share connections; a second call changes nothing.

    Up to ten idle ones are kept for each host. What goes wrong on one ends it, and nothing is sent again on another
    but by the retry policy: a request whose answer is lost fails as it did.
    """
    setattr(querier, _ADAPTER, LentConnections)


class LentConnections(HTTPAdapter):
    """A session's adapter over connections that it neither makes nor closes.

    Threads may use several at once: a connection serves one request at a time.
    """

    def init_poolmanager(self, *_sizes: Any, **_options: Any) -> None:
        """Take the pools that are kept; sizes and options are theirs."""
        kept = _keeper.adapter()
        self.poolmanager, self.proxy_manager = kept.poolmanager, kept.proxy_manager

    def close(self) -> None:
        """Leave the connections to the next session."""


class _Keeper:
    """Has the pools; without a lock, as threads that renew them at once cost no more than a connection each."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Have new pools. Connections of the old ones end with the requests that use them, idle ones now."""
        # By the wall clock, as others may stand still while a Lambda is frozen.
        self._kept = time.time(), HTTPAdapter()

    def adapter(self) -> HTTPAdapter:
        """An adapter whose pools may be used now."""
        since, adapter = self._kept
        if 0 <= time.time() - since < SECONDS:
            return adapter
        self.renew()
        return self._kept[1]


_keeper: Final = _Keeper()
os.register_at_fork(after_in_child=_keeper.renew)  # two processes on one connection would read each other's answers
