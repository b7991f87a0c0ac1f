"""What a settled upload job comes to: its receipt, what it adds to the sums, and what is told of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from encord_lambda.outcomes import Receipted, Registered, Rejected
from encord_lambda.registration.upload_jobs.jobs import Job
from encord_lambda.registration.upload_jobs.receipts import Receipt, Settled
from encord_lambda.registration.upload_jobs.tallies import Tally


def receipt(job: Job, objects: Sequence[Settled], now: datetime) -> Receipt:
    """The receipt of a job that ends with these objects."""
    counts = Counter(entry.state for entry in objects)
    return Receipt(
        job=job.id,
        encord_job=job.encord_job,
        prefix=job.prefix,
        folder=job.folder,
        datasets=job.datasets,
        manifest=job.manifest,
        source=job.source.address if job.source else None,
        submitted_at=job.submitted_at,
        settled_at=now,
        submitted=len(objects),
        registered=counts["registered"],
        existing=counts["existing"],
        failed=counts["failed"],
        pending=counts["pending"],
        objects=tuple(objects),
    )


def tally(job: Job, failing: frozenset[str]) -> Tally:
    """What a settled job adds to an account."""
    return Tally(registered=job.registered, existing=job.existing, failed=job.failed, failing=failing)


def receipted(job: Job) -> Receipted:
    """What others hear of a settled job."""
    return Receipted(
        job=job.id,
        folder=job.folder,
        prefix=job.prefix,
        datasets=job.datasets,
        submitted=job.submitted,
        registered=job.registered,
        existing=job.existing,
        failed=job.failed,
        receipt=job.receipt,
    )


def outcomes(settled: Receipt) -> Iterator[Registered | Rejected]:
    """What became of each object."""
    for entry in settled.objects:
        if entry.item:
            yield Registered(entry.key, entry.item, settled.folder)
        else:
            yield Rejected(entry.key, entry.reason or "")
