"""What must hold at the end: one row of the closing table each."""

from collections.abc import Iterator

from sandbox.scenario.agent_checks import agent_checks
from sandbox.scenario.check import Check, some
from sandbox.scenario.encord import RUN_TASKS, SWEEPS
from sandbox.scenario.library_checks import library_checks
from sandbox.scenario.notification_checks import notification_checks
from sandbox.scenario.receipt_checks import receipt_checks
from sandbox.scenario.report import Report
from sandbox.scenario.scoring_checks import scoring_checks
from sandbox.scenario.world import AGENT_STAGE

LEAST_ACCURACY = 0.95
MOST_REQUESTS = 1.2  # per task and agent stage


def checks(report: Report) -> Iterator[Check]:
    """All of them; the run succeeded if every one holds."""
    yield from _registration(report)
    yield from receipt_checks(report.sight.receipts, report.uploads, report.library)
    yield from library_checks(report.library, report.catalogue)
    yield from _tasks(report)
    yield from notification_checks(report.notifications)
    yield from agent_checks(report.zoo, report.street)
    yield from scoring_checks(report.scoring)
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
    yield Check("every object is accounted for by a receipt", found, not report.unaccounted, some(report.unaccounted))
    platform = len(report.sight.platform.items) == len(registered)
    whole = len(registered) == objects - len(bad) and not report.mistaken and platform
    yield Check("every drawing is registered in Encord", str(len(registered)), whole, some(report.mistaken))
    silent = [key for key in bad if not refused.get(key)]
    yield Check("every bad object is refused with a reason", str(len(refused)), not silent, some(silent))
    twice = report.duplicates
    yield Check("no item, task or label exists twice", f"{len(twice)} twice", not twice, some(twice))


def _tasks(report: Report) -> Iterator[Check]:
    good = sum(upload.kind is not None for upload in report.uploads)
    lost = [outcome.key for outcome in report.outcomes if not outcome.routed]
    whole = report.tasks == good == len(report.outcomes) and not lost
    yield Check(f"every task left {AGENT_STAGE} on its label's pathway", f"{report.tasks} of {good}", whole, some(lost))
    wrong = [f"{one.key}: {one.truth} as {list(one.answers)}" for one in report.outcomes if not one.right]
    accurate = report.accuracy >= LEAST_ACCURACY
    yield Check(f"classifications are right (≥ {LEAST_ACCURACY:.0%})", f"{report.accuracy:.1%}", accurate, some(wrong))
    yield _requests(report)


def _requests(report: Report) -> Check:
    made, swept = (report.requests.get(agent, 0) for agent in (RUN_TASKS, SWEEPS))
    found = f"{report.requests_per_task:.2f}: {made} for {report.visits}; {swept} more by the sweeps"
    frugal = 0 < report.requests_per_task <= MOST_REQUESTS
    return Check(f"Encord requests per task and agent stage (≤ {MOST_REQUESTS:g})", found, frugal, found)


def _leftovers(report: Report) -> Check:
    left = [f"{name}: {number}" for name, number in report.left_over.items()]
    return Check(
        "no message is left on any queue",
        "none" if not left else f"{sum(report.left_over.values())} messages",
        not left,
        some(left),
    )
