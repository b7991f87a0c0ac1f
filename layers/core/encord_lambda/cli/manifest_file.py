"""An import manifest that a person names: opened, read by its kind, and what reading it came to."""

import argparse
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from encord_lambda.cli import manifest_kinds
from encord_lambda.cli.bar import Bar, bar
from encord_lambda.cli.files import unreadable
from encord_lambda.cli.printing import tell, warn
from encord_lambda.errors import Misconfigured
from encord_lambda.registration.manifests.entries import Fault, Flags, Reading
from encord_lambda.registration.manifests.items import Item

CHUNK: Final = 1 << 18
MOST: Final = 100
"""Faults that are told one by one, and as many warnings (import-formats §9)."""


@dataclass(slots=True)
class Findings:
    """What reading a file came to; of faults and warnings only the first `MOST` are kept."""

    file: str
    kinds: Counter[str] = field(default_factory=Counter)
    urls: int = 0
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    more_warnings: int = 0

    def items(self, reading: Reading) -> Iterator[Item]:
        """The good items as they are read; everything is noted on the way."""
        for one in reading:
            if isinstance(one, Fault):
                self.note(one)
                continue
            self.kinds[manifest_kinds.kind(one.item)] += 1
            self.urls += len(one.item.urls)
            yield one.item

    def tell(self, warning: Callable[[str], None] = tell) -> None:
        """Print the faults on standard error, one a line, after the warnings, which `warning` prints."""
        for some, more, what, say in (
            (self.warnings, self.more_warnings, "warnings", warning),
            (self.faults, self.more_faults, "faults", warn),
        ):
            for one in some:
                say(one.told(self.file))
            if more:
                say(f"{self.file}: and {more:,} more {what}")

    def record(self) -> dict[str, object]:
        """All of it for machines, to be written as JSON."""
        return {
            "file": self.file,
            "ok": not self.faults,
            "items": dict(self.kinds),
            "urls": self.urls,
            "faults": [_record(fault) for fault in self.faults],
            "more_faults": self.more_faults,
            "warnings": [_record(fault) for fault in self.warnings],
            "more_warnings": self.more_warnings,
        }

    def note(self, fault: Fault) -> None:
        """Keep a fault or a warning, or count it if there are too many."""
        if fault.is_warning:
            self.more_warnings += len(self.warnings) >= MOST
            self.warnings += [fault] * (len(self.warnings) < MOST)
        else:
            self.more_faults += len(self.faults) >= MOST
            self.faults += [fault] * (len(self.faults) < MOST)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The file, and how strictly it is read."""
    parser.add_argument("file", metavar="FILE", help="an import manifest: .json or .csv")
    parser.add_argument(
        "--lenient", action="store_true", help="repair what the examples of Encord's own guide get wrong, and say so"
    )


@contextmanager
def opened(file: str, *, lenient: bool, buckets: Collection[str] | None) -> Iterator[Reading]:
    """A file's entries and faults, as they are read; on a terminal, a bar shows how far that is.

    `buckets` are the only ones that URLs may name; None allows all.

    Raises:
        Misconfigured: The file cannot be read, or its name says neither JSON nor CSV.
    """
    from encord_lambda.registration.manifests import (  # these take a tenth of a second to import
        csv_manifest,
        json_manifest,
    )
    from encord_lambda.registration.manifests.checked import checked

    suffix = Path(file).suffix.lower()
    if file.startswith("s3://"):
        raise Misconfigured(f"{file}: cannot be read from S3: copy it here first, with `aws s3 cp {file} .`")
    if suffix not in (".json", ".csv"):
        raise Misconfigured(f"{file}: its name ends in neither .json nor .csv, which says how it is to be read")
    read = json_manifest.read if suffix == ".json" else csv_manifest.read
    with _stream(file) as stream, bar(f"reading {Path(file).name}", Path(file).stat().st_size) as shown:
        yield checked(read(_chunks(file, stream, shown), lenient=lenient), allowed=buckets)


def flags(file: str) -> Flags:
    """What a file asks for besides its items. CSV cannot say, and gets what our own jobs have: known URLs are skipped.

    Raises:
        Misconfigured: The file cannot be read.
    """
    from encord_lambda.registration.manifests import json_manifest

    if Path(file).suffix.lower() == ".csv":
        return Flags(skip_duplicate_urls=True)
    with _stream(file) as stream:
        return json_manifest.flags(iter(lambda: _chunk(file, stream), b""))


def _stream(file: str) -> BinaryIO:
    try:
        return Path(file).open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        raise unreadable(file, error) from None


def _chunks(file: str, stream: BinaryIO, shown: Bar) -> Iterator[bytes]:
    done = 0
    while chunk := _chunk(file, stream):
        yield chunk
        done += len(chunk)
        shown.at(done, f"{done / 1e6:,.1f} MB")


def _chunk(file: str, stream: BinaryIO) -> bytes:
    try:
        return stream.read(CHUNK)
    except OSError as error:
        raise unreadable(file, error) from None


def _record(fault: Fault) -> dict[str, str | int]:
    return {"code": fault.code, **fault.place._asdict(), "said": fault.said, "hint": fault.hint}
