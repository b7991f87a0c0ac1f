"""One side of `benchmarks.manifests`, in a process of its own; prints one line of JSON.

    python -m benchmarks.manifest_run floor | ours FILE FOLDER

Ours writes the manifests into the folder. The floor reads the file with the standard library and writes what it finds
in the folder over itself; fetching those bytes is not in its time, nor are imports in anybody's.
"""

import csv
import json
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from encord_lambda.config_registration import Jobs
from encord_lambda.registration.manifests import csv_manifest, json_manifest
from encord_lambda.registration.manifests.checked import checked
from encord_lambda.registration.manifests.entries import Entry, Reading, Run, parts
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.splitting import fitting, split

CHUNK = 1 << 18
"""Bytes that are read from a file at once."""
type Side = Iterator[None]
"""First makes ready, then does it."""


def main() -> None:
    """Do it once, and tell how long it took and the most memory it held."""
    side = {"ours": ours, "floor": floor}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    next(side)
    before = _peak()
    started, used = time.perf_counter(), time.process_time()
    next(side, None)
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    sys.stdout.write(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "mb": round(_peak() - before, 1)}) + "\n")


def ours(file: Path, folder: Path) -> Side:
    """Read, check, split, write."""
    yield
    read = csv_manifest.read if file.suffix == ".csv" else json_manifest.read
    with file.open("rb") as content:
        reading = fitting(checked(read(iter(partial(content.read, CHUNK), b""))), Jobs())
        _write(folder, (manifest.json_bytes() for manifest in split(_good(reading), Jobs())))


def floor(file: Path, folder: Path) -> Side:
    """Read, write."""
    texts = [path.read_bytes() for path in sorted(folder.iterdir())]
    yield
    if file.suffix == ".csv":
        with file.open(newline="", encoding="utf-8") as rows:
            for _ in csv.reader(rows):
                pass
    else:
        with file.open("rb") as content:
            json.load(content)
    _write(folder, texts)


def _good(reading: Reading) -> Iterator[Item]:
    for part in parts(reading):
        if isinstance(part, Run):
            yield from part.items
        elif isinstance(part, Entry):
            yield part.item
        else:
            raise TypeError(part.told("a file without faults"))


def _write(folder: Path, texts: Iterable[bytes]) -> None:
    for number, text in enumerate(texts):
        (folder / f"{number:04d}.json").write_bytes(text)


def _peak() -> float:
    """The most memory this process ever held, in MB."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
