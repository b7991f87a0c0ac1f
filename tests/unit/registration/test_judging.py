"""Whoever decides about a whole bucket reads each object once, and holds only some of what was read."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.errors import Reject, Trouble
from encord_lambda.registration import judging
from encord_lambda.registration.client_metadata import Beside
from encord_lambda.registration.describing import Describer, Fetch
from encord_lambda.registration.directories.groups import GroupKey
from encord_lambda.registration.directories.instances import Instance
from encord_lambda.registration.directories.planning import Eyes, Listed
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.judging import Judge
from encord_lambda.registration.manifests import splitting
from encord_lambda.registration.manifests.items import Item, MediaMetadata
from encord_lambda.registration.media_types import MediaType
from encord_lambda.registration.sorting import Single

ALONE = Registration(prefix="pets/", integration="aws", folder=UUID(int=1))
GROUPED = Registration(prefix="sets/", integration="aws", folder=UUID(int=1), group=Grouping(kind="image_group"))
PIPELINE = PipelineConfig(version=1, registrations=[ALONE, GROUPED])
NOW = datetime(2031, 2, 3, tzinfo=UTC)


class Bucket:
    """JPEGs; notes what is read of it."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def heads(self, uploads: Sequence[Upload], length: int) -> Sequence[Head | Trouble]:
        self.read += [upload.key for upload in uploads]
        return [Head(b"\xff\xd8\xff"[:length], upload.size) for upload in uploads]

    def found(self, uploads: Sequence[Upload], sources: Collection[str]) -> Sequence[Beside | Trouble]:
        assert not sources
        return [Beside()] * len(uploads)

    def of(self, upload: Upload) -> Fetch:
        def fetch(start: int, end: int) -> bytes:
            raise AssertionError(upload, start, end)

        return fetch

    def probed(self, kind: MediaType, size: int, fetch: Fetch, first: bytes) -> MediaMetadata | None:
        raise AssertionError(kind, size, fetch, first)


def instance(fetch: Fetch, size: int, first: bytes) -> Instance:
    raise AssertionError(fetch, size, first)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture
def judge(bucket: Bucket) -> Judge:
    return Judge(PIPELINE, Eyes(bucket.heads, Describer(bucket, bucket, bucket), instance))


def uploads(*keys: str) -> list[Upload]:
    return [Upload("media", "eu-west-1", key, 3, at=NOW) for key in keys]


def group(judge: Judge, listed: Sequence[Upload]) -> Item:
    plan = judge.group(GroupKey("media", "sets/x/"), [Listed(upload, NOW) for upload in listed], GROUPED)
    assert plan.manifest
    [item] = plan.manifest.items
    return item


def test_objects_are_described_as_the_stack_does(judge: Judge) -> None:
    found = judge.sort(uploads("pets/a.jpg", "pets/b.exe"))

    [(upload, item)] = judge.singles({one: verdict for one, verdict in found.items() if isinstance(verdict, Single)})

    assert upload.key == "pets/a.jpg"
    assert not isinstance(item, Trouble)
    assert item.urls == ("https://media.s3.eu-west-1.amazonaws.com/pets/a.jpg",)


def test_members_of_a_directory_are_read_once(judge: Judge, bucket: Bucket) -> None:
    listed = uploads("sets/x/10.jpg", "sets/x/9.jpg", "sets/x/_COMPLETE")
    judge.sort(listed[:1])
    judge.sort(listed[1:])

    item = group(judge, listed)

    assert [url.rpartition("/")[2] for url in item.urls] == ["9.jpg", "10.jpg"]
    assert bucket.read == ["sets/x/10.jpg", "sets/x/9.jpg"]


def test_what_is_not_kept_is_read_again(judge: Judge, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_KEPT", 2)
    listed = uploads("sets/x/1.jpg", "sets/x/2.jpg", "sets/x/3.jpg")
    judge.sort(listed)

    assert len(group(judge, listed).urls) == 3

    assert bucket.read == ["sets/x/1.jpg", "sets/x/2.jpg", "sets/x/3.jpg", "sets/x/1.jpg"]


def test_what_is_too_large_for_any_upload_job_is_refused_alone(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "MEGABYTE", 100)
    some = uploads("pets/a.jpg", f"pets/{'b' * 200}.jpg")

    found = dict(judge.singles({u: one for u, one in judge.sort(some).items() if isinstance(one, Single)}))

    heavy = found[some[1]]
    assert isinstance(heavy, Reject)
    assert heavy.reason == (
        "its URLs and metadata are more than the 10 MB of an upload job: "
        "shorten the metadata, split it, or raise `jobs.megabytes`"
    )
    assert not isinstance(found[some[0]], Trouble)
