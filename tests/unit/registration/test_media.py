"""Which names are registered, and with which words the others are refused."""

import pytest

from encord_lambda.errors import Reject, Skip
from encord_lambda.registration import media, media_types
from encord_lambda.registration.events import Upload


def upload(key: str, size: int = 100) -> Upload:
    return Upload("media", "eu-west-1", key, size)


@pytest.mark.parametrize(
    ("key", "name", "section"),
    [
        ("day 1/IMG.JPEG", "JPEG", "images"),
        ("mri/T1.NII.GZ", "zipped NIfTI", "nifti"),
        ("mri/t1.nii", "NIfTI", "nifti"),
        ("a.b/notes.v2.yml", "YAML", "text"),
        ("ct/IM0001", "DICOM", "dicom_series"),
        ("ct/1.2.840.113619.2.55", "DICOM", "dicom_series"),
        ("ct/a.", "DICOM", "dicom_series"),
        ("photos.2031/001", "DICOM", "dicom_series"),
        ("x" * 296 + ".jpg", "JPEG", "images"),
    ],
)
def test_a_name_promises_a_type_and_its_section(key: str, name: str, section: str) -> None:
    kind = media.promised(upload(key))

    assert (kind.name, kind.section) == (name, section)


@pytest.mark.parametrize(
    ("key", "size", "reason"),
    [
        ("pets/", 0, "folder marker"),
        ("pets/.DS_Store", 9, "hidden file"),
        ("pets/._cat.jpg", 9, "hidden file"),
        ("pets/cat.jpg.metadata.json", 9, r"a sidecar, and `metadata\.from` .* does not name `sidecar`"),
    ],
)
def test_what_was_never_meant_to_be_registered_is_skipped(key: str, size: int, reason: str) -> None:
    with pytest.raises(Skip, match=reason):
        media.promised(upload(key, size))


@pytest.mark.parametrize(
    ("key", "size", "reason"),
    [
        ("a.jpg", 0, r"empty \(0 bytes\)"),
        ("a.onnx", 5, r"extension \.onnx is no supported media type: use one of \.jpg .* \.csv$"),
        ("a.gif", 5, r"extension \.gif is no"),
        ("a.tar.gz", 5, r"extension \.gz is no"),
        ("a.parquet", 5, r"extension \.parquet is no"),
        ("a.zip", 5, r"extension \.zip is no"),
        ("a.exe", 5, r"extension \.exe is no"),
        ("a.mpeg", 5, r"\.mpeg may be a video or a sound: rename a sound to \*\.mp3"),
        ("a.img", 5, r"\.img is half a NIfTI volume: save .* as one \.nii"),
        ("a.heic", 5, "convert it to JPEG"),
        ("a.pcd", 5, "a PCD point cloud needs a scene around it: import it by a manifest with `scenes`"),
        ("a.LAZ", 5, "a LAS point cloud"),
        ("a.jpg/", 5, "ends in a slash"),
        ("a\nb.jpg", 5, "control characters"),
        ("a\x85b.jpg", 5, "control characters"),
        ("x" * 297 + ".jpg", 5, "301 characters, Encord allows 300"),
    ],
)
def test_what_cannot_be_registered_is_refused_by_name(key: str, size: int, reason: str) -> None:
    with pytest.raises(Reject, match=reason):
        media.promised(upload(key, size))


@pytest.mark.parametrize(
    ("path", "found"),
    [("/ct/001.dcm", "DICOM"), ("/ct/001", None), ("a.parquet", None), ("a.las", "LAS"), (".jpg", None), ("", None)],
)
def test_manifests_are_checked_by_extension_alone(path: str, found: str | None) -> None:
    kind = media.by_extension(path)

    assert (kind and kind.name) == found


def test_no_two_types_have_one_name_or_one_extension() -> None:
    extensions = [extension for kind in media.MEDIA_TYPES for extension in kind.extensions]

    assert len(set(extensions)) == len(extensions)
    assert len({kind.name for kind in media.MEDIA_TYPES}) == len(media.MEDIA_TYPES)
    assert all(media_types.extension(f"a{extension}") == extension for extension in extensions)
