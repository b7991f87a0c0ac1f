"""What must hold at the end: one row of the closing table each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbox.scenario.report import Report
from sandbox.scenario.world import AGENT_STAGE

LEAST_ACCURACY = 0.95
MOST_REQUESTS = 1.2  # per task


@dataclass(frozen=True, slots=True)
class Check:
    """One claim, what was found, and what is missing if it does not hold."""

    claim: str
    found: str
    holds: bool
    missing: str = ""


def checks(report: Report) -> Iterator[Check]:
    """All of them; the run succeeded if every one holds."""
    yield from _registration(report)
    yield from _tasks(report)
    yield _leftovers(report)
    for call in report.editor:
        yield Check(
            f"editor agent: {call.what}", "ok" if not call.trouble else "failed", not call.trouble, call.trouble
        )
    if not report.editor:
        yield Check("editor agent", "not called", holds=False, missing="there was no labelled picture to call it on")


def _registration(report: Report) -> Iterator[Check]:
    objects, bad = len(report.uploads), [upload.key for upload in report.uploads if upload.kind is None]
    refused, registered = report.sight.refused, report.sight.registered
    found = f"{len(report.sight.fates)} of {objects}"
    yield Check("every object is accounted for by a receipt", found, not report.unaccounted, _some(report.unaccounted))
    platform = len(report.sight.platform.items) == len(registered)
    whole = len(registered) == objects - len(bad) and not report.mistaken and platform
    yield Check("every drawing is registered in Encord", str(len(registered)), whole, _some(report.mistaken))
    silent = [key for key in bad if not refused.get(key)]
    yield Check("every bad object is refused with a reason", str(len(refused)), not silent, _some(silent))
    twice = report.duplicates
    yield Check("no item, task or label exists twice", f"{len(twice)} twice", not twice, _some(twice))


def _tasks(report: Report) -> Iterator[Check]:
    good = sum(upload.kind is not None for upload in report.uploads)
    lost = [outcome.key for outcome in report.outcomes if not outcome.routed]
    whole = report.tasks == good == len(report.outcomes) and not lost
    yield Check(
        f"every task left {AGENT_STAGE} on its label's pathway", f"{report.tasks} of {good}", whole, _some(lost)
    )
    wrong = [f"{one.key}: {one.truth} as {list(one.answers)}" for one in report.outcomes if not one.right]
    accurate = report.accuracy >= LEAST_ACCURACY
    yield Check(f"classifications are right (≥ {LEAST_ACCURACY:.0%})", f"{report.accuracy:.1%}", accurate, _some(wrong))
    yield _requests(report)


def _requests(report: Report) -> Check:
    by = " and ".join(f"{number} by {agent.rpartition('/')[2]}" for agent, number in sorted(report.requests.items()))
    found = f"{report.requests_per_task:.2f}: {by}, from the empty project until the last task left {AGENT_STAGE}"
    frugal = 0 < report.requests_per_task <= MOST_REQUESTS
    return Check(f"Encord requests per task (≤ {MOST_REQUESTS:g})", found, frugal, by)


def _leftovers(report: Report) -> Check:
    left = [f"{name}: {number}" for name, number in report.left_over.items()]
    return Check(
        "no message is left on any queue",
        "none" if not left else f"{sum(report.left_over.values())} messages",
        not left,
        _some(left),
    )


def _some(things: Sequence[str]) -> str:
    """The first few of them, in one line."""
    shown = ", ".join(thing if len(thing) < 80 else f"{thing[:40]}…{thing[-8:]}" for thing in things[:5])
    return f"{shown}, and {len(things) - 5} more" if len(things) > 5 else shown
