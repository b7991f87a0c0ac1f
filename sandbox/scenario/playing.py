"""The scenario: drop everything into the bucket, let the deployed stack do its work, then use the Label Editor."""

import time
from collections.abc import Sequence, Set
from dataclasses import replace

from sandbox.scenario import library
from sandbox.scenario.agents import AGENT_STAGES
from sandbox.scenario.catalogue import catalogue
from sandbox.scenario.checks import checks
from sandbox.scenario.complaints import complaints
from sandbox.scenario.editor import Call, LabelEditor
from sandbox.scenario.findings import findings
from sandbox.scenario.library import MANIFEST, PREFIX, Piece
from sandbox.scenario.notifications import Notifications, forge
from sandbox.scenario.report import Report
from sandbox.scenario.scoring import Scoring, score
from sandbox.scenario.servers import Sandbox, aside
from sandbox.scenario.uploads import put_all
from sandbox.scenario.watching import Progress, Sight, Watcher
from sandbox.scenario.world import AGENT_STAGE, ANIMAL

PATIENCE = 240.0  # seconds from the first upload until everything must be through


def play(sandbox: Sandbox, progress: Progress) -> Report:
    """Play it once; never fails by itself: what went wrong is in the report."""
    began, deadline = time.time(), time.monotonic() + PATIENCE
    what = f"{len(sandbox.uploads)} objects, and a library of all types"
    progress.say(f"uploading {what}; what follows is the deployed functions' work")
    scored = aside(lambda: _scored(sandbox))
    s3, bucket = sandbox.cloud.session.client("s3"), sandbox.stack.uploads_bucket
    library.put_all(s3, bucket, sandbox.library)
    put_all(s3, bucket, sandbox.uploads)
    watcher, keys = Watcher(sandbox), frozenset(upload.key for upload in sandbox.uploads)
    sight = watcher.until(lambda sight: _worked_off(sight, keys), progress, deadline)
    requests = sandbox.encord.requests()
    forged = forge(sandbox.encord, sandbox.stack.task_ready_url)
    progress.say("calling the editor agent as the Label Editor does")
    editor = _use_editor(sandbox, sight)
    progress.say("waiting until the directories of the library are complete: some seconds after their last file")
    last = watcher.until(lambda sight: _at_rest(sight, sandbox.library), progress, deadline)
    report = Report(
        sandbox.uploads,
        last,
        requests,
        *findings(sandbox, last),
        editor=editor,
        library=sandbox.library,
        catalogue=catalogue(sandbox),
        notifications=_notifications(sandbox, forged),
        scoring=scored.result(max(deadline - time.monotonic(), 0)),
    )
    return _with_errors(report, sandbox, began)


def _scored(sandbox: Sandbox) -> Scoring:
    """Once all have annotated."""
    sandbox.annotated.result(PATIENCE)
    return score(sandbox)


def _worked_off(sight: Sight, keys: Set[str]) -> bool:
    """All objects are accounted for, and no task of any project waits for its agent any more."""
    waiting = sight.platform.waiting()[AGENT_STAGE]
    through = keys <= sight.fates.keys() and sight.left_agent == len(sight.registered) and not waiting
    return through and not sight.platform.visits(AGENT_STAGES)[1]


def _at_rest(sight: Sight, pieces: Sequence[Piece]) -> bool:
    """All of the library is accounted for, and nothing is under way any more."""
    known = MANIFEST in sight.receipts.of(PREFIX) and all(one.title in sight.receipts.of(one.prefix) for one in pieces)
    return known and not any(day.pending for day in sight.receipts.days) and not any(sight.queues.values())


def _use_editor(sandbox: Sandbox, sight: Sight) -> list[Call]:
    labelled = [row.data_hash for row in sight.platform.label_rows if row.answers(ANIMAL)]
    others = [data_hash for data_hash in sight.platform.keys if data_hash not in labelled]
    if not labelled or not others:
        return []
    return list(LabelEditor(sandbox.stack.api_url, sandbox.encord).calls(labelled[0], others[0]))


def _notifications(sandbox: Sandbox, forged: int | None) -> Notifications:
    groups = sandbox.stack.log_groups
    hearing, sweeping = (sandbox.cloud.logs(groups[name]) for name in ("TaskReadyFunction", "SweepStagesFunction"))
    return Notifications.of(hearing, sweeping, forged)


def _with_errors(report: Report, sandbox: Sandbox, since: float) -> Report:
    """Add what the functions complained about, if anything failed."""
    if all(check.holds for check in checks(report)):
        return report
    logs = {name: sandbox.cloud.logs(group, since) for name, group in sandbox.stack.log_groups.items()}
    return replace(report, errors={name: said for name, lines in logs.items() if (said := complaints(lines))})
