"""The library that `make demo` uploads, registered in a world of its own."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from encord import EncordUserClient
from encord.orm.storage import StorageItemType as Type

from encord_lambda.encord_platform.upload_items import data_upload_items
from encord_lambda.registration.manifests.items import (
    Audio,
    DicomFile,
    DicomSeries,
    GroupImage,
    Image,
    ImageGroup,
    Item,
    Nifti,
    Pdf,
    Text,
    Video,
)
from encord_lambda.registration.manifests.manifest import Manifest, object_url
from sandbox.encord_twin.world import IntegrationSpec, World
from sandbox.ministack import REGION
from sandbox.scenario.library import DATASET, FOLDER, Piece, extended
from sandbox.scenario.world import INTEGRATION

BUCKET = "library"
PATIENCE = 30  # seconds that the import may take
SINGLE: Mapping[Type, type[Image | Video | Audio | Nifti | Pdf | Text]] = {
    Type.IMAGE: Image,
    Type.VIDEO: Video,
    Type.AUDIO: Audio,
    Type.NIFTI: Nifti,
    Type.PDF: Pdf,
    Type.PLAIN_TEXT: Text,
}


def world() -> World:
    """A folder with nothing in it, and leave to read the files."""
    return extended(World(integrations=[IntegrationSpec(title=INTEGRATION)]))


def files(pieces: Iterable[Piece]) -> dict[str, bytes]:
    """The objects, by URL."""
    return {_url(key): body for piece in pieces for key, body in piece.files.items()}


def register(client: EncordUserClient, integration: UUID, pieces: Sequence[Piece]) -> None:
    """Have Encord import all of them and link them to the dataset."""
    manifest = Manifest.of(_item(piece) for piece in pieces)
    folder = client.get_storage_folder(FOLDER)
    job = folder.add_private_data_to_folder_start(str(integration), data_upload_items(manifest))
    done = folder.add_private_data_to_folder_get_result(job, timeout_seconds=PATIENCE)
    client.get_dataset(str(DATASET)).link_items([item.item_uuid for item in done.items_with_names])


def _item(piece: Piece) -> Item:
    keys, about = list(piece.files), {"title": piece.title, "client_metadata": dict(piece.metadata) or None}
    if piece.type is Type.DICOM_SERIES:
        files = tuple(DicomFile(url=_url(key), title=key) for key in keys)
        return DicomSeries.model_validate({"dicom_files": files, **about})
    if piece.type in (Type.IMAGE_GROUP, Type.IMAGE_SEQUENCE):
        images = tuple(GroupImage(url=_url(key), title=key) for key in keys)
        return ImageGroup.model_validate({"images": images, "create_video": piece.type is Type.IMAGE_SEQUENCE, **about})
    return SINGLE[piece.type].model_validate({"object_url": _url(keys[0]), **about})


def _url(key: str) -> str:
    return object_url(BUCKET, REGION, key)
