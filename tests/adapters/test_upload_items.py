"""Manifests in the SDK's own model: all of each, as the SDK takes it and as Encord does."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest
from encord.orm.storage import DataUploadItems
from hypothesis import given

from encord_lambda.encord_platform.upload_items import data_upload_items
from encord_lambda.registration.manifests import items, json_manifest, upload_file
from encord_lambda.registration.manifests.entries import Entry
from encord_lambda.registration.manifests.items import Item
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs.reconciling import name_of
from sandbox.encord_twin import MemoryObjects, Settings, Twin, serve
from tests.twin.conftest import connect
from tests.twin.media_files import files, upload, url
from tests.twin.worlds import pets
from tests.unit.registration.any_manifests import ANY, manifests
from tests.unit.registration.test_json_examples import EXAMPLES, FORMATS, GUIDE

FILES: Final = [EXAMPLES / "formats" / f"{name}.json" for name in FORMATS] + [
    EXAMPLES / "guide" / f"{name}.json" for name, sections in GUIDE.items() if sections
]
SLICES: Final = [items.DicomFile(url=url(f"{number}.dcm")) for number in range(3)]
EVERYTHING: Final = Manifest.of(
    [
        items.Image(object_url=url("cat.jpg"), title="a cat", client_metadata={"site": None}),
        items.Image(object_url=url("dog.jpg")),
        items.Video(object_url=url("cat.mp4")),
        items.Audio(object_url=url("cat.wav")),
        items.Text(object_url=url("cat.html")),
        items.Pdf(object_url=url("cat.pdf")),
        items.Nifti(object_url=url("cat.nii")),
        items.ImageGroup(title="group", images=(items.GroupImage(url=url("cat.jpg"), title="front"),)),
        items.ImageGroup(title="run", images=(items.GroupImage(url=url("dog.jpg")),), create_video=True),
        items.DicomSeries(title="series", dicom_files=tuple(SLICES)),
    ]
)


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(pets(), objects=MemoryObjects(files()), settings=Settings(job_seconds=0)) as served:
        yield served


def read(data: bytes) -> list[Item]:
    return [one.item for one in json_manifest.read([data], lenient=True) if isinstance(one, Entry)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_example_becomes_the_sdks_model_and_comes_back(path: Path) -> None:
    manifest = Manifest.of(read(path.read_bytes()))

    theirs = data_upload_items(manifest)

    assert came_back(theirs) == [as_sent(item) for item in manifest.items]


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem != "data_upload_items"], ids=lambda path: path.stem
)
def test_every_example_that_is_an_upload_file_becomes_one_again(path: Path) -> None:
    manifest = Manifest.of(read(path.read_bytes()))

    assert read(upload_file.json_bytes(manifest)) == manifest.items


@given(manifests(ANY))
def test_nothing_is_lost_on_the_way_to_the_sdk(manifest: Manifest) -> None:
    theirs = data_upload_items(manifest)

    assert came_back(theirs) == [as_sent(item) for item in manifest.items]
    assert theirs.upsert_metadata == manifest.upsert_metadata


def came_back(theirs: DataUploadItems) -> Sequence[Item]:
    """Read from what the SDK would send."""
    return Manifest.of(read(json.dumps(theirs.to_dict()).encode())).items


def as_sent(item: Item) -> Item:
    """An item with the title it gets, and with what the SDK puts for what is not there."""
    update: dict[str, object] = {"client_metadata": item.client_metadata or {}, "title": name_of(item)}
    if isinstance(item, items.TimeSeries) and item.settings:
        channels = item.settings.channels.items()
        drawn = {name: channel.model_copy(update={"line_width": 1.5}) for name, channel in channels}
        update["settings"] = items.TimeSeriesSettings(channels=drawn)
    return item.model_copy(update=update)


def test_encord_imports_every_type(twin: Twin) -> None:
    folder = connect(twin).get_storage_folder(twin.ids.folders["pets"])

    result = upload(twin, folder, data_upload_items(EVERYTHING))

    assert (result.errors, result.units_done_count) == ([], 10)
    names = {item.name for item in folder.list_items()}
    assert names == {"a cat", "group", "run", "series"} | {
        f"/{name}" for name in ("dog.jpg", "cat.mp4", "cat.wav", "cat.html", "cat.pdf", "cat.nii")
    }
    again = upload(twin, folder, data_upload_items(EVERYTHING))
    assert len(list(folder.list_items())) == 10
    assert again.errors == []


def test_a_title_by_default_is_the_path_of_the_url_unless_it_is_too_long() -> None:
    short, long = "https://media.s3.eu-west-1.amazonaws.com/a/b%20c.jpg", f"https://a.b/{'x' * 300}"

    found = data_upload_items(Manifest.of([items.Image(object_url=one) for one in (short, long)]))

    assert [image.title for image in found.images] == ["/a/b%20c.jpg", None]
    assert (found.skip_duplicate_urls, found.upsert_metadata) == (True, False)
