"""How commands write to the terminal."""

import sys


def tell(line: str) -> None:
    """Print a line; what a terminal would not print is a question mark, for reasons may quote anything."""
    sys.stdout.write("".join(one if one.isprintable() else "?" for one in line) + "\n")


def progress(line: str) -> None:
    """Say on standard error how far the work is, or why there is none."""
    sys.stderr.write(f"{line}\n")
