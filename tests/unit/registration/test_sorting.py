"""Each upload is judged alone."""

from collections.abc import Sequence
from uuid import UUID

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.registration.events import Upload
from encord_lambda.registration.sorting import sort

JPEG = b"\xff\xd8\xff\xe0"
PETS = Registration(prefix="pets/", integration="aws", folder=UUID(int=1))
CATS = Registration(prefix="pets/cats/", integration="aws", folder=UUID(int=2))
PIPELINE = PipelineConfig(version=1, registrations=[PETS, CATS])


def upload(key: str, size: int = 9, deleted: bool = False) -> Upload:
    return Upload("media", "eu-west-1", key, size, deleted)


def test_an_upload_goes_where_the_longest_prefix_says() -> None:
    dog, cat = upload("pets/dog.jpg"), upload("pets/cats/tom.jpg")

    assert sort([dog, cat], PIPELINE, lambda uploads, _: [JPEG] * len(uploads)) == {dog: PETS, cat: CATS}


def test_only_objects_that_pass_by_name_are_read() -> None:
    read: list[str] = []

    def heads(uploads: Sequence[Upload], _length: int) -> Sequence[bytes | Trouble]:
        read.extend(one.key for one in uploads)
        return [JPEG] * len(uploads)

    sort([upload(key) for key in ("pets/a.jpg", "pets/a.txt", "birds/a.jpg")], PIPELINE, heads)

    assert read == ["pets/a.jpg"]


def test_what_is_no_work_is_skipped_with_its_reason() -> None:
    gone, elsewhere, marker = upload("pets/a.jpg", deleted=True), upload("birds/a.jpg"), upload("pets/x/", size=0)

    verdicts = sort([gone, elsewhere, marker], PIPELINE, lambda _uploads, _length: [])

    reasons = [verdict.reason for verdict in verdicts.values() if isinstance(verdict, Skip)]
    assert [reason.split(";")[0] for reason in reasons] == [
        "deleted from the bucket",
        "no registration in pipeline.yaml has a prefix of this key",
        "a folder marker, not a file",
    ]


def test_a_bad_object_leaves_its_neighbours_alone() -> None:
    text, unreadable, good = (upload(f"pets/{n}.jpg") for n in range(3))

    verdicts = sort([text, unreadable, good], PIPELINE, lambda _uploads, _length: [b"text", Retry("slow"), JPEG])

    assert isinstance(verdicts[text], Reject)
    assert isinstance(verdicts[unreadable], Retry)
    assert verdicts[good] == PETS
