"""Files that a person names."""

from pathlib import Path

from encord_lambda.errors import Misconfigured


def content(file: str) -> bytes:
    """What is in a file.

    Raises:
        Misconfigured: It cannot be read.
    """
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        raise unreadable(file, error) from None


def unreadable(file: str, error: OSError | ValueError) -> Misconfigured:
    """Why a file cannot be read."""
    return Misconfigured(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}")


def text(file: str) -> str:
    """A file's text.

    Raises:
        Misconfigured: It cannot be read, or is not UTF-8; says at which line.
    """
    found = content(file)
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise Misconfigured(f"{file}:{line}: not UTF-8 text: byte 0x{found[error.start]:02x}") from None
