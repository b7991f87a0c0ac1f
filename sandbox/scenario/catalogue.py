"""What Encord holds of the library in the end, read with its own SDK, and what it was handed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from encord import EncordUserClient
from encord.orm.storage import StorageItemType as Type
from encord.storage import StorageItem

from encord_lambda.registration.client_metadata import SOURCE
from encord_lambda.registration.manifests.items import Audio, DicomSeries, Image, ImageGroup, Item, Pdf, Text, Video
from encord_lambda.registration.manifests.manifest import Manifest
from encord_lambda.registration.upload_jobs import receipts
from encord_lambda.registration.upload_jobs.receipts import Summary
from sandbox.scenario.library import DATASET, FOLDER, MANIFEST
from sandbox.scenario.receipts import RecordsBucket
from sandbox.scenario.servers import Sandbox

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FRAMES = {
    Type.VIDEO: "frames",
    Type.IMAGE_GROUP: "pictures",
    Type.IMAGE_SEQUENCE: "pictures",
    Type.DICOM_SERIES: "slices",
    Type.NIFTI: "slices",
    Type.PDF: "pages",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """An item of Encord's."""

    title: str
    type: Type
    metadata: Mapping[str, object]
    """Client metadata."""
    linked: bool
    facts: str = ""
    """Its size, length and the like, in words."""

    @property
    def told(self) -> dict[str, object]:
        """Client metadata without where the item comes from."""
        return {key: value for key, value in self.metadata.items() if key != SOURCE}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The library as it is in the end."""

    holdings: Sequence[Holding] = ()
    described: Set[str] = frozenset()
    """Titles of the items that were handed to Encord with media metadata, of each of their files."""
    beside: Summary | None = None
    """The receipt beside the import manifest, if there is one."""


def catalogue(sandbox: Sandbox) -> Catalogue:
    """Look everything up."""
    client = EncordUserClient.create_with_ssh_private_key(sandbox.key, domain=sandbox.encord.url)
    linked = {row.backing_item_uuid for row in client.get_dataset(str(DATASET)).data_rows}
    stored = list(client.get_storage_folder(FOLDER).list_items())
    s3 = sandbox.cloud.session.client("s3")
    return Catalogue(
        [_holding(item, linked=item.uuid in linked) for item in stored],
        frozenset(_described(RecordsBucket(s3, sandbox.stack.records_bucket).manifests())),
        _beside(s3, sandbox.stack.uploads_bucket),
    )


def _holding(item: StorageItem, *, linked: bool) -> Holding:
    return Holding(item.name, item.item_type, item.client_metadata or {}, linked, " · ".join(_facts(item)))


def _facts(item: StorageItem) -> Iterator[str]:
    if item.width and item.height:
        yield f"{item.width} x {item.height}"
    if item.item_type in FRAMES and item.frame_count:
        yield f"{item.frame_count} {FRAMES[item.item_type]}"
    if item.duration:
        yield f"{item.duration:.1f} s"
    if item.item_type is Type.PLAIN_TEXT and item.mime_type:
        yield item.mime_type


def _described(manifests: Iterable[bytes]) -> Iterator[str]:
    for body in manifests:
        for item in Manifest.model_validate_json(body).items:
            if item.title and all(_media_metadata(item)):
                yield item.title


def _media_metadata(item: Item) -> Iterator[object]:
    """That of each of its files; None where there is none."""
    match item:
        case ImageGroup():
            yield from (image.image_metadata for image in item.images)
        case DicomSeries():
            yield from (file.dicom_metadata for file in item.dicom_files)
        case Image():
            yield item.image_metadata
        case Video():
            yield item.video_metadata
        case Audio():
            yield item.audio_metadata
        case Text():
            yield item.text_metadata
        case Pdf():
            yield item.pdf_metadata
        case _:
            yield None


def _beside(s3: "S3Client", bucket: str) -> Summary | None:
    try:
        body = s3.get_object(Bucket=bucket, Key=receipts.beside(MANIFEST))["Body"].read()
    except ClientError:
        return None
    return Summary.model_validate_json(body)
