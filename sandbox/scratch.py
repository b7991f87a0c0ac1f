"""A directory for as long as a block runs, which nobody has to tidy up even if we are killed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "scratch-"


@contextmanager
def directory(within: Path) -> Iterator[Path]:
    """Make one for the length of the block; those that killed processes left behind are removed first.

    Whose process lives is told by a lock, which the kernel takes away from the dead.
    """
    with _locked(within):  # so that nobody finds ours before it is locked
        _tidy(within)
        ours = Path(tempfile.mkdtemp(prefix=PREFIX, dir=within))
        held = _open(ours, fcntl.LOCK_NB)
    try:
        yield ours
    finally:
        shutil.rmtree(ours, ignore_errors=True)
        os.close(held)


def _tidy(within: Path) -> None:
    for left in within.glob(f"{PREFIX}*"):
        with suppress(BlockingIOError), _locked(left, fcntl.LOCK_NB):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(directory: Path, wait: int = 0) -> Iterator[None]:
    held = _open(directory, wait)
    try:
        yield
    finally:
        os.close(held)


def _open(directory: Path, wait: int) -> int:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | wait)
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor
