"""The secrets Encord signs with, as far as we know them: fetched late, kept, and fetched again when they changed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from encord_lambda.dispatch.notification import Signature, WrongSignature

RENEWED_AFTER: Final = timedelta(minutes=1)
"""How old our secrets must be before a signature that does not fit makes us fetch them again."""
KEPT_FOR: Final = timedelta(minutes=5)
"""How old our secrets may get in any case: one that was taken away, for it leaked, is good no longer."""


class KnownSecrets:
    """Secrets that are kept together, one a line; any of them may have been signed with."""

    def __init__(self, fetch: Callable[[], str]) -> None:
        self._fetch = fetch
        self._lines: list[str] = []
        self._fetched: datetime | None = None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Return if Encord signed these bytes just now. What is not signed at all has no secret fetched.

        Raises:
            Unverified: Nobody has shown that it did; `reason` is not for the sender.
            Misconfigured: There is no secret.
            Retry: It could not be fetched.
        """
        signature = Signature.of(headers, now.timestamp())
        try:
            signature.check(body, self._current(now))
        except WrongSignature:
            # Not at every try, lest forgers have us fetch each time.
            if self._fetched is not None and now - self._fetched < RENEWED_AFTER:
                raise
            signature.check(body, self._fetched_anew(now))

    def _current(self, now: datetime) -> list[str]:
        is_good = self._lines and self._fetched is not None and now - self._fetched < KEPT_FOR
        return self._lines if is_good else self._fetched_anew(now)

    def _fetched_anew(self, now: datetime) -> list[str]:
        self._fetched = now
        self._lines = self._fetch().split()
        return self._lines
