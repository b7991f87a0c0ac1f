"""What is in a bucket already: judged as uploads are, directory by directory, and never all at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.errors import Misconfigured, Reject, Retry, Skip, Trouble
from encord_lambda.registration import backfilling
from encord_lambda.registration.backfilling import Backfill
from encord_lambda.registration.directories.completeness import SETTLING
from encord_lambda.registration.directories.groups import GroupKey
from encord_lambda.registration.directories.planning import Listed
from encord_lambda.registration.directories.plans import Plan
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.manifests.items import GroupImage, Image, ImageGroup, Item
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.media import MEDIA_TYPES
from encord_lambda.registration.sorting import Instruction, Marker, Member, Sidecar, Single, Verdict

NOW = datetime(2031, 2, 3, 12, tzinfo=UTC)
ALONE = Registration(prefix="pets/", integration="aws", folder=UUID(int=1))
GROUPED = Registration(prefix="sets/", integration="aws", folder=UUID(int=1), group=Grouping(kind="image_group"))
QUIET = GROUPED.model_copy(update={"group": Grouping(kind="image_group", quiet_minutes=60)})


def an_upload(key: str, at: datetime = NOW - SETTLING, size: int = 10) -> Upload:
    return Upload("media", "eu-west-1", key, size, at=at)


class Judge:
    """Judges by name; remembers how many objects it was shown at once."""

    def __init__(self, registration: Registration, troubles: Mapping[str, Trouble] | None = None) -> None:
        self._registration, self._troubles = registration, troubles or {}
        self.shown: list[int] = []

    def sort(self, uploads: Sequence[Upload]) -> Mapping[Upload, Verdict]:
        self.shown.append(len(uploads))
        return {upload: self._verdict(upload) for upload in uploads}

    def singles(self, found: Mapping[Upload, Single]) -> Iterator[tuple[Upload, Item | Trouble]]:
        for upload in found:
            bad = Reject("it cannot be probed") if "unprobed" in upload.key else None
            yield upload, bad or Image(object_url=f"https://{upload.key}")

    def group(self, key: GroupKey, listed: Sequence[Listed], registration: Registration) -> Plan:
        assert registration is self._registration
        keys = [entry.upload.key for entry in listed]
        if any("unread" in one for one in keys):
            raise Retry("SlowDown")
        members = {one: "" for one in keys if one.endswith(".jpg") and "odd" not in one}
        images = tuple(GroupImage(url=one) for one in members)
        item = ImageGroup(title=key.directory.removesuffix("/"), images=images)
        refused = {one: ("", "odd") for one in keys if "odd" in one}
        return Plan(
            bucket=key.bucket,
            directory=key.directory,
            manifest=Manifest.of([item]),
            members=members,
            refused=refused,
        )

    def _verdict(self, upload: Upload) -> Verdict:
        directory, _, name = upload.key.rpartition("/")
        head = Head(b"", upload.size)
        if trouble := self._troubles.get(upload.key):
            return trouble
        if name.endswith(".metadata.json"):
            return Sidecar(self._registration, upload.key.removesuffix(".metadata.json"))
        if name.endswith(".json"):
            return Instruction(self._registration)
        if self._registration.group.kind == "none":
            return Single(self._registration, MEDIA_TYPES[0], head)
        if name == "_COMPLETE":
            return Marker(self._registration, f"{directory}/")
        return Member(self._registration, f"{directory}/", MEDIA_TYPES[0], head)


def test_each_object_is_an_item_or_left_out_for_a_reason() -> None:
    troubles = {
        "pets/b.exe": Reject("no media"),
        "pets/c": Skip("a folder marker"),
        "pets/d.jpg": Retry("cannot read s3://media/pets/d.jpg: SlowDown"),
    }
    run = Backfill(ALONE, Judge(ALONE, troubles), NOW)
    keys = ["pets/a.jpg", *troubles, "pets/e-unprobed.jpg", "pets/manifests/x.json", "pets/z.jpg.metadata.json"]

    items = list(run.items(an_upload(key) for key in keys))

    assert [item.urls for item in items] == [("https://pets/a.jpg",)]
    assert (run.plan.objects, run.plan.bytes) == (7, 10)
    assert run.plan.refused.keys == {"no media": ["pets/b.exe"], "it cannot be probed": ["pets/e-unprobed.jpg"]}
    assert run.plan.unread.keys == {"cannot read it: SlowDown": ["pets/d.jpg"]}
    assert run.plan.skipped.keys == {
        "a folder marker": ["pets/c"],
        "an import manifest, not media": ["pets/manifests/x.json"],
        "client metadata of another object": ["pets/z.jpg.metadata.json"],
    }


def test_objects_are_looked_at_some_at_a_time() -> None:
    judge = Judge(ALONE)
    run = Backfill(ALONE, judge, NOW)

    items = run.items(an_upload(f"pets/{number}.jpg") for number in range(backfilling.BATCH * 3))

    next(items)
    assert judge.shown == [backfilling.BATCH]
    assert len(list(items)) == backfilling.BATCH * 3 - 1


def test_a_complete_directory_is_one_item_however_many_batches_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its marker comes before its members in the order of keys, and other directories are inside of it."""
    monkeypatch.setattr(backfilling, "BATCH", 2)
    keys = ["_COMPLETE", "a.jpg", "b/1.jpg", "b/2.jpg", "b/_COMPLETE", "c.jpg", "d.jpg"]
    run = Backfill(GROUPED, Judge(GROUPED), NOW)

    items = list(run.items(an_upload(f"sets/x/{key}") for key in keys))

    assert [(item.title, len(item.urls)) for item in items] == [("sets/x/b", 2), ("sets/x", 3)]
    assert run.plan.bytes == 50
    assert not run.plan.incomplete.counts


def test_what_is_refused_of_a_complete_directory_is_told() -> None:
    """Also what is no part of it: the plan sees all of the directory."""
    run = Backfill(GROUPED, Judge(GROUPED, {"sets/x/t.txt": Reject("a text")}), NOW)

    [item] = run.items(an_upload(f"sets/x/{name}") for name in ("_COMPLETE", "a.jpg", "odd.jpg", "t.txt"))

    assert len(item.urls) == 1
    assert run.plan.refused.keys == {"a text": ["sets/x/t.txt"], "odd": ["sets/x/odd.jpg"]}
    assert run.plan.bytes == 10


def test_a_directory_that_cannot_be_looked_at_keeps_no_other_back() -> None:
    run = Backfill(GROUPED, Judge(GROUPED), NOW)
    keys = ["sets/x/_COMPLETE", "sets/x/unread.jpg", "sets/y/_COMPLETE", "sets/y/a.jpg"]

    assert [item.title for item in run.items(map(an_upload, keys))] == ["sets/y"]

    assert run.plan.unread.keys == {"SlowDown": ["sets/x/unread.jpg"]}


def test_a_directory_without_its_marker_waits() -> None:
    run = Backfill(GROUPED, Judge(GROUPED), NOW)

    assert list(run.items([an_upload("sets/x/a.jpg"), an_upload("sets/x/b.jpg")])) == []

    assert run.plan.incomplete.counts == {"its directory has no _COMPLETE yet": 2}


@pytest.mark.parametrize(("minutes", "items"), [(59, 0), (60, 1)])
def test_a_directory_that_was_quiet_for_long_enough_needs_no_marker(minutes: int, items: int) -> None:
    """The last of its objects counts."""
    run = Backfill(QUIET, Judge(QUIET), NOW)
    uploads = [
        an_upload("sets/x/a.jpg", NOW - timedelta(minutes=minutes)),
        an_upload("sets/x/b.jpg", NOW - timedelta(days=1)),
    ]

    assert len(list(run.items(uploads))) == items

    waiting = "its directory has no _COMPLETE yet, nor was it quiet for 60 minutes"
    assert run.plan.incomplete.counts == ({} if items else {waiting: 2})


def test_a_marker_ends_the_quiet() -> None:
    run = Backfill(QUIET, Judge(QUIET), NOW)

    assert len(list(run.items([an_upload("sets/x/_COMPLETE"), an_upload("sets/x/a.jpg")]))) == 1


def test_a_marker_does_not_hurry_those_that_are_still_coming() -> None:
    run = Backfill(GROUPED, Judge(GROUPED), NOW)
    uploads = [an_upload("sets/x/_COMPLETE"), an_upload("sets/x/a.jpg", NOW - SETTLING + timedelta(seconds=1))]

    assert list(run.items(uploads)) == []

    told = "something came into its directory a moment ago, though _COMPLETE is there"
    assert run.plan.incomplete.counts == {told: 1}


def test_of_many_reasons_only_some_are_told_apart() -> None:
    troubles = {f"pets/{number:03}.jpg": Reject(f"reason {number}") for number in range(backfilling.REASONS + 7)}
    run = Backfill(ALONE, Judge(ALONE, troubles), NOW)

    list(run.items(map(an_upload, troubles)))

    assert run.plan.refused.counts["for other reasons"] == 7
    assert len(run.plan.refused.keys["for other reasons"]) == backfilling.NAMED
    assert len(run.plan.refused.counts) == backfilling.REASONS + 1


def test_a_misconfiguration_of_one_object_does_not_end_the_run() -> None:
    """It may be an object that only others may read."""
    run = Backfill(ALONE, Judge(ALONE, {"pets/a.jpg": Misconfigured("AccessDenied")}), NOW)

    assert len(list(run.items(map(an_upload, ["pets/a.jpg", "pets/b.jpg"])))) == 1

    assert run.plan.unread.counts == {"AccessDenied": 1}


def prefixes(prefix: str, *registered: str) -> list[tuple[str, str]]:
    registrations = [ALONE.model_copy(update={"prefix": one}) for one in registered]
    pipeline = PipelineConfig(version=1, registrations=registrations)
    return [(one.prefix, below) for one, below in backfilling.scope(pipeline, prefix)]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("", [("pets/", "pets/"), ("pets/raw/", "pets/raw/"), ("scans/", "scans/")]),
        ("pets/", [("pets/", "pets/"), ("pets/raw/", "pets/raw/")]),
        ("pets/2024/", [("pets/", "pets/2024/")]),
        ("pets/r", [("pets/", "pets/r"), ("pets/raw/", "pets/raw/")]),
        ("pets/raw/7", [("pets/raw/", "pets/raw/7")]),
        ("pet", [("pets/", "pets/"), ("pets/raw/", "pets/raw/")]),
        ("dogs/", []),
    ],
)
def test_a_prefix_is_covered_by_registrations_above_and_below_it(prefix: str, found: list[tuple[str, str]]) -> None:
    assert prefixes(prefix, "pets/", "pets/raw/", "scans/") == found


def test_a_registration_of_the_whole_bucket_covers_everything() -> None:
    assert prefixes("x/", "", "pets/") == [("", "x/")]
    assert prefixes("", "", "pets/") == [("", ""), ("pets/", "pets/")]
