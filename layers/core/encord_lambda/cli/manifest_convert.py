"""`encord-lambda manifest convert`: an import manifest in another form, or not at all."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched
from typing import TYPE_CHECKING, BinaryIO, Final

from encord_lambda.cli import manifest_file, manifest_kinds, whole_file
from encord_lambda.cli.manifest_file import Findings
from encord_lambda.cli.printing import progress, warn
from encord_lambda.cli.spools import Spools
from encord_lambda.errors import Reject

if TYPE_CHECKING:
    from encord_lambda.cli.manifest_forms import Form

ABOUT = """\
Write an import manifest in another form: `json`, the upload file that Encord's web application and SDK take; `sdk`, the
SDK's DataUploadItems; or `csv`, if nothing is lost by that. What is no good manifest is not converted: nothing is
written then."""
STATUS = """\
Exit status: 0 if it was converted, 1 if the file is not good or has something that the other form cannot carry, 2 if
that could not be found out. Faults and warnings go to standard error."""
BATCH: Final = 500
"""Items that are converted together."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "convert", help="write an import manifest in another form", description=ABOUT, epilog=STATUS
    )
    manifest_file.add_options(parser)
    parser.add_argument("--to", choices=("json", "sdk", "csv"), required=True, help="the form it is to have")
    parser.add_argument("--out", metavar="FILE", help="where to; standard output if not said otherwise")
    parser.add_argument("--json", action="store_true", help="with --out: JSON for machines on what became of it")
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    """Read it all; write it if it is good.

    Raises:
        Misconfigured: The file cannot be read, or the other one not be written.
    """
    if options.json and options.out is None:
        options.parser.error("--json: say --out, too, for the converted manifest goes to standard output")
    found, refused = _converted(options)
    if options.json:
        sys.stdout.write(f"{json.dumps(found.record() | {'ok': not refused, 'refused': refused}, indent=2)}\n")
        return 1 if refused else 0
    found.tell(warn)
    if refused:
        warn(f"{options.file}: not converted to {options.to}: {refused}; nothing is written")
        return 1
    progress(f"{options.file}: {manifest_kinds.told(found.kinds)} converted to {options.to}")
    return 0


def _converted(options: argparse.Namespace) -> tuple[Findings, str]:
    """What was found on the way, and why nothing is written; empty if it is."""
    from encord_lambda.cli import manifest_forms  # takes a tenth of a second to import

    found = Findings(options.file)
    with Spools() as spools:
        form = manifest_forms.FORMS[options.to](spools)
        try:
            _read(options, found, form)
            with _output(options.out) as stream:
                form.write(stream, manifest_file.flags(options.file))
        except Reject as refusal:
            return found, refusal.reason
    return found, ""


def _read(options: argparse.Namespace, found: Findings, form: "Form") -> None:
    with manifest_file.opened(options.file, lenient=options.lenient, buckets=None) as reading:
        for items in batched(found.items(reading), BATCH, strict=False):
            form.add(items)
    if found.faults:
        raise Reject("it is faulty")


@contextmanager
def _output(file: str | None) -> Iterator[BinaryIO]:
    if file is None:
        yield sys.stdout.buffer
        return
    with whole_file.written(file) as stream:
        yield stream
