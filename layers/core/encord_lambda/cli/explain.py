"""`encord-lambda explain`: what became of a task."""

import argparse
import re
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter

from encord_lambda import explaining, letters
from encord_lambda.cli import stack
from encord_lambda.cli.printing import progress, tell
from encord_lambda.explaining import Story
from encord_lambda.letters import Origin

ABOUT = """\
Tell what became of a task: all outcomes that the functions wrote into their logs, by their time, and how it stands now,
by its claims and its dead letters. It uses your AWS credentials and changes nothing."""
STATUS = "Exit status: 0 if anything is known of the task, 1 if nothing is, 2 if that could not be found out."
_SPAN = re.compile(r"([1-9]\d{0,4})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser("explain", help="what became of a task", description=ABOUT, epilog=STATUS)
    parser.add_argument("task", metavar="TASK", type=UUID, help="the task's UUID, as logs and dead letters name it")
    stack.add_option(parser)
    parser.add_argument(
        "--since", metavar="TIME", type=_span, default="7d", help="how far back the logs are searched: 30m, 12h, 7d"
    )
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of words")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Search, and tell.

    Raises:
        Trouble: AWS cannot be asked.
    """
    from encord_lambda import wiring_desk  # takes a second to import

    deployed, now = wiring_desk.stack(options.stack), datetime.now(UTC)
    claims, logs = wiring_desk.claims(deployed), wiring_desk.task_logs(deployed)
    since = now - options.since
    with wiring_desk.dead_letters(deployed, Origin.TASKS) as box:
        opened = (letters.opened(Origin.TASKS, letter) for letter in box.read())
        waiting = letters.chosen(opened, "", options.task)
    searched = f"{', '.join(logs.groups)} since {since:%Y-%m-%d %H:%M} UTC"
    progress(f"searching {searched}")
    records = explaining.records(logs.about(str(options.task), since), options.task)
    story = Story(options.task, records, claims.of_task(options.task), waiting)
    if not story:
        progress(_unknown(options, searched))
        return 1
    if options.json:
        sys.stdout.write(f"{TypeAdapter(Story).dump_json(story, indent=2).decode()}\n")
    else:
        command = f"encord-lambda replay --task {options.task}{stack.named(options.stack)} --yes"
        for line in explaining.told(story, now, command):
            tell(line)
    return 0


def _unknown(options: argparse.Namespace, searched: str) -> str:
    return (
        f"nothing is known of task {options.task}: it has no claim, no dead letter, and no record in {searched}.\n"
        f"So no sweep of the stack '{options.stack}' has queued it. Does it wait at a stage that pipeline.yaml names, "
        "spelt the same? `encord-lambda check --encord` compares. If it is long ago: --since 30d"
    )


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 30m, 12h or 7d")
    return int(found[1]) * _UNITS[found[2]]
