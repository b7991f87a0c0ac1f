"""Each upload is judged alone, but for events of one object."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Metadata, Registration
from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.registration.events import Head, Upload
from encord_lambda.registration.signatures import FIRST_BYTES
from encord_lambda.registration.sorting import Instruction, Removed, Sidecar, Single, Verdict, sort

JPEG = Head(b"\xff\xd8\xff\xe0", 9)
PETS = Registration(prefix="pets/", integration="aws", folder=UUID(int=1))
CATS = Registration(prefix="pets/cats/", integration="aws", folder=UUID(int=2), deleted="report")
TOLD = Registration(
    prefix="told/", integration="aws", folder=UUID(int=3), metadata=Metadata.model_validate({"from": ["sidecar"]})
)
PIPELINE = PipelineConfig(version=1, registrations=[PETS, CATS, TOLD])


def upload(key: str, size: int = 9, deleted: bool = False) -> Upload:
    return Upload("media", "eu-west-1", key, size, deleted)


def jpegs(uploads: Sequence[Upload], _length: int) -> Sequence[Head | Trouble]:
    return [JPEG] * len(uploads)


def verdict(one: Upload) -> Verdict:
    return sort([one], PIPELINE, jpegs)[one]


def test_an_upload_goes_where_the_longest_prefix_says() -> None:
    dog, cat = upload("pets/dog.jpg"), upload("pets/cats/tom.jpg")

    verdicts = sort([dog, cat], PIPELINE, jpegs)

    singles = [one for one in verdicts.values() if isinstance(one, Single)]
    assert [(one.registration, one.kind.name, one.head) for one in singles] == [
        (PETS, "JPEG", JPEG),
        (CATS, "JPEG", JPEG),
    ]


def test_only_objects_that_pass_by_name_are_read_and_all_at_once() -> None:
    read: list[tuple[list[str], int]] = []

    def heads(uploads: Sequence[Upload], length: int) -> Sequence[Head | Trouble]:
        read.append(([one.key for one in uploads], length))
        return [JPEG] * len(uploads)

    names = (
        "pets/a.jpg",
        "pets/a.exe",
        "birds/a.jpg",
        "pets/manifests/a.json",
        "told/a.jpg.metadata.json",
        "pets/b.jpg",
    )
    sort([*map(upload, names), upload("pets/cats/c.jpg", deleted=True)], PIPELINE, heads)

    assert read == [(["pets/a.jpg", "pets/b.jpg"], FIRST_BYTES)]


def test_nothing_is_asked_if_there_is_nothing_to_read() -> None:
    def heads(_uploads: Sequence[Upload], _length: int) -> Sequence[Head | Trouble]:
        raise AssertionError

    sort([upload("pets/a.exe")], PIPELINE, heads)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (upload("pets/a.jpg", deleted=True), "deleted from the bucket; deletions are ignored"),
        (upload("pets/cats/a.exe", deleted=True), "deleted from the bucket; by its name it was never registered"),
        (upload("pets/cats/.hidden", deleted=True), "a hidden file"),
        (upload("pets/cats/a.jpg.metadata.json", deleted=True), "a sidecar"),
        (upload("pets/manifests/a.csv", deleted=True), "deleted, and it was no media"),
        (upload("told/a.jpg.metadata.json", deleted=True), "deleted, and it was no media"),
        (upload("birds/a.jpg"), "no registration in pipeline.yaml has a prefix of this key"),
        (upload("pets/x/", size=0), "a folder marker, not a file"),
        (upload("pets/a.jpg.metadata.json"), "a sidecar, and `metadata.from`"),
        (upload("told/.metadata.json"), "a hidden file"),
        (upload("pets/manifests/._a.json"), "a hidden file"),
        (upload("pets/manifests/a.csv.receipt.json"), "a receipt"),
    ],
)
def test_what_is_no_work_is_skipped_with_its_reason(one: Upload, reason: str) -> None:
    found = verdict(one)

    assert isinstance(found, Skip)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize("key", ["pets/manifests/a.json", "pets/manifests/2031/b.CSV"])
def test_import_manifests_are_instructions_even_if_they_are_empty(key: str) -> None:
    assert verdict(upload(key, size=0)) == Instruction(PETS)


@pytest.mark.parametrize(
    "key", ["pets/a.json", "pets/manifests.csv", "pets/cats/x/manifests/a.json", "pets/shop.receipt.json"]
)
def test_json_and_csv_elsewhere_is_text(key: str) -> None:
    one = upload(key)

    found = sort([one], PIPELINE, lambda *_: [Head(b"{}", 2)])[one]

    assert isinstance(found, Single)
    assert found.kind.section == "text"


def test_a_sidecar_names_its_object() -> None:
    assert verdict(upload("told/day 1/a.jpg.metadata.json")) == Sidecar(TOLD, "told/day 1/a.jpg")


def test_a_deleted_object_is_told_of_where_that_is_asked_for() -> None:
    assert verdict(upload("pets/cats/a.jpg", size=0, deleted=True)) == Removed(CATS)


def test_a_bad_object_leaves_its_neighbours_alone() -> None:
    text, unreadable, good = (upload(f"pets/{n}.jpg") for n in range(3))

    verdicts = sort([text, unreadable, good], PIPELINE, lambda *_: [Head(b"text", 4), Retry("slow"), JPEG])

    assert isinstance(verdicts[text], Reject)
    assert isinstance(verdicts[unreadable], Retry)
    assert isinstance(verdicts[good], Single)


def test_of_an_object_that_was_deleted_and_written_again_only_the_last_event_counts() -> None:
    """S3 sends them in any order."""
    first = replace(upload("pets/cats/a.jpg"), sequencer="0055AED6DCD90281E5")
    gone = replace(upload("pets/cats/a.jpg", deleted=True), sequencer="0055AED6DCD90281E6")
    again = replace(upload("pets/cats/a.jpg"), sequencer="0055AED6DCD90281E7")

    verdicts = sort([again, gone, first], PIPELINE, jpegs)

    assert isinstance(verdicts[again], Single)
    overtaken = [verdicts[gone], verdicts[first]]
    assert all(isinstance(one, Skip) and one.reason.startswith("the object was written again") for one in overtaken)
