"""Files that are not what they were said to be, and integrations that may not look."""

import gzip

import pytest
from encord import EncordUserClient
from encord.exceptions import InvalidArgumentsError
from encord.orm.storage import (
    CustomerProvidedDicomSeriesDicomFileMetadata,
    CustomerProvidedImageMetadata,
    CustomerProvidedPdfMetadata,
    CustomerProvidedTextMetadata,
    DataUploadDicomSeries,
    DataUploadDicomSeriesDicomFile,
    DataUploadImage,
    DataUploadImageGroup,
    DataUploadImageGroupImage,
    DataUploadItems,
    DataUploadNifti,
    DataUploadPDF,
    DataUploadText,
    DataUploadVideo,
)
from encord.storage import StorageFolder

from sandbox.artwork.scans import series
from sandbox.encord_twin import IntegrationSpec, MemoryObjects, Twin, World
from sandbox.encord_twin.platform.media import Undecodable, inspect
from sandbox.encord_twin.platform.media.dicom import REQUIRED_TAGS
from sandbox.encord_twin.platform.media_facts import MediaKind
from tests.twin.media_files import files, upload, url
from tests.twin.worlds import pets

KINDS = {
    "cat.jpg": MediaKind.IMAGE,
    "cat.mp4": MediaKind.VIDEO,
    "cat.wav": MediaKind.AUDIO,
    "cat.pdf": MediaKind.PDF,
    "cat.nii": MediaKind.NIFTI,
    "1.dcm": MediaKind.DICOM_FILE,
}
TAGS = dict.fromkeys(REQUIRED_TAGS) | {
    "00080018": {"vr": "UI", "Value": ["1.2.3.1"]},
    "0020000D": {"vr": "UI", "Value": ["1.2.3"]},
    "0020000E": {"vr": "UI", "Value": ["1.2.3.9"]},
    "00280010": {"vr": "US", "Value": [32]},
    "00280011": {"vr": "US", "Value": [48]},
}


class Unopened(MemoryObjects):
    """Objects nobody may open."""

    def read(self, url: str) -> bytes:
        raise AssertionError(f"{url} was read")


@pytest.fixture
def world() -> World:
    integrations = [IntegrationSpec(title="aws"), IntegrationSpec(title="blind", client_only=True)]
    return pets().model_copy(update={"integrations": integrations})


@pytest.fixture
def folder(twin: Twin, client: EncordUserClient) -> StorageFolder:
    return client.get_storage_folder(twin.ids.folders["pets"])


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
@pytest.mark.parametrize("share", [0.3, 0.97])
def test_a_file_that_is_cut_off_is_refused(name: str, kind: MediaKind, share: float) -> None:
    body = files()[url(name)]

    with pytest.raises(Undecodable):
        inspect(kind, body[: int(len(body) * share)], url(name))


@pytest.mark.parametrize("kind", sorted({*KINDS.values(), MediaKind.PLAIN_TEXT}))
def test_an_empty_file_is_refused_as_empty(kind: MediaKind) -> None:
    with pytest.raises(Undecodable, match="empty"):
        inspect(kind, b"", url("empty"))


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_a_file_of_another_kind_is_called_what_it_is(name: str, kind: MediaKind) -> None:
    for other, body in files().items():
        if not other.endswith(name[-4:]):
            with pytest.raises(Undecodable, match=r"Expected an? .*, got a file of type \w+/[\w-]+"):
                inspect(kind, body, other)


def test_a_compressed_volume_and_a_page_of_html_are_read_too() -> None:
    volume = inspect(MediaKind.NIFTI, gzip.compress(files()[url("cat.nii")]), url("cat.nii.gz"))
    page = inspect(MediaKind.PLAIN_TEXT, files()[url("cat.html")], url("cat.html"))

    assert (volume.frames, page.mime_type) == (3, "text/html")


@pytest.mark.parametrize(("body", "reason"), [(b"caf\xe9", "not UTF-8"), (b"a\0b", "NUL")])
def test_what_is_no_text_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Undecodable, match=reason):
        inspect(MediaKind.PLAIN_TEXT, body, url("a.txt"))


def test_bad_files_become_unit_errors_with_their_urls(
    twin: Twin, folder: StorageFolder, objects: MemoryObjects
) -> None:
    for address, body in files().items():
        objects.put(address, body)
    other = series("Dog", 2, size=(48, 32), slices=1)[0]
    objects.put(url("other.dcm"), other)
    pictures = [DataUploadImageGroupImage(url=url(name)) for name in ("cat.jpg", "missing.jpg")]
    mixed_up = [DataUploadDicomSeriesDicomFile(url=url(name), title=name) for name in ("0.dcm", "other.dcm")]

    result = upload(
        twin,
        folder,
        DataUploadItems(
            videos=[DataUploadVideo(object_url=url("cat.jpg"))],
            image_groups=[DataUploadImageGroup(images=pictures, title="g")],
            dicom_series=[DataUploadDicomSeries(dicom_files=mixed_up, title="s")],
            images=[DataUploadImage(object_url=url("cat.jpg"), title="x" * 301)],
            text=[DataUploadText(object_url=url("x" * 16_384), title="t")],
        ),
    )

    reasons = {tuple(error.object_urls): error.error for error in result.unit_errors}
    assert reasons[(url("cat.jpg"), url("missing.jpg"))].endswith("NoSuchKey")
    assert "different studies" in reasons[(url("0.dcm"), url("other.dcm"))]
    assert set(result.errors) >= {
        "Expected a video, got a file of type image/jpeg",
        "the name has 301 characters, at most 300 are allowed",
        f"a URL has {len(url('x' * 16_384))} bytes, at most 16384 are allowed",
    }
    assert (result.units_done_count, result.units_error_count) == (0, 5)


@pytest.mark.parametrize(
    ("manifest", "place"),
    [
        ({"image_groups": [{"title": "g", "objectUrl_0": "https://b/0", "objectUrl_2": "https://b/2"}]}, "objectUrl_1"),
        ({"image_groups": [{"objectUrl_0": "https://b/0"}]}, r"image_groups\[0\].title"),
        ({"dicom_series": [{"title": "s"}]}, "objectUrl_0"),
        ({"videos": [{"objectUrl": "https://b/v", "videoMetadata": {"fps": 25}}]}, "videoMetadata.duration"),
        ({"imageGroups": []}, "imageGroups"),
        ({"images": [{"objectUrl": " "}]}, "objectUrl"),
        ({"images": [{"objectUrl": "https://b/i"}], "skip_duplicate_urls": "yes"}, "skip_duplicate_urls"),
        ({"images": {"objectUrl": "https://b/i"}}, "images"),
    ],
)
def test_a_malformed_manifest_starts_no_job_and_names_the_place(
    twin: Twin, folder: StorageFolder, manifest: dict[str, object], place: str
) -> None:
    with pytest.raises(InvalidArgumentsError, match=place):
        upload(twin, folder, manifest)

    assert twin.store.jobs == {}


class TestStrictClientOnlyAccess:
    """The platform never reads a file and signs no URL."""

    @pytest.fixture
    def objects(self) -> MemoryObjects:
        return Unopened(files())

    def test_files_are_registered_as_described_and_never_signed(self, twin: Twin, folder: StorageFolder) -> None:
        image = CustomerProvidedImageMetadata(mime_type="image/jpeg", file_size=9, height=10, width=20)
        tags = CustomerProvidedDicomSeriesDicomFileMetadata(tags=TAGS)
        slices = [DataUploadDicomSeriesDicomFile(url=url("0.dcm"), title="0", dicom_metadata=tags)]
        described = DataUploadItems(
            images=[DataUploadImage(object_url=url("cat.jpg"), title="i", image_metadata=image)],
            pdf=[
                DataUploadPDF(
                    object_url=url("cat.pdf"),
                    title="p",
                    pdf_metadata=CustomerProvidedPdfMetadata(file_size=9, num_pages=7),
                )
            ],
            dicom_series=[DataUploadDicomSeries(dicom_files=slices, title="s")],
            text=[
                DataUploadText(
                    object_url=url("cat.txt"),
                    title="t",
                    text_metadata=CustomerProvidedTextMetadata(file_size=9, mime_type="text/markdown"),
                )
            ],
        )

        result = upload(twin, folder, described, "blind")

        assert result.errors == []
        found = {item.name: item for item in folder.list_items(get_signed_urls=True)}
        assert (found["i"].width, found["p"].frame_count, found["t"].mime_type) == (20, 7, "text/markdown")
        assert (found["s"].width, found["s"].height, found["s"].dicom_study_uid) == (48, 32, "1.2.3")
        assert [found[name].get_signed_url() for name in ("i", "p", "t")] == [None] * 3
        assert found["i"].url == url("cat.jpg")

    def test_what_is_not_described_fails_and_says_what_is_missing(self, twin: Twin, folder: StorageFolder) -> None:
        one = [DataUploadImageGroupImage(url=url("dog.jpg"))]
        lacking = CustomerProvidedDicomSeriesDicomFileMetadata(tags={"00080018": None})
        slices = [DataUploadDicomSeriesDicomFile(url=url("0.dcm"), title="0", dicom_metadata=lacking)]

        result = upload(
            twin,
            folder,
            DataUploadItems(
                videos=[DataUploadVideo(object_url=url("cat.mp4"))],
                nifti=[DataUploadNifti(object_url=url("cat.nii"))],
                image_groups=[
                    DataUploadImageGroup(images=one, title="g"),
                    DataUploadImageGroup(images=one, title="s", create_video=True),
                ],
                dicom_series=[DataUploadDicomSeries(dicom_files=slices, title="d")],
            ),
            "blind",
        )

        strict = "strict client-only access:"
        assert set(result.errors) >= {
            f"{strict} videoMetadata is missing for {url('cat.mp4')}",
            f"{strict} imageMetadata is missing for {url('dog.jpg')}",
            f"{strict} metadata, which no nifti can have, is missing for {url('cat.nii')}",
            f"{strict} image sequences need files to be converted; set createVideo to false",
        }
        assert any(error.startswith("dicomMetadata.tags lacks 00100020, 00180050") for error in result.errors)
        assert result.units_done_count == 0
