"""The `encord-lambda` command, for the desk: it never runs in Lambda."""

import argparse
import importlib.metadata
import io
import os
import sys
from collections.abc import Sequence

from encord_lambda.cli import calibrate, check, doctor, explain, manifest, replay, shadow_report
from encord_lambda.errors import Trouble

ABOUT = """\
Annotation automation for Encord on AWS, at the desk: check pipeline.yaml, look after a deployed stack, prepare import
manifests, compare agents with people. `encord-lambda COMMAND --help` tells all of a command. Results go to standard
output, with --json for machines; progress and troubles to standard error."""
STATUS = """\
Exit status of every command: 0 if all is well or there is something to tell, 1 if something is wrong or there is
nothing, 2 if that could not be found out or the command was misspelt, 130 after Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is the command's own, 2 if it could not do its work, 130 after Ctrl-C.

    It is 141, as a shell has it, if nobody reads the output to its end: `encord-lambda … | head`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may hold what the terminal cannot show
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except Trouble as trouble:
        sys.stderr.write(f"encord-lambda: {trouble.reason}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("encord-lambda: interrupted\n")
        return 130
    except BrokenPipeError:
        # What is still to be written goes nowhere, lest Python complains of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="encord-lambda", description=ABOUT, epilog=STATUS)
    version = importlib.metadata.version("encord-lambda")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    calibrate.add(commands)
    check.add(commands)
    doctor.add(commands)
    explain.add(commands)
    manifest.add(commands)
    replay.add(commands)
    shadow_report.add(commands)
    return parser
