"""`encord-lambda explain`: what became of a task, or of an upload and its tasks."""

import argparse
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter

from encord_lambda import explaining, letters
from encord_lambda.archive import Archive
from encord_lambda.cli import stack
from encord_lambda.cli.printing import progress, tell
from encord_lambda.explaining import Story, UploadStory
from encord_lambda.letters import Origin

ABOUT = """\
Tell what became of a task: all outcomes that the functions wrote into their logs, by their time, and how it stands now,
by its claims and its dead letters. Of an object in S3, how it was registered, and the same of each task about it. It
uses your AWS credentials and changes nothing."""
STATUS = "Exit status: 0 if anything is known of it, 1 if nothing is, 2 if that could not be found out."
_SPAN = re.compile(r"([1-9]\d{0,4})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser("explain", help="what became of a task or an upload", description=ABOUT, epilog=STATUS)
    parser.add_argument(
        "subject",
        metavar="TASK|KEY",
        type=_subject,
        help="the task's UUID, as logs and dead letters name it; or an object's key, s3://BUCKET/KEY or KEY",
    )
    stack.add_option(parser)
    parser.add_argument(
        "--since",
        metavar="TIME",
        type=_span,
        default="7d",
        help="how far back the logs are searched: 30m, 12h, 30d; 7d if not said otherwise",
    )
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of words")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Search, and tell.

    Raises:
        Trouble: AWS cannot be asked.
    """
    archive, now = _archive(options), datetime.now(UTC)
    if isinstance(options.subject, UUID):
        story = archive.story(options.subject)
        return _tell(options, story, explaining.told(story, now, _replay(options, story.task)))
    upload = archive.upload(options.subject)
    return _tell(options, upload, explaining.told_upload(upload, now, lambda task: _replay(options, task)))


def _archive(options: argparse.Namespace) -> Archive:
    from encord_lambda import wiring_desk  # takes a second to import

    deployed, since = wiring_desk.stack(options.stack), datetime.now(UTC) - options.since
    uploads = wiring_desk.logs(deployed, wiring_desk.UPLOAD_LOGS)
    work = wiring_desk.logs(deployed, wiring_desk.TASK_LOGS)
    claims = wiring_desk.claims(deployed)
    with wiring_desk.dead_letters(deployed, Origin.TASKS) as box:
        opened = [letters.opened(Origin.TASKS, letter) for letter in box.read()]
    groups = work.groups if isinstance(options.subject, UUID) else (*uploads.groups, *work.groups)
    progress(f"searching {', '.join(groups)} since {since:%Y-%m-%d %H:%M} UTC")
    return Archive(uploads, work, claims, opened, since)


def _tell[S: Story | UploadStory](options: argparse.Namespace, story: S, lines: Iterable[str]) -> int:
    if not story:
        progress(_unknown(options))
        return 1
    if options.json:
        sys.stdout.write(f"{TypeAdapter(type(story)).dump_json(story, indent=2).decode()}\n")
    else:
        for line in lines:
            tell(line)
    return 0


def _replay(options: argparse.Namespace, task: UUID) -> str:
    return f"encord-lambda replay --task {task}{stack.named(options.stack)} --yes"


def _unknown(options: argparse.Namespace) -> str:
    if isinstance(options.subject, UUID):
        return (
            f"nothing is known of task {options.subject}: it has no claim, no dead letter, and no record in these "
            f"logs.\nSo no sweep of the stack '{options.stack}' has queued it. Does it wait at a stage that "
            "pipeline.yaml names, spelt the same? `encord-lambda check --encord` compares. "
            "If it is long ago: --since 30d"
        )
    return (
        f"nothing is known of the object {options.subject}: there is no record of it in these logs.\n"
        "Is its key spelt the same, does a registration of pipeline.yaml have its prefix, and are its upload job's "
        "five minutes over? Receipts in the records bucket tell of each object, too. If it is long ago: --since 30d"
    )


def _subject(text: str) -> UUID | str:
    try:
        return UUID(text)
    except ValueError:
        key = text.removeprefix("s3://").partition("/")[2] if text.startswith("s3://") else text
    if not key:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a task's UUID nor an object's key")
    return key


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 30m, 12h or 7d")
    return int(found[1]) * _UNITS[found[2]]
