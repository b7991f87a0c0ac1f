"""The table of registrations and what is around it, in memory; `test_registrations_contract` holds the table to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from encord_lambda.dispatch.messages import Message
from encord_lambda.errors import Reject
from encord_lambda.outcomes import Receipted
from encord_lambda.registration.upload_jobs.jobs import Job
from encord_lambda.registration.upload_jobs.tallies import Account, Tally


@dataclass
class FakeRegistrations:
    """`registration.upload_jobs.jobs.Held`."""

    jobs: dict[str, Job] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock, repr=False)

    def read(self, job: str) -> Job | None:
        return self.jobs.get(job)

    def write(self, changed: Sequence[Job], tallies: Mapping[Account, Tally]) -> bool:
        with self.lock:
            standing = {job.id: self.jobs[job.id].token for job in changed if job.id in self.jobs}
            if any(standing.get(job.id, 0) != job.token - 1 for job in changed):
                return False
            self.jobs |= {job.id: job for job in changed}
            self._add(tallies)
        return True

    def tally(self, account: Account) -> Tally:
        return self.tallies.get(account.id, Tally())

    def count_once(self, mark: str, tallies: Mapping[Account, Tally]) -> None:
        with self.lock:
            if mark not in self.marks:
                self.marks.add(mark)
                self._add(tallies)

    def _add(self, tallies: Mapping[Account, Tally]) -> None:
        for account, added in tallies.items():
            old = self.tally(account)
            self.tallies[account.id] = replace(
                old,
                submitted=old.submitted + added.submitted,
                registered=old.registered + added.registered,
                existing=old.existing + added.existing,
                failed=old.failed + added.failed,
                skipped=old.skipped + added.skipped,
                failing=old.failing | added.failing,
            )


@dataclass
class FakeRecords:
    """A bucket of records, or with buckets in the keys all others."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def read(self, key: str) -> bytes:
        if key not in self.kept:
            raise Reject(f"there is no {key}")
        return self.kept[key]

    def write(self, key: str, body: bytes) -> None:
        self.kept[key] = body


@dataclass
class FakeUploads:
    """Whatever buckets."""

    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def write(self, bucket: str, key: str, body: bytes) -> None:
        self.kept[bucket, key] = body


@dataclass
class FakeQueue:
    """Messages wait until somebody takes them off the list."""

    waiting: list[Message] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)

    def send(self, messages: Sequence[Message], *, delay: int = 0) -> None:
        self.waiting += messages
        self.delays += [delay] * len(messages)


@dataclass
class FakeNews:
    """What was told, in order."""

    told: list[Receipted] = field(default_factory=list)

    def announce(self, receipts: Sequence[Receipted]) -> None:
        self.told += receipts
