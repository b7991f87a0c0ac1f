"""What a bench prints, line by line, as soon as it knows it."""

import sys


def say(line: str) -> None:
    """A line on standard output, at once even where that is a file."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
