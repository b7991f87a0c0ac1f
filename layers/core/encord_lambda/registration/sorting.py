"""What is to become of each upload of a batch: is it media, part of a group, an instruction, or refused?

Each is judged alone, but for events of one and the same object: of these, only the last counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.errors import Reject, Skip, Trouble
from encord_lambda.registration import media, signatures
from encord_lambda.registration.events import Head, Upload, latest
from encord_lambda.registration.media_types import MediaType


@dataclass(frozen=True, slots=True)
class Single:
    """An object that becomes an item of its own."""

    registration: Registration
    kind: MediaType
    head: Head


@dataclass(frozen=True, slots=True)
class Member:
    """An object that becomes part of an item, with the others of its directory."""

    registration: Registration
    directory: str
    """The key up to and with its last slash."""
    kind: MediaType
    head: Head


@dataclass(frozen=True, slots=True)
class Marker:
    """The object that says its directory is complete."""

    registration: Registration
    directory: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """An import manifest: not media, but what names it."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class Sidecar:
    """Client metadata of another object, which may have come before it or be still to come."""

    registration: Registration
    of: str
    """Key of that object."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A media object that was deleted, and its registration wants to know."""

    registration: Registration


type Verdict = Single | Member | Marker | Instruction | Sidecar | Removed | Trouble
type Heads = Callable[[Sequence[Upload], int], Sequence[Head | Trouble]]
"""Each upload as it is now, with this many of its first bytes, or why that cannot be had."""

_SECTIONS: Final = {"image_group": "images", "image_sequence": "images", "dicom_series": "dicom_series"}
_BECOME: Final = {
    "image_group": "images become one image group",
    "image_sequence": "images become one image sequence",
    "dicom_series": "DICOM files become a series",
}


@dataclass(frozen=True, slots=True)
class _Promise:
    """What an upload is if its bytes are what its name says."""

    registration: Registration
    kind: MediaType
    directory: str | None
    """None if its registration groups nothing."""

    def kept(self, head: Head) -> Single | Member:
        if self.directory is None:
            return Single(self.registration, self.kind, head)
        return Member(self.registration, self.directory, self.kind, head)


def sort(uploads: Sequence[Upload], pipeline: PipelineConfig, heads: Heads) -> Mapping[Upload, Verdict]:
    """What each upload is for its registration, or the trouble with it: Reject and Skip are final, Retry is not.

    Only objects that pass by name are read, and all of those in one go.
    """
    current = latest(uploads)
    promises = {upload: _by_name(upload, pipeline) if upload in current else _overtaken() for upload in uploads}
    hopeful = [(upload, promise) for upload, promise in promises.items() if isinstance(promise, _Promise)]
    found = heads([upload for upload, _ in hopeful], signatures.FIRST_BYTES) if hopeful else ()
    read = {upload: _by_bytes(promise, head) for (upload, promise), head in zip(hopeful, found, strict=True)}
    judged = {upload: promise for upload, promise in promises.items() if not isinstance(promise, _Promise)}
    return judged | read


def _overtaken() -> Skip:
    return Skip("the object was written again or deleted later, and that event came in the same batch")


def _by_name(upload: Upload, pipeline: PipelineConfig) -> Verdict | _Promise:
    registration = pipeline.registration(upload.key)
    if registration is None:
        return Skip("no registration in pipeline.yaml has a prefix of this key")
    try:
        if beside_media := _no_media(upload, registration):
            return _unless_deleted(upload, beside_media)
        return _removed(upload, registration) if upload.deleted else _promise(upload, registration)
    except Trouble as trouble:
        return trouble


def _no_media(upload: Upload, registration: Registration) -> Marker | Instruction | Sidecar | None:
    """What an object is that is called as one of those that are not registered themselves.

    Raises:
        Skip: It is the receipt of an import manifest, which we put beside it.
    """
    name = upload.key.rpartition("/")[2]
    if registration.group.kind != "none" and name == registration.group.marker:
        return Marker(registration, _directory(upload, registration))
    is_list = name.lower().endswith((".json", ".csv")) and not name.startswith(".")
    if is_list and upload.key.startswith(registration.manifests):
        if name.endswith(media.RECEIPT):
            raise Skip("a receipt, not a file to register")
        return Instruction(registration)
    if name.endswith(media.SIDECAR) and name != media.SIDECAR and "sidecar" in registration.metadata.sources:
        return Sidecar(registration, upload.key.removesuffix(media.SIDECAR))
    return None


def _unless_deleted(upload: Upload, verdict: Marker | Instruction | Sidecar) -> Verdict:
    return Skip("deleted, and it was no media: nothing is undone") if upload.deleted else verdict


def _removed(upload: Upload, registration: Registration) -> Removed | Skip:
    if registration.deleted == "ignore":
        return Skip("deleted from the bucket; deletions are ignored, an item registered before stays in Encord")
    try:
        media.named(upload.key)
    except Reject:
        return Skip("deleted from the bucket; by its name it was never registered")
    return Removed(registration)


def _promise(upload: Upload, registration: Registration) -> _Promise:
    kind = media.promised(upload)
    if registration.group.kind == "none":
        return _Promise(registration, kind, None)
    return _Promise(registration, kind, _belongs(_directory(upload, registration), kind, registration))


def _directory(upload: Upload, registration: Registration) -> str:
    """The directory whose objects belong together. The prefix may be a directory itself, and is then a group too.

    Raises:
        Reject: Part of the directory, or all of it if that is the bucket's root, is not the registration's.
    """
    directory = upload.key[: upload.key.rfind("/") + 1]
    if directory and directory.startswith(registration.prefix):
        return directory
    below = f"below '{registration.prefix}'"
    raise Reject(f"objects {below} are grouped by directory, and this one is in none: put it into a directory {below}")


def _belongs(directory: str, kind: MediaType, registration: Registration) -> str:
    """The directory, if it is one for such media.

    Raises:
        Skip: A video among the images of a sequence. Encord writes the video it makes of them to the same bucket.
        Reject: Such media are no part of what the directory becomes.
    """
    group = registration.group.kind
    if kind.section == _SECTIONS[group]:
        return directory
    become = f"{directory}, whose {_BECOME[group]}"
    if group == "image_sequence" and kind.section == "videos":
        raise Skip(f"a video in {become}: taken for the one that Encord made of them")
    raise Reject(f"{kind.name} in {become}: put it below a prefix whose registration does not group")


def _by_bytes(promise: _Promise, head: Head | Trouble) -> Verdict:
    if isinstance(head, Trouble):
        return head
    try:
        media.confirm(promise.kind, head.first)
    except Trouble as trouble:
        return trouble
    return promise.kept(head)
