"""Upload jobs are entered: recorded with what they add to the sums, and their messages sent, which have them advanced.

An event may come twice, and whoever enters a job may die on the way: the same job is entered once.
"""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

from encord_lambda.config_registration import Registration
from encord_lambda.errors import Reject, Retry
from encord_lambda.outcomes import Outcome, Postponed, Skipped
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs import tracking
from encord_lambda.registration.upload_jobs.advancing import Desk, advance
from encord_lambda.registration.upload_jobs.jobs import Job, State
from encord_lambda.registration.upload_jobs.tallies import Source, Tally
from encord_lambda.registration.upload_jobs.tracking import RegistrationMessage

AT_ONCE: Final = 10
"""Jobs that are entered at once: as many as a client of AWS has connections, and a request to SQS messages."""
_ROUNDS: Final = 3


def submit(
    manifest: Manifest, registration: Registration, cause: str, desk: Desk, now: datetime, source: Source | None = None
) -> Sequence[Outcome]:
    """Have a manifest imported, as `enter`, and make the first step at once.

    What goes wrong with that step concerns the caller no more: the job is in good hands.

    Raises:
        Retry: As `enter`.
    """
    entered, outcomes = enter([manifest], registration, cause, desk, now, source)
    for job in entered:
        try:
            return advance(job.id, desk, now)
        except (Retry, Reject) as trouble:  # its message will come upon the same, and stay on its queue
            return [Postponed(f"upload job {job.id}", trouble.reason)]
    return outcomes


def enter(
    manifests: Sequence[Manifest],
    registration: Registration,
    cause: str,
    desk: Desk,
    now: datetime,
    source: Source | None = None,
) -> tuple[Sequence[Job], Sequence[Skipped]]:
    """Have manifests, fifty at most, imported some time soon: record a job of each, send the jobs' messages.

    `cause` tells one submission of a manifest from a redelivery of the same, which changes nothing. Gives the jobs
    that are to be followed now, and for each of the others that it was submitted before.

    Raises:
        Retry: The jobs could not be recorded or their messages not be sent: the caller's event has to come again.
    """
    jobs = {(job := Job.of(manifest, registration, cause, now, source)).id: (job, manifest) for manifest in manifests}
    standing = _recorded(list(jobs.values()), desk)
    before = {one.id for one in standing if one.visits or one.state is State.CLOSED}
    entered = [job for job, _ in jobs.values() if job.id not in before]
    desk.queue.send([RegistrationMessage(version=1, id=job.id) for job in entered], delay=tracking.delay(0))
    return entered, [Skipped(f"upload job {job}", "the same was submitted before") for job in jobs if job in before]


def _recorded(jobs: Sequence[tuple[Job, Manifest]], desk: Desk) -> Sequence[Job]:
    """Record the jobs that are new, all in one transaction: each adds to the same tallies. Gives the others."""
    for _ in range(_ROUNDS):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(desk.held.read, [job.id for job, _ in jobs]))
            new = [entry for entry, standing in zip(jobs, found, strict=True) if standing is None]
            deque(pool.map(lambda entry: desk.records.write(entry[0].manifest, entry[1].json_bytes()), new), maxlen=0)
        total = Tally(submitted=sum(job.submitted for job, _ in new))
        if not new or desk.held.write([job for job, _ in new], dict.fromkeys(new[0][0].accounts, total)):
            return [standing for standing in found if standing]
    raise Retry(f"others recorded the same {len(jobs)} upload jobs again and again")
