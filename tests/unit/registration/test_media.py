"""Which files are registered, and with which words the others are refused."""

import pytest

from encord_lambda.errors import Reject, Skip
from encord_lambda.registration import media
from encord_lambda.registration.events import Upload

HEADS = {
    "a.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "a.JPEG": b"\xff\xd8\xff\xe1",
    "a.png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "a.webp": b"RIFF\n\x00\x00\x00WEBPVP8 ",
    "a.avif": b"\x00\x00\x00\x1cftypavif",
    "a.bmp": b"BM6\x00",
    "a.tif": b"II*\x00\x08",
    "a.tiff": b"MM\x00*\x00",
}


def upload(key: str, size: int = 100) -> Upload:
    return Upload("media", "eu-west-1", key, size)


@pytest.mark.parametrize("name", HEADS)
def test_a_file_whose_bytes_keep_the_promise_of_its_name_is_accepted(name: str) -> None:
    media.confirm(media.promised(upload(f"day 1/{name}")), HEADS[name])


def test_a_folder_marker_is_skipped() -> None:
    with pytest.raises(Skip, match="folder marker"):
        media.promised(upload("pets/", 0))


@pytest.mark.parametrize(
    ("key", "size", "reason"),
    [
        ("a.jpg", 0, r"empty \(0 bytes\)"),
        ("a.onnx", 5, r"extension \.onnx is no supported image type: use one of \.jpg"),
        ("a.gif", 5, r"extension \.gif is no"),
        ("README", 5, "without an extension"),
        ("x" * 297 + ".jpg", 5, "301 characters, Encord allows 300"),
    ],
)
def test_what_cannot_be_an_image_is_refused_by_name(key: str, size: int, reason: str) -> None:
    with pytest.raises(Reject, match=reason):
        media.promised(upload(key, size))


def test_a_key_of_just_300_characters_is_accepted() -> None:
    assert media.promised(upload("x" * 296 + ".jpg")).mime_type == "image/jpeg"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"Dear diary,\n", "those of text"),
        (HEADS["a.png"], r"the first bytes PNG: rename it to \*\.png"),
        (b"%PDF-1.7", "those of a PDF"),
        (b"GIF89a", "those of a GIF"),
        (b"PK\x03\x04", "those of a ZIP"),
        (b"\x00\x00\x00\x18ftypmp42", "those of an MP4"),
        (b"\x00\x01\x02", "those of something else"),
    ],
)
def test_bytes_that_contradict_the_name_are_refused_and_called_what_they_are(head: bytes, reason: str) -> None:
    with pytest.raises(Reject, match=f"the name says JPEG, .*{reason}"):
        media.confirm(media.promised(upload("a.jpg")), head)
