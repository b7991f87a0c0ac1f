"""`encord-lambda manifest build`: register what was in a bucket before the stack was."""

import argparse
import re

from encord_lambda.cli import stack

ABOUT = """\
Look at every object below a prefix of a bucket, decide about it as the deployed stack does about an upload, and write
import manifests of what is to be registered. Put below the `manifests/` of their registration's prefix, as --submit
does, the stack registers them. Nothing else in the bucket is changed. Doing it again is harmless: what is registered
already is left alone."""
STATUS = """\
Exit status: 0 if there was something to register; 1 if there was not, or if objects could not be read; 2 if something
kept it from its work."""
_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", re.DOTALL)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "build", help="import manifests of what is in a bucket already", description=ABOUT, epilog=STATUS
    )
    parser.add_argument("address", metavar="s3://BUCKET/PREFIX", type=_address, help="where to look")
    parser.add_argument("--pipeline", metavar="FILE", required=True, help="the pipeline.yaml with the registrations")
    do = parser.add_mutually_exclusive_group(required=True)
    do.add_argument("--dry-run", action="store_true", help="only tell what would be registered")
    do.add_argument("--out", metavar="DIR", help="write the manifests into a folder, by their keys")
    do.add_argument("--submit", action="store_true", help="put them into the bucket, for the stack to register")
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of lines")
    stack.add_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look, tell, and write.

    Raises:
        Trouble: The bucket cannot be asked, or nothing in pipeline.yaml takes what is below the prefix.
    """
    from encord_lambda.cli import manifest_filling  # takes a quarter of a second to import

    return manifest_filling.fill(options)


def _address(text: str) -> tuple[str, str]:
    found = _ADDRESS.fullmatch(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as s3://bucket/prefix/")
    return found[1], found[2] or ""
