"""What becomes of each object of a directory that is complete: it is listed, looked at, composed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple, Protocol

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.registration import client_metadata, sorting
from encord_lambda.registration.client_metadata import Beside
from encord_lambda.registration.describing import AT_ONCE, Describer, Fetch
from encord_lambda.registration.directories import grouping
from encord_lambda.registration.directories.group_items import Part
from encord_lambda.registration.directories.grouping import Composition, Refused
from encord_lambda.registration.directories.groups import GroupKey
from encord_lambda.registration.directories.instances import Instance
from encord_lambda.registration.directories.plans import Plan
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.sorting import Heads, Member, Verdict

MOST_LISTED: Final = 2 * grouping.MOST + 1000
"""Objects of a directory: the files of a full group, a sidecar of each, and some that do not count."""


class Listed(NamedTuple):
    """An object in S3, as if it was uploaded just now, and when it was last written."""

    upload: Upload
    modified: datetime


class Directories(Protocol):
    """What is in S3, which is always the whole truth."""

    def listed(self, key: GroupKey, region: str, limit: int) -> Sequence[Listed]:
        """The objects right in a directory, none of those further below; no more than `limit`."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """All that looks into objects."""

    heads: Heads
    describer: Describer
    instance: Callable[[Fetch, int, bytes], Instance]
    """Which file of which DICOM series one is whose parts can be fetched, of so many bytes, the first of them these.

    Reject: it does not tell."""


def plan(
    key: GroupKey, listed: Sequence[Listed], registration: Registration, pipeline: PipelineConfig, eyes: Eyes
) -> Plan:
    """What becomes of the objects of a directory.

    Raises:
        Retry: Some of them could not be looked at for now.
    """
    ours = [entry.upload for entry in listed if pipeline.registration(entry.upload.key) == registration]
    marker = key.directory + registration.group.marker
    if len(listed) > MOST_LISTED:
        too_many = f"its directory has more than {MOST_LISTED} objects: use several directories"
        parts, misfits = [Part(upload, trouble=too_many) for upload in ours if upload.key != marker], dict[str, str]()
    else:
        verdicts = sorting.sort(ours, pipeline, eyes.heads)
        members, misfits = _told_apart(verdicts)
        parts = looked_at(members, registration, eyes)
    if not parts:
        return _plan(key, (), _nothing([upload for upload in ours if upload.key == marker], misfits))
    return _plan(key, parts, grouping.composed(registration, key.directory, parts, misfits))


def looked_at(members: Mapping[Upload, Member], registration: Registration, eyes: Eyes) -> list[Part]:
    """The parts that members are, each as it was when it was looked at, `AT_ONCE` of them at once.

    Raises:
        Retry: One of them could not be looked at for now.
    """
    uploads = [_current(upload, member) for upload, member in members.items()]
    beside = eyes.describer.beside.found(uploads, registration.metadata.sources)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(partial(_part, eyes), uploads, members.values(), beside))


def _current(upload: Upload, member: Member) -> Upload:
    return replace(upload, etag=member.head.etag or upload.etag, version=member.head.version, size=member.head.size)


def _told_apart(verdicts: Mapping[Upload, Verdict]) -> tuple[dict[Upload, Member], dict[str, str]]:
    """The members, and the objects that are refused for themselves; whatever else is there does not count."""
    if waits := next((verdict for verdict in verdicts.values() if isinstance(verdict, Retry)), None):
        raise waits
    members = {upload: verdict for upload, verdict in verdicts.items() if isinstance(verdict, Member)}
    return members, {upload.key: verdict.reason for upload, verdict in verdicts.items() if isinstance(verdict, Reject)}


def _part(eyes: Eyes, upload: Upload, member: Member, beside: Beside | Trouble) -> Part:
    wishes, kind, head = member.registration.metadata, member.kind, member.head
    try:
        if isinstance(beside, Trouble):
            raise beside
        about = client_metadata.collected(upload, kind, head, beside, wishes)
        fetch = _once(eyes.describer.ranges.of(upload))
        found = eyes.describer.probed(fetch, kind, head, wishes)
        if kind.section != "dicom_series":
            return Part(upload, found, None, about)
        return Part(upload, found, eyes.instance(fetch, head.size, head.first), about)
    except Reject as trouble:
        return Part(upload, trouble=trouble.reason)
    except Skip as trouble:  # the directory is another one by now
        raise Retry(f"s3://{upload.bucket}/{upload.key}: {trouble.reason}") from None


def _once(fetch: Fetch) -> Fetch:
    """The same, but of what was fetched nothing is fetched again: a DICOM header says its series, and describes it."""
    known: list[tuple[int, bytes]] = []

    def fetched(start: int, end: int) -> bytes:
        for begin, part in known:
            if begin <= start and end <= begin + len(part):
                return part[start - begin : end - begin]
        known.append((start, fetch(start, end)))
        return known[-1][1]

    return fetched


def _nothing(marker: Iterable[Upload], misfits: Mapping[str, str]) -> Composition:
    """An empty group: only its marker can be refused."""
    misfit = next(iter(misfits.items()), None)
    but = f" but {misfit[0]}, which is refused: {misfit[1]}" if misfit else ": upload its files, then the marker"
    reason = f"the marker of an empty group; there is nothing in the directory{but}"
    return Composition((), tuple(Refused(upload, reason) for upload in marker))


def _plan(key: GroupKey, parts: Iterable[Part], found: Composition) -> Plan:
    refused = {entry.upload.key: (entry.upload.etag or "", entry.reason) for entry in found.refused}
    return Plan(
        bucket=key.bucket,
        directory=key.directory,
        manifest=Manifest.of(found.items) if found.items else None,
        members={part.upload.key: part.upload.etag or "" for part in parts if part.upload.key not in refused},
        refused=refused,
    )
