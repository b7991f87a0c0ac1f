"""Files that are written as a whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from encord_lambda.errors import Misconfigured


@contextmanager
def written(file: str) -> Iterator[BinaryIO]:
    """A stream whose content takes the file's place when the block ends; if it raises, the file is as it was.

    Raises:
        Misconfigured: The file cannot be written, or is none: a folder, a device.
    """
    target = _target(file)
    part = target.with_name(f".{target.name[:200]}.{uuid4().hex}.part")
    try:
        with part.open("xb") as stream:
            yield stream
        part.replace(target)
    except OSError as error:
        raise Misconfigured(f"{file}: cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def _target(file: str) -> Path:
    try:
        target = Path(file).resolve()
        other = target.exists() and not target.is_file()
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        raise Misconfigured(f"{file}: cannot be written: {error}") from None
    if other:
        raise Misconfigured(f"{file}: cannot be written: it is there already, and is no file")
    return target


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it.

    Raises:
        Misconfigured: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"{folder}: cannot be made: {error.strerror or error}") from None
