"""Turn described files into items, without reading any."""

from dataclasses import replace

from .platform import storage
from .platform.holdings import Folder, Integration
from .platform.identifiers import identifier
from .platform.media import composites
from .platform.media_facts import AudioFacts, DicomFacts, Facts, MediaKind
from .platform.store import Store
from .storage_specs import ItemSpec, PartSpec

MIME_TYPES = {
    MediaKind.IMAGE: "image/jpeg",
    MediaKind.VIDEO: "video/mp4",
    MediaKind.AUDIO: "audio/wav",
    MediaKind.PLAIN_TEXT: "text/plain",
    MediaKind.PDF: "application/pdf",
    MediaKind.NIFTI: "application/nifti1",
}


def add(store: Store, folder: Folder, integration: Integration | None, spec: ItemSpec) -> None:
    """Register one described file, or several as one."""
    storage.add_item(store, folder, integration, _composite(spec) if spec.kind.is_composite else _single(spec))


def _single(spec: ItemSpec) -> storage.NewItem:
    facts = Facts(spec.kind, spec.mime_type or MIME_TYPES[spec.kind], spec.file_size)
    match spec.kind:
        case MediaKind.IMAGE:
            facts = replace(facts, width=spec.width, height=spec.height)
        case MediaKind.NIFTI:
            facts = replace(facts, width=spec.width, height=spec.height, frames=spec.frames)
        case MediaKind.VIDEO:
            seconds = spec.frames / spec.fps
            facts = replace(
                facts, width=spec.width, height=spec.height, frames=spec.frames, fps=spec.fps, duration=seconds
            )
        case MediaKind.PDF:
            facts = replace(facts, frames=spec.frames)
        case MediaKind.AUDIO:
            facts = replace(facts, duration=spec.duration, audio=AudioFacts(**spec.audio.model_dump()))
    return storage.NewItem(spec.url, spec.title, facts, spec.client_metadata)


def _composite(spec: ItemSpec) -> storage.NewItem:
    parts = [_part(spec, number, part) for number, part in enumerate(spec.parts)]
    facts = composites.combined(spec.kind, [part.facts for part in parts])
    fitted = tuple(replace(part, facts=composites.fitted(facts, part.facts)) for part in parts)
    return storage.NewItem(None, spec.title, facts, spec.client_metadata, fitted)


def _part(spec: ItemSpec, number: int, part: PartSpec) -> storage.NewItem:
    if spec.kind is not MediaKind.DICOM_SERIES:
        facts = Facts(MediaKind.IMAGE, spec.mime_type or "image/jpeg", part.file_size, part.width, part.height)
        return storage.NewItem(part.url, part.title, facts, {})
    dicom = DicomFacts(_uid(spec.title, number), _uid(spec.title, "study"), _uid(spec.title, "series"), "described")
    facts = Facts(MediaKind.DICOM_FILE, "application/dicom", part.file_size, part.width, part.height, dicom=dicom)
    return storage.NewItem(part.url, part.title, facts, {})


def _uid(*names: object) -> str:
    # 2.25 is DICOM's root for UIDs made of a UUID.
    return f"2.25.{identifier('dicom', *names).int}"
