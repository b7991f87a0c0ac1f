"""Upload jobs at a twin, with records, table, queue and news in memory, and workers that may die on any step."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from encord import EncordUserClient
from encord.orm.dataset import StorageLocation
from encord.storage import StorageFolder

from encord_lambda.config_registration import Registration
from encord_lambda.encord_platform.client import connect
from encord_lambda.encord_platform.storage import Storage
from encord_lambda.errors import Reject, Retry
from encord_lambda.outcomes import Outcome
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs import advancing, entering
from encord_lambda.registration.upload_jobs.jobs import Job, State
from encord_lambda.registration.upload_jobs.receipts import Receipt, Summary
from encord_lambda.registration.upload_jobs.tallies import Accounts, Source
from encord_lambda.registration.upload_jobs.tracking import RegistrationMessage
from sandbox.encord_twin import MemoryObjects, Settings, Twin, serve
from tests.fakes.registrations import FakeNews, FakeQueue, FakeRecords, FakeRegistrations, FakeUploads
from tests.twin import conftest
from tests.twin.media_files import files
from tests.twin.worlds import pets

BEGAN = datetime.now(UTC)
SOURCE = Source("uploads", "pets/manifests/a.csv", "abc")
EFFECTS = ("write", "count_once", "send", "announce", "start", "link")


def midday() -> datetime:
    """A clock that set out at noon: what a test waits for, hours even, stays within one day's sums."""
    return BEGAN.replace(hour=12, minute=0, second=0) + (datetime.now(UTC) - BEGAN)


class Killed(BaseException):
    """A worker was killed."""


@dataclass
class Fuse:
    """Counts the effects of all parts of a desk; at the `at`th, something happens right after it."""

    at: int = -1
    happens: Callable[[], None] = lambda: None
    burnt: list[str] = field(default_factory=list)

    def burn(self, effect: str) -> None:
        self.burnt.append(effect)
        if len(self.burnt) == self.at:
            self.happens()


@dataclass
class Fused:
    """Anything, with its effects counted."""

    whole: Any
    fuse: Fuse

    def __getattr__(self, name: str) -> Any:
        part = getattr(self.whole, name)
        if name not in EFFECTS:
            return part

        def effect(*args: Any, **named: Any) -> Any:
            result = part(*args, **named)
            self.fuse.burn(f"{type(self.whole).__name__}.{name}")
            return result

        return effect


@dataclass
class Place:
    """A folder and a dataset of their own at the twin, and all that advancing works with."""

    twin: Twin
    client: EncordUserClient
    folder: StorageFolder
    dataset: UUID
    held: FakeRegistrations = field(default_factory=FakeRegistrations)
    records: FakeRecords = field(default_factory=FakeRecords)
    uploads: FakeUploads = field(default_factory=FakeUploads)
    queue: FakeQueue = field(default_factory=FakeQueue)
    news: FakeNews = field(default_factory=FakeNews)
    passed: timedelta = timedelta()
    outcomes: list[Outcome] = field(default_factory=list)

    def desk(self, fuse: Fuse | None = None) -> advancing.Desk:
        fuse = fuse or Fuse()
        held, records = Fused(self.held, fuse), Fused(self.records, fuse)
        return advancing.Desk(
            encord=Fused(Storage(connect(self.twin.url, self.twin.key, "test")), fuse),
            held=held,
            records=records,
            accounts=Accounts(held, records, Fused(self.uploads, fuse)),
            queue=Fused(self.queue, fuse),
            news=Fused(self.news, fuse),
        )

    @property
    def registration(self) -> Registration:
        return Registration(prefix="pets/", integration="aws", folder=self.folder.uuid, datasets=[self.dataset])

    def now(self) -> datetime:
        """The twin's own clock, and what was waited meanwhile."""
        return midday() + self.passed

    def submit(self, manifest: Manifest, desk: advancing.Desk, cause: str = "event") -> None:
        self.outcomes += entering.submit(manifest, self.registration, cause, desk, self.now(), SOURCE)

    def end_jobs(self) -> None:
        """Wait, in one long poll each, until Encord has ended every job."""
        for job in list(self.held.jobs.values()):
            if job.encord_job:
                self.folder.add_private_data_to_folder_get_result(job.encord_job, timeout_seconds=10)

    def visit(self, message: Any, desk: advancing.Desk) -> bool:
        """Whether the message may leave the queue."""
        assert isinstance(message, RegistrationMessage)
        try:
            self.outcomes += advancing.visit(message, desk, self.now())
        except (Killed, Retry, Reject):
            return False
        return True

    def work_off(self, desk: advancing.Desk, *, times: int = 1) -> None:
        """Visit what is on the queue until nothing is, each message so many times."""
        for _ in range(200):
            if not self.queue.waiting:
                return
            self.end_jobs()
            message = self.queue.waiting[0]
            done = [self.visit(message, desk) for _ in range(times)]
            self.queue.waiting.remove(message)
            if not all(done):
                self.queue.waiting.append(message)
            self.passed += timedelta(minutes=1)
        raise AssertionError(f"never ended: {self.queue.waiting}")

    # What it has come to

    def jobs(self) -> Sequence[Job]:
        return list(self.held.jobs.values())

    def names(self) -> list[str]:
        return sorted(item.name for item in self.folder.list_items())

    def linked(self) -> list[str]:
        return sorted(row.title for row in self.client.get_dataset(self.dataset).data_rows)

    def receipts(self) -> dict[str, Receipt]:
        """By job."""
        bodies = [self.records.kept[job.receipt] for job in self.jobs() if job.receipt in self.records.kept]
        return {receipt.job: receipt for receipt in map(Receipt.model_validate_json, bodies)}

    def fates(self) -> dict[str, tuple[str, str]]:
        """State and reason of each item, by title."""
        entries = [entry for receipt in self.receipts().values() for entry in receipt.objects]
        ours = str(self.folder.uuid)
        return {entry.key: (entry.state, (entry.reason or "").replace(ours, "of its own")) for entry in entries}

    def day(self) -> Summary:
        [body] = [body for key, body in self.records.kept.items() if key.endswith("/day.json")]
        return Summary.model_validate_json(body)

    def beside(self) -> Summary:
        """The receipt beside the import manifest."""
        return Summary.model_validate_json(self.uploads.kept[SOURCE.bucket, f"{SOURCE.key}.receipt.json"])

    def is_over(self) -> bool:
        return all(job.state is State.CLOSED for job in self.jobs())


@contextmanager
def twin_with_files(**more: bytes) -> Iterator[Twin]:
    """A twin that can read a file of every kind."""
    objects = MemoryObjects({**files(), **more})
    settings = Settings(job_seconds=0, clock=midday, signature_window=timedelta(days=1).total_seconds())
    with serve(pets(), objects=objects, settings=settings) as twin:
        yield twin


def place(twin: Twin) -> Place:
    client = conftest.connect(twin)
    folder = client.create_storage_folder("of its own")
    dataset = client.create_dataset("of its own", dataset_type=StorageLocation.AWS, create_backing_folder=False)
    return Place(twin, client, folder, UUID(dataset.dataset_hash))
