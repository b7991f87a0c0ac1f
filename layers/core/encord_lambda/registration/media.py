"""What is this file? Its name and its first bytes must tell the same story before Encord hears of it."""

from dataclasses import replace
from typing import Final

from encord_lambda.errors import Reject, Skip
from encord_lambda.registration import media_types
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.characters import CONTROL
from encord_lambda.registration.media_types import MEDIA_TYPES as MEDIA_TYPES
from encord_lambda.registration.media_types import MediaType as MediaType
from encord_lambda.registration.media_types import by_extension as by_extension

LONGEST_TITLE: Final = 300
"""Encord's limit for a file name (encord-protocol §13), and our titles are the whole keys."""
SIDECAR: Final = ".metadata.json"
"""What the name of a file with client metadata has after the whole name of the object it is about."""
RECEIPT: Final = ".receipt.json"
"""What the name of a receipt has after the whole key of the import manifest it is about."""
_NAMELESS: Final = replace(media_types.DICOM, extensions=())
_ADVICE: Final = {
    ".mpeg": "may be a video or a sound: rename a sound to *.mp3, convert a video to MP4",
    ".hdr": "is half a NIfTI volume: save header and voxels as one .nii or .nii.gz",
    ".img": "is half a NIfTI volume: save header and voxels as one .nii or .nii.gz",
    ".heic": "is no supported media type: convert it to JPEG or AVIF",
    ".htm": "is no supported media type: rename it to *.html",
}
_REGISTRABLE: Final = [ext for kind in MEDIA_TYPES if kind.section != "scenes" for ext in kind.extensions]


def named(key: str) -> MediaType:
    """The type that a name promises. Without an extension it can only be a DICOM file.

    Raises:
        Skip: It is no media and not meant to be: a hidden file, or a sidecar.
        Reject: Its extension is none of those that can be registered.
    """
    name = key.rpartition("/")[2]
    if name.startswith("."):
        raise Skip("a hidden file: its name begins with a dot")
    if name.endswith(SIDECAR):
        raise Skip("a sidecar, and `metadata.from` of this registration does not name `sidecar`")
    if not (extension := media_types.extension(key)):
        return _NAMELESS
    kind = by_extension(key)
    if kind is None:
        advice = _ADVICE.get(extension, f"is no supported media type: use one of {' '.join(_REGISTRABLE)}")
        raise Reject(f"the extension {extension} {advice}")
    if kind.section == "scenes":
        raise Reject(f"a {kind.name} point cloud needs a scene around it: import it by a manifest with `scenes`")
    return kind


def promised(upload: Upload) -> MediaType:
    """The type that an object promises to be before anybody reads it.

    Raises:
        Skip: It is no media and not meant to be: as `named` says, or the marker a console leaves for a folder.
        Reject: It is empty, its name is too long for Encord, or its extension is none of ours.
    """
    if upload.key.endswith("/"):
        if not upload.size:
            raise Skip("a folder marker, not a file")
        raise Reject("the key ends in a slash, which makes its URL that of a folder: upload it under a file name")
    kind = named(upload.key)
    if CONTROL.search(upload.key):
        raise Reject("the key has control characters, such as a line break, which no title may have: rename it")
    if not upload.size:
        raise Reject("the object is empty (0 bytes): upload it again")
    if len(upload.key) > LONGEST_TITLE:
        raise Reject(f"the key has {len(upload.key)} characters, Encord allows {LONGEST_TITLE}: use a shorter one")
    return kind


def confirm(kind: MediaType, head: bytes) -> None:
    """Hold the promise of the name against the first `signatures.FIRST_BYTES` bytes.

    Whether the rest of the file is whole shows only when somebody reads it. An MP4 may turn out to hold no video.

    Raises:
        Reject: The bytes are of another type; says of which, if it can be told.
    """
    if kind.signature(head):
        return
    said = f"the name says {kind.name}" if kind.extensions else "a name without an extension may only be that of DICOM"
    truth = next((other for other in MEDIA_TYPES if other.signature(head)), None)
    if truth is None or truth.section in ("text", "scenes"):
        content = next((name for name, signature in media_types.OTHERS if signature(head)), "something else")
        raise Reject(f"{said}, but the first bytes are those of {content}: {_remedy(kind)}")
    if not _is_as_good(kind, truth):
        raise Reject(f"{said}, the first bytes {truth.name}: rename it to *{truth.extensions[0]}")


def _remedy(kind: MediaType) -> str:
    """What to do about a file that is not what its name says."""
    if kind.section == "text":
        return "save it as UTF-8"
    return "add its extension" if not kind.extensions else f"upload the {kind.name} itself"


def _is_as_good(kind: MediaType, truth: MediaType) -> bool:
    """Whether bytes of the one do under the name of the other.

    The brands of MP4 files say by whom they were written, not what is in them: so do those of many a sound.
    """
    same = kind.family and kind.family == truth.family
    return bool(same) or (kind is media_types.M4A and truth.name == "MP4")
