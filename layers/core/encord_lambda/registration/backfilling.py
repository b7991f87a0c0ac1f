"""Registering what is in a bucket already: each object is judged as if it was uploaded when it was last written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from typing import Final, Protocol

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.registration.directories import plans
from encord_lambda.registration.directories.completeness import complete_at
from encord_lambda.registration.directories.groups import GroupKey
from encord_lambda.registration.directories.planning import Listed
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.sorting import Instruction, Marker, Member, Single, Verdict

BATCH: Final = 200
"""Objects that are looked at together."""
REASONS: Final = 50
"""Reasons that are told apart; what is left out for still others is only counted."""
NAMED: Final = 3
"""Keys that are named for each reason."""
OTHERS: Final = "for other reasons"


@dataclass(slots=True)
class LeftOut:
    """Objects that are not registered, by their reasons: how many, and the first few keys. It stays small."""

    counts: Counter[str] = field(default_factory=Counter)
    keys: dict[str, list[str]] = field(default_factory=dict)

    def add(self, uploads: Iterable[Upload], reason: str) -> None:
        """Note objects; a reason that quotes the address of its object is that of others, too."""
        for upload in uploads:
            said = reason.replace(f"s3://{upload.bucket}/{upload.key}", "it")
            said = said if said in self.counts or len(self.counts) < REASONS else OTHERS
            self.counts[said] += 1
            self.keys.setdefault(said, [])
            self.keys[said] += [upload.key] * (len(self.keys[said]) < NAMED)


@dataclass(slots=True)
class Plan:
    """What becomes of the objects below a registration's prefix."""

    registration: Registration
    objects: int = 0
    """All that were looked at."""
    bytes: int = 0
    """Of the objects that are to be registered."""
    refused: LeftOut = field(default_factory=LeftOut)
    skipped: LeftOut = field(default_factory=LeftOut)
    unread: LeftOut = field(default_factory=LeftOut)
    """They could not be looked at; a later try may work."""
    incomplete: LeftOut = field(default_factory=LeftOut)
    """Their directory is not complete yet."""


class Judges(Protocol):
    """They decide as the deployed functions do: `judging.Judge`."""

    def sort(self, uploads: Sequence[Upload]) -> Mapping[Upload, Verdict]:
        """What each object is for its registration."""

    def singles(self, found: Mapping[Upload, Single]) -> Iterator[tuple[Upload, Item | Trouble]]:
        """The items that objects become, each alone, or why not."""

    def group(self, key: GroupKey, listed: Sequence[Listed], registration: Registration) -> plans.Plan:
        """What becomes of the objects of a complete directory.

        Raises:
            Trouble: Some of them could not be looked at.
        """


def scope(pipeline: PipelineConfig, prefix: str) -> list[tuple[Registration, str]]:
    """The registrations that take objects below `prefix`, each with the prefix below which they are."""
    covering = pipeline.registration(prefix)
    below = [(one, one.prefix) for one in pipeline.registrations if one.prefix.startswith(prefix)]
    return [(covering, prefix), *below] if covering and covering.prefix != prefix else below


class Backfill:
    """One run through a registration's objects; `plan` says at any time what has come of it so far."""

    def __init__(self, registration: Registration, judges: Judges, now: datetime) -> None:
        self.plan = Plan(registration)
        self._registration, self._judges, self._now = registration, judges, now
        self._directories: dict[GroupKey, _Directory] = {}

    def items(self, uploads: Iterable[Upload]) -> Iterator[Item]:
        """The items that objects, in the order of their keys, become; only what is open at a time is held."""
        for some in batched(uploads, BATCH, strict=False):
            self.plan.objects += len(some)
            yield from self._judged(some)
            yield from self._passed(some[-1].key)
        yield from self._passed(None)

    def _judged(self, some: Sequence[Upload]) -> Iterator[Item]:
        verdicts = self._judges.sort(some)
        for upload, verdict in verdicts.items():
            if self._registration.group.kind != "none":
                self._directory(upload).add(upload, verdict)
            if not isinstance(verdict, Single | Member | Marker):
                self._leave_out([upload], verdict)
        for upload, item in self._judges.singles({u: v for u, v in verdicts.items() if isinstance(v, Single)}):
            if isinstance(item, Trouble):
                self._leave_out([upload], item)
            else:
                self.plan.bytes += upload.size
                yield item

    def _passed(self, until: str | None) -> Iterator[Item]:
        """What becomes of the directories that no key after `until` belongs to; of all, without it."""
        for key in [key for key in self._directories if until is None or not until.startswith(key.directory)]:
            directory = self._directories.pop(key)
            if directory.is_complete(self._registration.group, self._now):
                yield from self._grouped(key, directory)
            else:
                self.plan.incomplete.add(directory.members, directory.waits_for(self._registration.group))

    def _grouped(self, key: GroupKey, directory: "_Directory") -> Iterator[Item]:
        try:
            found = self._judges.group(key, directory.listed, self._registration)
        except Trouble as trouble:
            self._leave_out(directory.members, trouble)
            return
        for upload in (entry.upload for entry in directory.listed):
            if refused := found.refused.get(upload.key):
                self.plan.refused.add([upload], refused[1])
            elif upload.key in found.members:
                self.plan.bytes += upload.size
        yield from found.manifest.items if found.manifest else ()

    def _leave_out(self, uploads: Iterable[Upload], verdict: Verdict) -> None:
        match verdict:
            case Reject():
                self.plan.refused.add(uploads, verdict.reason)
            case Retry():
                self.plan.unread.add(uploads, verdict.reason)
            case Skip():
                self.plan.skipped.add(uploads, verdict.reason)
            case Instruction():
                self.plan.skipped.add(uploads, "an import manifest, not media")
            case _:
                self.plan.skipped.add(uploads, "client metadata of another object")

    def _directory(self, upload: Upload) -> "_Directory":
        return self._directories.setdefault(
            GroupKey(upload.bucket, upload.key[: upload.key.rfind("/") + 1]), _Directory()
        )


@dataclass(slots=True)
class _Directory:
    """What is right in a directory, and which of it counts."""

    listed: list[Listed] = field(default_factory=list)
    members: list[Upload] = field(default_factory=list)
    is_marked: bool = False

    def add(self, upload: Upload, verdict: Verdict) -> None:
        self.listed.append(Listed(upload, upload.at or datetime.min.replace(tzinfo=UTC)))
        self.is_marked |= isinstance(verdict, Marker)
        if isinstance(verdict, Member):
            self.members.append(upload)

    def is_complete(self, group: Grouping, now: datetime) -> bool:
        """As the deployed functions see it, who know besides when events came; one without a member needs a marker."""
        if not (self.members or self.is_marked):
            return False
        at = complete_at(group, max(entry.modified for entry in self.listed), is_marked=self.is_marked)
        return at is not None and at <= now

    def waits_for(self, group: Grouping) -> str:
        """Why it is not complete."""
        if self.is_marked:
            return f"something came into its directory a moment ago, though {group.marker} is there"
        told = f"its directory has no {group.marker} yet"
        return f"{told}, nor was it quiet for {group.quiet_minutes} minutes" if group.quiet_minutes else told
