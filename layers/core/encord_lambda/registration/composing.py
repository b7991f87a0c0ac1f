"""The item that an object becomes which is registered alone."""

from collections.abc import Mapping
from typing import Final

from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.items import (
    Audio,
    ClientMetadata,
    DicomSeries,
    Image,
    Item,
    MediaMetadata,
    Nifti,
    Pdf,
    Section,
    Text,
    Video,
)
from encord_lambda.registration.manifests.manifest import object_url
from encord_lambda.registration.media_types import MediaType

_FILES: Final[Mapping[Section, tuple[type[Video | Image | Audio | Text | Pdf], str]]] = {
    "videos": (Video, "video_metadata"),
    "images": (Image, "image_metadata"),
    "audio": (Audio, "audio_metadata"),
    "text": (Text, "text_metadata"),
    "pdfs": (Pdf, "pdf_metadata"),
}


def item(upload: Upload, kind: MediaType, client_metadata: ClientMetadata, metadata: MediaMetadata | None) -> Item:
    """The item, titled by its whole key; `metadata` is what probing found, of the model that fits `kind`.

    A DICOM file becomes a series of its own: a series of several files wants a registration that groups them.
    """
    url = object_url(upload.bucket, upload.region, upload.key)
    about = {"title": upload.key, "client_metadata": client_metadata or None}
    if kind.section == "nifti":
        return Nifti.model_validate({"object_url": url, **about})
    if kind.section == "dicom_series":
        file = {"url": url, "title": upload.key, "dicom_metadata": metadata}
        return DicomSeries.model_validate({"dicom_files": [file], **about})
    model, name = _FILES[kind.section]
    return model.model_validate({"object_url": url, name: metadata, **about})
