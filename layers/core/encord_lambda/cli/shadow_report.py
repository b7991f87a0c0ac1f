"""`encord-lambda shadow-report`: what agents in the shadow would have done, compared with what people did since."""

import argparse
import sys
from uuid import UUID

from pydantic import TypeAdapter

from encord_lambda import shadow
from encord_lambda.cli import key, records
from encord_lambda.cli.bar import bar
from encord_lambda.cli.printing import counted
from encord_lambda.shadow_report import stages, wording
from encord_lambda.shadow_report.stages import StageReport

ABOUT = """\
Compare the decisions of stages with `shadow: true` with what people have made of the same data units since: answers
that agree, objects that are drawn in the same place, and the `accept` limit that would have been right. It reads the
records bucket with your AWS credentials and Encord with a key, and changes neither."""
STATUS = "Exit status: 0 if there was something to report, 1 if there was not, 2 if that could not be found out."


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "shadow-report", help="compare agents in the shadow with people", description=ABOUT, epilog=STATUS
    )
    parser.add_argument("--project", metavar="UUID", type=UUID, required=True, help="the project in Encord")
    parser.add_argument("--stage", metavar="TITLE", help="one agent stage; without it, all that were in the shadow")
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of tables")
    records.add_options(parser)
    key.add_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, compare, print.

    Raises:
        Trouble: The bucket or Encord cannot be asked.
    """
    from encord_lambda import wiring_desk  # takes a second to import

    found, bucket = key.find(options), records.find(options)
    kept, rows = wiring_desk.shadows_at(bucket, options.project, found)
    with key.used(found):
        stage = rows.stage(options.stage) if options.stage else None
    below = shadow.prefix(options.project, stage)
    decisions, strange = kept.read(below)
    for line in strange:
        sys.stderr.write(f"{line}\n")
    if not decisions:
        sys.stderr.write(f"there are no shadow decisions under s3://{bucket}/{below}\n")
        return 1
    with key.used(found), bar("comparing") as shown:
        shown.at(0, f"{counted(len(decisions), 'decision')} with what people did")
        standing = rows.read((one.data, one.branch) for one in decisions)
        reports = stages.report(decisions, standing, rows.ontology)
    sys.stdout.write(f"{_json(reports) if options.json else wording.text(reports)}\n")
    return 0


def _json(reports: tuple[StageReport, ...]) -> str:
    return TypeAdapter(tuple[StageReport, ...]).dump_json(reports, indent=2).decode()
