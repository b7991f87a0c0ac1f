"""`encord-lambda replay`: dead letters go back to their queue, once their cause is mended."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from encord_lambda import letters, replaying
from encord_lambda.cli import stack
from encord_lambda.cli.printing import counted, progress, tell
from encord_lambda.dispatch.claims import Held
from encord_lambda.letters import DeadLetter, Opened, Origin
from encord_lambda.replaying import Box, Fate, Plan

ABOUT = """\
List the dead letters of a queue by their reasons, and with --yes send them back to it: once what the reasons name is
mended. A rejected task is released, with all its tries before it. Letters of tasks that are done, or at work, are
removed. Malformed ones stay, whatever is chosen. It uses your AWS credentials."""
STATUS = "Exit status: 0 if there were letters, 1 if there were none, 2 if something kept it from its work."
SUBJECTS = 3
"""How many letters of a reason are named."""
EVERY = 1000
"""Letters between two words on how far the reading is."""
_QUEUES = ", ".join(Origin)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "replay", help="list dead letters and send them back to their queue", description=ABOUT, epilog=STATUS
    )
    stack.add_option(parser)
    parser.add_argument(
        "--queue",
        metavar="QUEUE",
        type=_queue,
        default=Origin.TASKS,
        help=f"whose dead letters: {_QUEUES}; tasks if not said otherwise",
    )
    parser.add_argument("--reason", metavar="TEXT", default="", help="only letters with this text in their reason")
    parser.add_argument("--task", metavar="UUID", type=UUID, help="only letters of this task")
    parser.add_argument("--yes", action="store_true", help="do it; without it, nothing is changed")
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of lines")
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    """List, and with --yes send back.

    Raises:
        Trouble: AWS cannot be asked.
    """
    from encord_lambda import wiring_desk  # takes a second to import

    if options.task and options.queue is not Origin.TASKS:
        options.parser.error("--task: only letters of the tasks queue are about a task")
    deployed = wiring_desk.stack(options.stack)
    held = wiring_desk.claims(deployed)
    with wiring_desk.dead_letters(deployed, options.queue) as box:
        read = [letters.opened(options.queue, letter) for letter in _counted(box.read())]
        found = letters.chosen(read, options.reason, options.task)
        if not found:
            progress(_none(options.queue, len(read)))
        now = datetime.now(UTC)
        plan = replaying.plan(found, held, now)
        if found and not options.json:
            _list(options.queue, len(read), found)
        stayed = _replay(plan, box, held, now) if options.yes and found else []
    if options.json:
        sys.stdout.write(f"{_json(options, found, plan, len(stayed))}\n")
    elif found:
        _sum_up(plan, len(stayed), done=options.yes)
    return 0 if found else 1


def _counted(found: Iterable[DeadLetter]) -> Iterator[DeadLetter]:
    for number, letter in enumerate(found, 1):
        yield letter
        if number % EVERY == 0:
            progress(f"{number:,} dead letters read")


def _none(queue: Origin, all_: int) -> str:
    if not all_:
        return f"there are no dead letters of the {queue} queue"
    return f"none of {counted(all_, 'dead letter')} of the {queue} queue fits these options"


def _list(queue: Origin, all_: int, found: Sequence[Opened]) -> None:
    of = f" of {all_:,}" if len(found) < all_ else ""
    tell(f"Dead letters of the {queue} queue: {len(found):,}{of}")
    for reason, group in letters.by_reason(found):
        tell(f"{len(group):7,}  {reason}")
        more = [f"and {len(group) - SUBJECTS:,} more"] if len(group) > SUBJECTS else []
        tell(f"         {', '.join([one.subject for one in group[:SUBJECTS]] + more)}")


def _replay(plan: Plan, box: Box, held: Held, now: datetime) -> list[Opened]:
    """Answers the letters that stay after all."""
    going = len(plan.fates[Fate.AGAIN])

    def told(sent: int) -> None:
        if sent < going:
            progress(f"{sent:,} of {going:,} letters sent back")

    return replaying.carry_out(plan, box, held, now, told)


def _sum_up(plan: Plan, stayed: int, *, done: bool) -> None:
    tell("Done:" if done else "With --yes:")
    for fate, number in _numbers(plan, stayed).items():
        _count(number, fate.value[done])
    _count(stayed, "stay: their tasks were taken up by others meanwhile; look again")


def _json(options: argparse.Namespace, found: Sequence[Opened], plan: Plan, stayed: int) -> str:
    reasons = [
        {"reason": reason, "subjects": [one.subject for one in group]} for reason, group in letters.by_reason(found)
    ]
    fates = {fate.name.lower(): number for fate, number in _numbers(plan, stayed).items()}
    told = {"queue": options.queue, "done": options.yes, "letters": reasons, "fates": fates, "stayed": stayed}
    return json.dumps(told, indent=2)


def _numbers(plan: Plan, stayed: int) -> dict[Fate, int]:
    """How many letters go which way."""
    return {fate: len(some) - (stayed if fate is Fate.AGAIN else 0) for fate, some in plan.fates.items()}


def _count(number: int, words: str) -> None:
    if number:
        tell(f"{number:7,}  {words}")


def _queue(text: str) -> Origin:
    try:
        return Origin(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no queue; there are {_QUEUES}") from None
