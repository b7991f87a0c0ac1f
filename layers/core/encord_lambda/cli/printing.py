"""How commands write to the terminal."""

import sys


def tell(line: str) -> None:
    """Print a line; what a terminal would not print is a question mark, for reasons may quote anything."""
    sys.stdout.write(f"{printable(line)}\n")


def warn(line: str) -> None:
    """As `tell`, on standard error: for what is wrong with a file."""
    sys.stderr.write(f"{printable(line)}\n")


def progress(line: str) -> None:
    """Say on standard error how far the work is, or why there is none."""
    sys.stderr.write(f"{line}\n")


def printable(line: str) -> str:
    """The line with a question mark for each character that a terminal would not print."""
    return "".join(one if one.isprintable() else "?" for one in line)


def counted(number: int, one: str, several: str = "") -> str:
    """A number and what it is of.

    >>> counted(1, "entry", "entries"), counted(1200, "video")
    ('1 entry', '1,200 videos')
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
