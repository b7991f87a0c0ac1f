"""A JSON object of long lists, written while their entries come, so that memory does not grow with it."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import BinaryIO, Self

from pydantic import JsonValue


class JsonLists:
    """Lists by their keys, each in a temporary file until the block ends."""

    def __init__(self) -> None:
        self._spools: dict[str, BinaryIO] = {}
        self._files = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def extend(self, key: str, entries: Sequence[JsonValue]) -> None:
        """Put entries behind those of the same list."""
        for entry in entries:
            if key in self._spools:
                self._spools[key].write(b",\n")
            else:
                self._spools[key] = self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the rest
            self._spools[key].write(json.dumps(entry, ensure_ascii=False).encode())

    def write_with(self, stream: BinaryIO, rest: Mapping[str, JsonValue]) -> None:
        """Write the object: its lists with an entry a line, and `rest`, of which there must be something."""
        before = b"{"
        for key, spool in self._spools.items():
            stream.write(before + json.dumps(key).encode() + b": [\n")
            spool.seek(0)
            shutil.copyfileobj(spool, stream)
            before = b"\n],\n"
        for key, value in rest.items():
            stream.write(before + json.dumps(key).encode() + b": " + json.dumps(value).encode())
            before = b",\n"
        stream.write(b"}\n")
