"""The `encord-lambda` command, for the desk: it never runs in Lambda, and `check` needs no network and no key."""

import argparse
import importlib.metadata
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured

CHECK = "Read each FILE as a pipeline.yaml, offline. Whether Encord has its projects, stages and pathways is not asked."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 1 if a file is faulty and 2 if the command itself is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may hold what the terminal cannot show
    options = _parser().parse_args(arguments)
    return max([_check(file) for file in options.files])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="encord-lambda", description="Annotation automation for Encord on AWS.")
    version = importlib.metadata.version("encord-lambda")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = commands.add_parser(
        "check",
        help="check pipeline.yaml: each fault with its line and key",
        description=CHECK,
        epilog="Exit status: 0 if every file is good, 1 if one is not. Faults go to standard error, one a line.",
    )
    check.add_argument("files", metavar="FILE", nargs="+", help="for example pipeline.yaml")
    return parser


def _check(file: str) -> int:
    try:
        found = PipelineConfig.parse(file, _text(file))
    except Misconfigured as fault:
        sys.stderr.write(f"{fault.reason}\n")
        return 1
    counts = (
        _counted(len(found.registrations), "registration"),
        _counted(len(found.stages), "stage"),
        _counted(len(found.editor_agents), "editor agent"),
    )
    sys.stdout.write(f"{file}: ok — {', '.join(counts)}\n")
    return 0


def _text(file: str) -> str:
    """A file's text.

    Raises:
        Misconfigured: It cannot be read, or is not UTF-8; says at which line.
    """
    try:
        content = Path(file).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        raise Misconfigured(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Misconfigured(f"{file}:{line}: not UTF-8 text: byte 0x{content[error.start]:02x}") from None


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
