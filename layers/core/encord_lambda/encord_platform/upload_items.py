"""A manifest in the SDK's own model (shape B of import-formats §1), which can carry all of it."""

from typing import Final

from encord.orm.storage import DataUploadItems

from encord_lambda.registration.manifests.items import DicomSeries, Item
from encord_lambda.registration.manifests.manifest import SECTIONS, Manifest
from encord_lambda.registration.upload_jobs.reconciling import name_of

_NAMES: Final = {"pdfs": "pdf"}
_LONGEST_TITLE: Final = 300


def data_upload_items(manifest: Manifest) -> DataUploadItems:
    """What to give the SDK. An item without a title is called by the path of its URL, as Encord itself would do."""
    lists = {_NAMES.get(section, section): list(map(_entry, getattr(manifest, section))) for section in SECTIONS}
    flags = {"skip_duplicate_urls": manifest.skip_duplicate_urls, "upsert_metadata": manifest.upsert_metadata}
    return DataUploadItems.model_validate({**lists, **flags})


def _entry(item: Item) -> dict[str, object]:
    entry: dict[str, object] = item.model_dump(exclude_none=True)
    if len(name := name_of(item)) <= _LONGEST_TITLE:
        entry["title"] = name
    if isinstance(item, DicomSeries):
        # The SDK wants the key, and sends no null.
        entry["dicom_files"] = [
            {"title": file.title, **file.model_dump(exclude_none=True)} for file in item.dicom_files
        ]
    return entry
