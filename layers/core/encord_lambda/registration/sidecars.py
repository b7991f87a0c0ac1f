"""Sidecars that came, and the objects they are about, which are registered once more with what their sidecars say.

An object whose event came with its sidecar's may be an item all the same: the event may have come before. So in either
case the client metadata is written over that of an item which is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from encord_lambda.errors import Reject, Retry, Skip, Trouble
from encord_lambda.registration.events import Upload
from encord_lambda.registration.sorting import Member, Sidecar, Single, Verdict


@dataclass(frozen=True, slots=True)
class Objects:
    """What the sidecars of a batch are about."""

    singles: Mapping[Upload, Single]
    """The objects that are to be registered with their sidecars."""
    sidecars: Mapping[Upload, Upload]
    """The sidecar of each of them, and of other objects."""
    troubles: Mapping[Upload, Skip | Retry]
    """What is to be said of each sidecar; Retry if its object could not be looked at."""


def objects_of(
    sidecars: Mapping[Upload, Sidecar],
    here: Mapping[Upload, Single],
    sort: Callable[[Sequence[Upload]], Mapping[Upload, Verdict]],
) -> Objects:
    """What sidecars are about; `here` are objects that came in the same one, others are looked for."""
    came = {(upload.bucket, upload.key): upload for upload in here}
    of = {came.get((upload.bucket, one.of)) or _earlier(upload, one): upload for upload, one in sidecars.items()}
    found = sort([media for media in of if media not in here])
    verdicts = {media: here.get(media) or found[media] for media in of}
    return Objects(
        singles={media: one for media, one in verdicts.items() if isinstance(one, Single)},
        sidecars=of,
        troubles={of[media]: _told(verdict) for media, verdict in verdicts.items()},
    )


def _earlier(upload: Upload, sidecar: Sidecar) -> Upload:
    """The object as if it came just now. Nobody knows its size; but it is not empty, or Encord would not have it."""
    return replace(upload, key=sidecar.of, size=1, etag=None, version=None)


def _told(verdict: Verdict) -> Skip | Retry:
    match verdict:
        case Retry():
            return verdict
        case Single():
            return Skip("it is read with its object")
        case Member():
            return Skip("it is read when its directory is put together; once that is registered, it changes nothing")
        case Reject():
            return Skip(f"its object is not registered: {verdict.reason}")
        case Trouble():
            return Skip("it is read with its object, which is not there yet")
    return Skip("it is beside an object that is no media, and is not read")
