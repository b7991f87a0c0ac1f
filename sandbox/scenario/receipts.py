"""What the stack's own receipts say became of each object."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from encord_lambda.registration.receipts import Receipt, Refusals

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "receipts/"


class Receipts:
    """All receipts of a records bucket; each is read once, and again when it changed."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._read: dict[tuple[str, str], dict[str, str | None]] = {}  # by key and ETag

    def fates(self) -> dict[str, str | None]:
        """Per object key: None if it is registered, else the reason why not. What is pending is not in it."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=PREFIX)
        listed = [(entry["Key"], entry["ETag"]) for page in pages for entry in page.get("Contents", [])]
        known: dict[str, str | None] = {}
        for version in listed:
            if version not in self._read:
                self._read[version] = dict(_fates(self._body(version[0])))
            known = _merged(known, self._read[version])
        return known

    def _body(self, key: str) -> bytes:
        return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()


def _fates(body: bytes) -> Iterator[tuple[str, str | None]]:
    if b'"encord_job"' in body:
        for entry in Receipt.model_validate_json(body).objects:
            if entry.state in ("registered", "existing"):
                yield entry.key, None
            elif entry.state == "failed":
                yield entry.key, entry.reason or ""
    elif b'"refused"' in body:
        for refusal in Refusals.model_validate_json(body).objects:
            yield refusal.key, refusal.reason
    # The others are sums of these.


def _merged(one: Mapping[str, str | None], other: Mapping[str, str | None]) -> dict[str, str | None]:
    """An object that was registered once stays so, whatever a second delivery met."""
    registered = {key: None for fates in (one, other) for key, reason in fates.items() if reason is None}
    return {**one, **other, **registered}
