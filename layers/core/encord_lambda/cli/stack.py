"""The option that names a deployed stack."""

import argparse
from typing import Final

DEFAULT: Final = "encord-lambda"
"""As samconfig.toml has it."""


def add_option(parser: argparse.ArgumentParser) -> None:
    """`--stack`."""
    parser.add_argument(
        "--stack", metavar="NAME", default=DEFAULT, help=f"the deployed stack; {DEFAULT} if not said otherwise"
    )


def named(stack: str) -> str:
    """The option as one would type it; nothing for the usual stack."""
    return "" if stack == DEFAULT else f" --stack {stack}"
