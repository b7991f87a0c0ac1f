"""`encord-lambda manifest check`: is an import manifest good, and how much is in it."""

import argparse
import json
import sys

from encord_lambda.cli import manifest_file, manifest_kinds
from encord_lambda.cli.manifest_file import Findings
from encord_lambda.cli.printing import counted, tell
from encord_lambda.config_registration import Jobs
from encord_lambda.registration.manifests.entries import Reading

ABOUT = """\
Read an import manifest as the deployed stack would, offline, and tell each fault with its line, column and place; then
how many items of each type there are, and how many upload jobs they would be split into by the usual limits."""
STATUS = """\
Exit status: 0 if the file is good, be it with warnings; 1 if it is not; 2 if that could not be found out. Faults go to
standard error, one a line; warnings and the sum to standard output."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "check", help="check an import manifest: each fault with its place", description=ABOUT, epilog=STATUS
    )
    manifest_file.add_options(parser)
    parser.add_argument(
        "--bucket", metavar="NAME", action="append", help="the only bucket that URLs may name; may be said repeatedly"
    )
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of lines")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read it all, then tell.

    Raises:
        Misconfigured: The file cannot be read.
    """
    found = Findings(options.file)
    with manifest_file.opened(options.file, lenient=options.lenient, buckets=options.bucket) as reading:
        jobs = _jobs(found, reading)
    if options.json:
        sys.stdout.write(f"{json.dumps(found.record() | {'jobs': jobs}, indent=2)}\n")
    else:
        found.tell()
        tell(f"{options.file}: {_verdict(found)} — {_amount(found, jobs)}")
    return 1 if found.faults else 0


def _jobs(found: Findings, reading: Reading) -> int:
    """Reads to the end, and answers how many upload jobs there would be."""
    from encord_lambda.registration.manifests.splitting import fitting, split

    return sum(1 for _ in split(found.items(fitting(reading, Jobs())), Jobs()))


def _verdict(found: Findings) -> str:
    faults, warnings = len(found.faults) + found.more_faults, len(found.warnings) + found.more_warnings
    told = [counted(faults, "fault")] * bool(faults) + [counted(warnings, "warning")] * bool(warnings)
    return ", ".join(told if faults else ["ok", *told])


def _amount(found: Findings, jobs: int) -> str:
    kinds = manifest_kinds.told(found.kinds)
    return f"{kinds} in {counted(jobs, 'upload job')}" if kinds else "nothing to import"
