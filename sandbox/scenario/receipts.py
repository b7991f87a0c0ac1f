"""What the stack's own receipts say became of each object, and what they add up to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from encord_lambda.registration.upload_jobs import receipts
from encord_lambda.registration.upload_jobs.receipts import Receipt, Refusals, Summary

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER = "receipts/"

type Fates = Mapping[str, str | None]
"""Per object, or per title: None if it is registered, else the reason why not. What is pending is not in it."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """All receipts at one moment."""

    fates: Mapping[str, Fates] = field(default_factory=dict)
    """By registration, as its folder is called: `receipts.slug` of the prefix."""
    days: Sequence[Summary] = ()
    """One for each registration, and two around midnight."""
    counted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """What the receipts themselves add up to, by registration as `fates`: objects by their state."""

    def counts(self, prefix: str) -> Mapping[str, int]:
        """Those of a registration."""
        return self.counted.get(receipts.slug(prefix), {})

    def of(self, prefix: str) -> Fates:
        """Those of a registration."""
        return self.fates.get(receipts.slug(prefix), {})


class RecordsBucket:
    """The bucket that receipts are kept in; each is read once, and again when it changed."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._read: dict[tuple[str, str], bytes] = {}  # by key and ETag

    def receipts(self) -> Receipts:
        """All of them as they are now."""
        fates: dict[str, Fates] = {}
        days: list[Summary] = []
        counted: dict[str, Counter[str]] = {}
        for key, body in self._bodies(FOLDER):
            folder, name = key.split("/")[-2:]
            if name == "day.json":
                days.append(Summary.model_validate_json(body))
                continue
            told = list(_told(folder, name, body))
            fates[folder] = _merged(fates.get(folder, {}), _known(told))
            counted.setdefault(folder, Counter()).update(one.state for one in told)
        return Receipts(fates, days, counted)

    def manifests(self) -> list[bytes]:
        """The import manifests that were handed to Encord, as they are kept."""
        return [body for _, body in self._bodies("manifests/")]

    def _bodies(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for entry in (entry for page in pages for entry in page.get("Contents", [])):
            version = (entry["Key"], entry["ETag"])
            if version not in self._read:
                self._read[version] = self._s3.get_object(Bucket=self._bucket, Key=entry["Key"])["Body"].read()
            yield entry["Key"], self._read[version]


class _Told(NamedTuple):
    """What one receipt says of one object."""

    key: str
    state: str
    reason: str | None = None


def _told(folder: str, name: str, body: bytes) -> Iterator[_Told]:
    if folder == "manifests" or name.startswith("removed-"):
        return  # the former are sums, the latter of objects that were registered once
    if receipts.is_refusals(name):
        for refusal in Refusals.model_validate_json(body).objects:
            yield _Told(refusal.key, "skipped" if refusal.verdict == "skipped" else "failed", refusal.reason)
        return
    for entry in Receipt.model_validate_json(body).objects:
        yield _Told(entry.key, entry.state, (entry.reason or "") if entry.state == "failed" else None)


def _merged(one: Fates, other: Fates) -> Fates:
    """An object that was registered once stays so, whatever a second delivery met."""
    registered = {key: None for fates in (one, other) for key, reason in fates.items() if reason is None}
    return {**one, **other, **registered}


def _known(told: Sequence[_Told]) -> Fates:
    return {one.key: one.reason for one in told if one.state != "pending"}
