"""`encord-lambda doctor`: is a deployed stack well, and what is to be done where it is not."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from encord_lambda.cli import stack
from encord_lambda.cli.bar import bar
from encord_lambda.cli.files import text
from encord_lambda.cli.printing import tell
from encord_lambda.doctor import rounds
from encord_lambda.doctor.configured import AtHand
from encord_lambda.doctor.results import Check, Result, Unchecked, Verdict
from encord_lambda.errors import Misconfigured

ABOUT = """\
Look at a deployed stack and at all that it works with: its functions, queues, schedules, secrets and buckets;
pipeline.yaml and what it names in Encord; models, detectors and the address of the editor agents. Each line is one
thing: ok; warn, where it works and somebody should look at it; fail, with what to do; or not checked, with why. It uses
your AWS credentials and the stack's own secrets, which it never shows, changes nothing, and asks no model; each
detector is shown one grey picture."""
STATUS = """\
Exit status: 0 if nothing fails, 1 if something does, 2 if that could not be found out: there is no such stack, AWS
cannot be asked, or something is not checked. The permissions it needs: docs/operations.md, Doctor."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "doctor", help="is a deployed stack well, and what is to be done", description=ABOUT, epilog=STATUS
    )
    stack.add_option(parser)
    parser.add_argument("--pipeline", metavar="FILE", help="also tell whether this pipeline.yaml is the one in use")
    parser.add_argument(
        "--editor-url",
        metavar="URL",
        default="",
        help="the editor agents' address, where it is not the stack's output EditorApiUrl but a domain of your own",
    )
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of lines")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look at everything, telling each thing as it is found.

    Raises:
        Trouble: There is no such stack, AWS cannot be asked, or the file cannot be read.
    """
    from encord_lambda import wiring_doctor  # takes a second to import

    at_hand = AtHand(options.pipeline, text(options.pipeline)) if options.pipeline else None
    deployed = wiring_doctor.deployment(options.stack)
    try:
        deployed.status()
    except Unchecked as refused:
        raise Misconfigured(refused.reason) from None
    encord, far = wiring_doctor.Encord(deployed), wiring_doctor.Far(deployed)
    checks = rounds.checks(deployed, encord, far, datetime.now(UTC), at_hand, options.editor_url)
    found = list(_told(checks, quiet=options.json))
    _sum_up(options, Counter(one.verdict for one in found), found)
    return _status(found)


def _told(checks: Sequence[Check], *, quiet: bool) -> Iterator[Result]:
    with bar("looking at", len(checks)) as shown:
        for number, check in enumerate(checks):
            shown.at(number, check.subject)
            for one in check.results():
                if not quiet:
                    shown.clear()
                    _tell(one)
                yield one


def _tell(one: Result) -> None:
    """One line; what has several faults has one line for each."""
    for line in one.told.splitlines():
        tell(f"{one.verdict:<11}  {one.subject}: {line}")


def _sum_up(options: argparse.Namespace, counts: Counter[Verdict], found: Sequence[Result]) -> None:
    if options.json:
        told = {
            "stack": options.stack,
            "counts": {verdict: counts[verdict] for verdict in Verdict},
            "results": [asdict(one) for one in found],
        }
        sys.stdout.write(f"{json.dumps(told, indent=2)}\n")
    else:
        tell(", ".join(f"{counts[verdict]:,} {verdict}" for verdict in Verdict))


def _status(found: Sequence[Result]) -> int:
    verdicts = {one.verdict for one in found}
    if Verdict.FAULT in verdicts:
        return 1
    return 2 if Verdict.UNCHECKED in verdicts else 0
