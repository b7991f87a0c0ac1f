"""A file of which only some ranges are fetched, within a budget of requests and bytes."""

import io
import os
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple, cast

from encord_lambda.errors import Reject, Trouble

type Fetch = Callable[[int, int], bytes]
"""One ranged request: the bytes from a start to an end, which is excluded."""


class Budget(NamedTuple):
    """What may be asked for, the caller's own request for the first bytes included."""

    requests: int
    total: int
    """In bytes."""

    @property
    def words(self) -> str:
        """Its bytes as a person says it."""
        return f"{self.total // 1024 // 1024} MB" if self.total >= 1024 * 1024 else f"{self.total // 1024} KB"


SMALL: Final = Budget(2, 256 * 1024)
LARGE: Final = Budget(4, 2 * 1024 * 1024)


class _Seekable(io.RawIOBase):
    """Place and length of a file that is only read."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if at < 0:
            raise ValueError(f"there is nothing {-at} bytes before the file")
        self._at = at
        return at

    def _end(self, count: int | None) -> int:
        return self.size if count is None or count < 0 else min(self._at + count, self.size)


class RangedFile(_Seekable):
    """A file that is fetched as it is read, or ahead of that with `load`. Reading beyond the budget is refused."""

    def __init__(self, size: int, fetch: Fetch, first: bytes, budget: Budget, ahead: int | None = None) -> None:
        """`ahead`: how many bytes a read of something unknown fetches at least; all that the budget leaves if None."""
        super().__init__(size)
        self._fetch, self._ahead, self.budget = fetch, ahead, budget
        self._parts = [(0, first[:size])]
        """Where each begins and its bytes: in order, not empty but for the first, with gaps between them."""
        self._requests, self._bytes = 1, len(first)
        self.refusal: Trouble | None = None
        """Why something could not be had: a library may have taken it for its own trouble."""

    @property
    def left(self) -> int:
        """How many bytes may still be fetched; 0 when no request is left."""
        return max(self.budget.total - self._bytes, 0) if self._requests < self.budget.requests else 0

    def read(self, count: int | None = -1, /) -> bytes:
        """Exactly so many bytes, fewer only at the end of the file.

        Raises:
            Reject: They are unknown, and beyond the budget.
        """
        end = self._end(count)
        if end <= self._at:
            return b""
        while (gap := self._gap(self._at, end)) is not None:
            self._demand(gap, end)
        start, part = self._part(self._at)
        found = part[self._at - start : end - start]
        self._at = end
        return found

    def at(self, start: int, count: int) -> bytes:
        """As `read`, from `start` on."""
        self._at = start
        return self.read(count)

    def load(self, start: int, end: int) -> None:
        """Fetch what of a range is unknown, up to its last byte or as far as the budget goes, with one request."""
        end = min(end, self.size)
        if (gap := self._gap(start, end)) is not None and self.left:
            self._request(gap, min(end, gap + self.left))

    def known(self, start: int) -> bytes:
        """All that is known from `start` on without a gap."""
        begin, part = self._part(start)
        return part[start - begin :]

    def whole(self) -> bytes:
        """All of the file.

        Raises:
            Reject: It is larger than the budget.
        """
        self.load(0, self.size)
        return self.at(0, self.size)

    def binary(self) -> BinaryIO:
        """Itself, by the name libraries have for it."""
        return cast("BinaryIO", self)

    def fetched(self) -> BinaryIO:
        """What is known of it, as a file of the same length that seems to end wherever something is unknown."""
        return cast("BinaryIO", _Fetched(self))

    def parsed(self, what: str, *errors: type[Exception]) -> "_Parsed":
        """Run a block in which a library reads the file, and tell its `errors` apart from our own refusals.

        A library may take a refusal for its own trouble, and may even go on after it: it counts all the same.

        Raises:
            Reject: The budget was used up, or the library could not read the file; `what` says what it was to be.
        """
        return _Parsed(self, what, errors)

    def _gap(self, start: int, end: int) -> int | None:
        """The first byte of a range that is unknown."""
        while start < end:
            begin, part = self._part(start)
            if begin + len(part) <= start:
                return start
            start = begin + len(part)
        return None

    def _part(self, at: int) -> tuple[int, bytes]:
        """The last part that begins at or before a place."""
        return self._parts[bisect_right(self._parts, at, key=lambda part: part[0]) - 1]

    def _demand(self, gap: int, end: int) -> None:
        if self.left < end - gap:
            self.refusal = Reject(
                f"what it says of itself is spread over more than {self.budget.words} or {self.budget.requests} "
                "requests: let Encord read it"
            )
            raise self.refusal
        ahead = self.left if self._ahead is None else min(self._ahead, self.left)
        self._request(gap, min(max(end, gap + ahead), self.size))

    def _request(self, start: int, end: int) -> None:
        end = min(end, next((begin for begin, _ in self._parts if begin > start), end))
        try:
            body = self._fetch(start, end)
        except Trouble as trouble:
            self.refusal = trouble
            raise
        if len(body) != end - start:
            self.refusal = Reject(f"bytes {start} to {end} were asked for, and {len(body)} came: upload it again")
            raise self.refusal
        self._requests, self._bytes = self._requests + 1, self._bytes + len(body)
        self._parts = _joined([*self._parts, (start, body)])


@dataclass(frozen=True, slots=True)
class _Parsed:
    file: RangedFile
    what: str
    errors: tuple[type[Exception], ...]

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self.file.refusal and not isinstance(error, Trouble):
            raise self.file.refusal from None
        if isinstance(error, self.errors):
            raise Reject(f"it is no readable {self.what}: {error or type(error).__name__}") from None


class _Fetched(_Seekable):
    def __init__(self, file: RangedFile) -> None:
        super().__init__(file.size)
        self._file = file

    def read(self, count: int | None = -1, /) -> bytes:
        found = self._file.known(self._at)[: self._end(count) - self._at]
        self._at += len(found)
        return found


def _joined(parts: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """The same parts in order, those that touch as one."""
    joined: list[tuple[int, bytes]] = []
    for start, part in sorted(parts):
        if joined and joined[-1][0] + len(joined[-1][1]) == start:
            joined[-1] = (joined[-1][0], joined[-1][1] + part)
        else:
            joined.append((start, part))
    return joined
