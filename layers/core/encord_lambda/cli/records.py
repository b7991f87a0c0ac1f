"""The records bucket, by its address or by the stack that has it."""

import argparse
import re

from encord_lambda.cli import stack

_BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]+[a-z0-9])/?")


def add_options(parser: argparse.ArgumentParser) -> None:
    """`--records` and `--stack`."""
    parser.add_argument(
        "--records", metavar="BUCKET", type=bucket, help="the records bucket, as s3://name; else the stack's"
    )
    stack.add_option(parser)


def find(options: argparse.Namespace) -> str:
    """The name of the bucket; the stack is asked for it if the options do not name it.

    Raises:
        Trouble: AWS cannot be asked, or has no such stack.
    """
    from encord_lambda import wiring_desk  # takes a second to import

    return options.records or wiring_desk.stack(options.stack).output("RecordsBucketName")


def bucket(text: str) -> str:
    """The name in a bucket's address, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    found = _BUCKET.fullmatch(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no bucket's address such as s3://records")
    return found[1]
