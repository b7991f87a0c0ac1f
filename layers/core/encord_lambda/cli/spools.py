"""Lists of lines that are too long to be held, in temporary files."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import BinaryIO, Self


class Spools:
    """Lines by the name of their list, until the block ends."""

    def __init__(self) -> None:
        self._spools: dict[str, BinaryIO] = {}
        self._files = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def add(self, name: str, lines: Iterable[str]) -> None:
        """Put lines, which have no ends in them, behind those of the same list."""
        if name not in self._spools:
            self._spools[name] = self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the rest
        self._spools[name].writelines(f"{line}\n".encode() for line in lines)

    @property
    def names(self) -> list[str]:
        """Of all lists, in the order in which they began."""
        return list(self._spools)

    def lines(self, name: str) -> Iterator[bytes]:
        """A list's lines without their ends."""
        self._spools[name].seek(0)
        return (line.removesuffix(b"\n") for line in self._spools[name])
