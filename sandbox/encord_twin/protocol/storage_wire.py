"""Storage folders and items as the SDK parses them: every key is there, metadata is JSON in a string."""

import json

from ..platform.holdings import Folder, Item
from ..platform.json_values import JsonObject
from ..platform.media_facts import MediaKind
from ..platform.store import Store

ONE_PIECE = (MediaKind.IMAGE, MediaKind.AUDIO, MediaKind.PLAIN_TEXT)


def folder_json(store: Store, folder: Folder) -> JsonObject:
    """A folder; its path ends at the top."""
    metadata = folder.client_metadata
    return {
        "uuid": str(folder.uuid),
        "parent": str(folder.parent) if folder.parent else None,
        "name": folder.name,
        "description": folder.description,
        "clientMetadata": None if metadata is None else json.dumps(metadata),
        "owner": folder.owner,
        "createdAt": folder.created_at.isoformat(),
        "lastEditedAt": folder.edited_at.isoformat(),
        "userRole": "admin",
        "syncedDatasetHash": str(folder.synced_dataset) if folder.synced_dataset else None,
        "pathToRoot": _path_to_root(store, folder),
    }


def item_json(store: Store, item: Item, *, sign: bool, with_metadata: bool = True) -> JsonObject:
    """An item; what its kind does not have is null, and so is `signedUrl` where there is nothing to sign."""
    facts, audio, dicom = item.facts, item.facts.audio, item.facts.dicom
    return {
        "uuid": str(item.uuid),
        "parent": str(item.folder),
        "itemType": facts.kind.value,
        "name": item.name,
        "description": item.description,
        "clientMetadata": json.dumps(item.client_metadata if with_metadata else {}),
        "owner": item.owner,
        "createdAt": item.created_at.isoformat(),
        "lastEditedAt": item.edited_at.isoformat(),
        "backedDataUnitsCount": item.links,
        "storageLocation": "s3",
        "integrationHash": str(item.integration) if item.integration else None,
        "url": item.url,
        "signedUrl": store.signed_url(item) if sign else None,
        "fileSize": facts.file_size,
        "mimeType": facts.mime_type,
        "duration": facts.duration,
        "fps": facts.fps,
        "height": facts.height,
        "width": facts.width,
        "dicomInstanceUid": dicom.instance if dicom else None,
        "dicomStudyUid": dicom.study if dicom else None,
        "dicomSeriesUid": dicom.series if dicom else None,
        "frameCount": None if facts.kind in ONE_PIECE else facts.frames,
        "audioSampleRate": audio.sample_rate if audio else None,
        "audioBitDepth": audio.bit_depth if audio else None,
        "audioCodec": audio.codec if audio else None,
        "audioNumChannels": audio.channels if audio else None,
    }


def _path_to_root(store: Store, folder: Folder) -> list[JsonObject]:
    path: list[JsonObject] = []
    while folder.parent is not None:
        folder = store.folders[folder.parent]
        path.append(
            {
                "uuid": str(folder.uuid),
                "parentUuid": str(folder.parent) if folder.parent else None,
                "name": folder.name,
                "syncedDatasetHash": str(folder.synced_dataset) if folder.synced_dataset else None,
            }
        )
    return path
