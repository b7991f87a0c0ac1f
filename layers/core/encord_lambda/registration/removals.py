"""What becomes of the item of a deleted object: nothing but a line in a record, or it leaves its datasets.

Events come late and twice. So whether the object is really gone is asked of the bucket, last of all before anything is
changed; what was taken out already is not missed; and the item itself stays in its folder, to be linked again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from encord_lambda.config_registration import Registration
from encord_lambda.errors import Reject
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.manifest import object_url
from encord_lambda.registration.removal_records import Removal, Verdict
from encord_lambda.registration.upload_jobs.tracking import StoredItem


class Folder(Protocol):
    """The items of a storage folder."""

    def named(self, names: Sequence[str]) -> Sequence[StoredItem]:
        """The items with exactly these names."""

    def files(self, item: UUID) -> Sequence[str]:
        """The URLs of what is in a group or series."""


@dataclass(frozen=True, slots=True)
class Use:
    """Where an item is used, as far as the key may see."""

    groups: tuple[str, ...]
    """Names of the groups and series it is part of."""
    data_units: Mapping[UUID, Sequence[UUID]]
    """By dataset."""


class Uses(Protocol):
    """What Encord knows about the use of items."""

    def of(self, folder: UUID, item: UUID) -> Use:
        """Where an item of a folder is used now."""

    def take_out(self, dataset: UUID, data_units: Sequence[UUID]) -> None:
        """Delete data units from a dataset, with their tasks and labels; Reject if one of them is not there."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that removing works with."""

    folder: Callable[[UUID], Folder]
    uses: Uses
    exists: Callable[[Upload], bool]
    """Whether there is an object of this bucket and key now."""


def remove(upload: Upload, registration: Registration, desk: Desk) -> Removal:
    """Carry out `registration.deleted` for an object that its bucket says is deleted.

    Raises:
        Retry: Encord or S3 is not to be had now.
        Reject: Encord refuses.
    """
    case = _Case(upload, registration, desk)
    own, groups = case.found()
    use = desk.uses.of(registration.folder, own) if own else Use((), {})
    if desk.exists(upload):
        return case.skipped("deleted, and uploaded again since: its item stays where it is")
    if groups or use.groups:
        return case.in_group(own, groups or use.groups)
    if own is None:
        return case.unknown()
    return case.unlinked(own, use) if registration.deleted == "unlink" else case.standing(own)


@dataclass(frozen=True, slots=True)
class _Case:
    upload: Upload
    registration: Registration
    desk: Desk

    def found(self) -> tuple[UUID | None, tuple[str, ...]]:
        """The item made of this object alone, and the names of those made of it with others."""
        url = object_url(self.upload.bucket, self.upload.region, self.upload.key)
        folder, own, groups = self.desk.folder(self.registration.folder), None, []
        for stored in folder.named(self._names):
            files = [stored.url] if stored.url else folder.files(stored.id)
            if url in files and len(files) == 1:
                own = own or stored.id
            elif url in files:
                groups.append(stored.name)
        return own, tuple(groups)

    def in_group(self, item: UUID | None, names: Sequence[str]) -> Removal:
        told = " and ".join(names)
        return self._removal(
            "reported", f"the object is gone; it is part of {told}, which stands unchanged in {self._folder}", item
        )

    def unknown(self) -> Removal:
        if self.registration.group.kind == "none":
            return self.skipped(f"deleted; there is no item called so and made of it in {self._folder}")
        told = f"what its directory {self._directory} became in {self._folder}, if anything, stands unchanged"
        return self._removal("reported", f"the object is gone; {told}")

    def standing(self, item: UUID) -> Removal:
        return self._removal("reported", f"the object is gone; item {item} still stands in {self._folder}", item)

    def unlinked(self, item: UUID, use: Use) -> Removal:
        taken = sum(
            self._take_out(item, dataset, units)
            for dataset in self.registration.datasets
            if (units := use.data_units.get(dataset))
        )
        reason = f"the object is gone; item {item} is out of the registration's datasets and still in {self._folder}"
        return self._removal("unlinked", reason, item, taken)

    def skipped(self, reason: str) -> Removal:
        return self._removal("skipped", reason)

    @property
    def _names(self) -> list[str]:
        grouped = self.registration.group.kind != "none" and self._directory
        return [self.upload.key, self._directory] if grouped else [self.upload.key]

    @property
    def _directory(self) -> str:
        return self.upload.key.rpartition("/")[0]

    @property
    def _folder(self) -> str:
        return f"folder {self.registration.folder}"

    def _take_out(self, item: UUID, dataset: UUID, units: Sequence[UUID]) -> int:
        try:
            self.desk.uses.take_out(dataset, units)
        except Reject:
            # The same event in other hands may have been quicker.
            now = self.desk.uses.of(self.registration.folder, item).data_units.get(dataset, ())
            if not set(units).isdisjoint(now):
                raise
            return 0
        return len(units)

    def _removal(self, verdict: Verdict, reason: str, item: UUID | None = None, units: int = 0) -> Removal:
        return Removal.of(self.upload, self.registration.folder, verdict, reason, item, units)
