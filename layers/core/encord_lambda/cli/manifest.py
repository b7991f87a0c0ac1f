"""`encord-lambda manifest`: what can be done with import manifests at the desk."""

import argparse

from encord_lambda.cli import manifest_build, manifest_check, manifest_convert

ABOUT = """\
Import manifests are the JSON and CSV files that say what Encord is to import. A deployed stack registers those that are
put below the `manifests/` of a registration's prefix."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command and its own commands."""
    parser = commands.add_parser("manifest", help="check, convert and build import manifests", description=ABOUT)
    actions = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    manifest_check.add(actions)
    manifest_convert.add(actions)
    manifest_build.add(actions)
