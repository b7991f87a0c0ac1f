"""The records bucket, by its address or by the stack that has it."""

import argparse
import re

_BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]+[a-z0-9])/?")


def bucket(text: str) -> str:
    """The name in a bucket's address, for argparse.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    found = _BUCKET.fullmatch(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no bucket's address such as s3://records")
    return found[1]
