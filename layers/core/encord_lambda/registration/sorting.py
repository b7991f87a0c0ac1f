"""Which uploads of a batch are registered where, which are refused, and which must wait. Each is judged alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.errors import Skip, Trouble
from encord_lambda.registration import media
from encord_lambda.registration.events import Upload
from encord_lambda.registration.media import ImageType

type Verdict = Registration | Trouble
type Heads = Callable[[Sequence[Upload], int], Sequence[bytes | Trouble]]
"""The first bytes of each upload, this many, or why they cannot be had."""


@dataclass(frozen=True, slots=True)
class _Promise:
    """Where an upload goes if its bytes are what its name says."""

    registration: Registration
    kind: ImageType


def sort(uploads: Sequence[Upload], pipeline: PipelineConfig, heads: Heads) -> Mapping[Upload, Verdict]:
    """The registration each upload belongs to, or the trouble with it: Reject and Skip are final, Retry is not.

    Only objects that pass by name are read, and all of those in one go.
    """
    promises = {upload: _by_name(upload, pipeline) for upload in uploads}
    hopeful = [(upload, promise) for upload, promise in promises.items() if isinstance(promise, _Promise)]
    found = heads([upload for upload, _ in hopeful], media.FIRST_BYTES)
    read = {upload: _by_bytes(promise, head) for (upload, promise), head in zip(hopeful, found, strict=True)}
    refused = {upload: promise for upload, promise in promises.items() if isinstance(promise, Trouble)}
    return refused | read


def _by_name(upload: Upload, pipeline: PipelineConfig) -> _Promise | Trouble:
    if upload.deleted:
        return Skip("deleted from the bucket; deletions are ignored, an item registered before stays in Encord")
    registration = pipeline.registration(upload.key)
    if registration is None:
        return Skip("no registration in pipeline.yaml has a prefix of this key")
    try:
        return _Promise(registration, media.promised(upload))
    except Trouble as trouble:
        return trouble


def _by_bytes(promise: _Promise, head: bytes | Trouble) -> Verdict:
    if isinstance(head, Trouble):
        return head
    try:
        media.confirm(promise.kind, head)
    except Trouble as trouble:
        return trouble
    return promise.registration
