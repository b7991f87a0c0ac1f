"""The objects of a directory, all of them there, become one image group, image sequence or DICOM series, or several.

Nothing is left out in silence: an item of which a part is missing would be a wrong one. So one bad object has all those
refused that it belongs with, and each is told which it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from encord_lambda.config_registration import Grouping, Registration
from encord_lambda.registration.directories.group_items import Part, item
from encord_lambda.registration.directories.natural import natural
from encord_lambda.registration.events import Upload
from encord_lambda.registration.manifests.items import ImageMetadata, Item
from encord_lambda.registration.manifests.splitting import too_large
from encord_lambda.registration.media import LONGEST_TITLE

MOST: Final = 10_000
"""URLs of one upload job, which a group is never split for (import-formats §7)."""


class Refused(NamedTuple):
    """An object that is part of nothing, and why."""

    upload: Upload
    reason: str


class Composition(NamedTuple):
    """What a directory comes to: each of its parts is in an item, or refused."""

    items: tuple[Item, ...]
    refused: tuple[Refused, ...]


class _Fault(NamedTuple):
    """What is wrong with parts that belong together; `culprit` is the key of one of them, or empty."""

    reason: str
    culprit: str = ""

    def told(self, title: str, part: Part) -> Refused:
        if part.trouble:
            return Refused(part.upload, part.trouble)
        if self.culprit in ("", part.upload.key):
            return Refused(part.upload, f"{title} is not registered: {self.reason}")
        return Refused(part.upload, f"{title} is not registered because of {self.culprit}: {self.reason}")


def composed(
    registration: Registration,
    directory: str,
    parts: Iterable[Part],
    misfits: Mapping[str, str] | None = None,
) -> Composition:
    """The item or items of a directory, whose key ends with its slash, or why there is none.

    There is at least one part. `misfits` are objects of the directory that are no such parts, by key, with the reasons;
    they are refused elsewhere. With `by: series` neither they nor files that cannot be read keep others from being
    registered.
    """
    ordered = sorted(parts, key=lambda part: natural(part.upload.key))
    title = directory.removesuffix("/")
    if fault := _of_all(title, ordered):
        return _refused(title or directory, ordered, fault)
    if registration.group.by == "series":
        return _by_series(registration, title, ordered)
    misfit = next(iter((misfits or {}).items()), None)
    broken = next((part for part in ordered if part.trouble), None)
    if misfit:
        return _refused(title, ordered, _Fault(misfit[1], misfit[0]))
    if broken:
        return _refused(title, ordered, _Fault(broken.trouble, broken.upload.key))
    return _together(registration, title, ordered)


def _of_all(title: str, parts: Sequence[Part]) -> _Fault | None:
    if len(parts) > MOST:
        return _Fault(f"it has more than {MOST} files, which Encord takes in no single item: use several directories")
    return _title(title)


def _title(title: str) -> _Fault | None:
    if not title:
        return _Fault("its directory has no name, of which its title is made: put its files into one that has")
    if len(title) <= LONGEST_TITLE:
        return None
    return _Fault(f"its title would have {len(title)} characters, Encord allows {LONGEST_TITLE}: use a shorter path")


def _by_series(registration: Registration, title: str, parts: Sequence[Part]) -> Composition:
    series: defaultdict[str, list[Part]] = defaultdict(list)
    unread: list[Refused] = []
    for part in parts:
        if part.instance:
            series[part.instance.series].append(part)
        else:
            unread.append(Refused(part.upload, part.trouble))
    each = [_together(registration, f"{title}/{uid}", sorted(found, key=_number)) for uid, found in series.items()]
    items = tuple(item for composition in each for item in composition.items)
    return Composition(items, (*unread, *(entry for composition in each for entry in composition.refused)))


def _number(part: Part) -> tuple[bool, int]:
    """Where a file is in its series; those that do not say come last, in the order they have."""
    number = part.instance.number if part.instance else None
    return number is None, number or 0


def _together(registration: Registration, title: str, parts: Sequence[Part]) -> Composition:
    group = registration.group
    fault = _title(title) or (_of_series(parts) if group.kind == "dicom_series" else _of_images(group, parts))
    if fault:
        return _refused(title, parts, fault)
    whole = item(group, title, parts)
    if trouble := too_large(whole, registration.jobs):
        return _refused(title, parts, _Fault(trouble.reason))
    return Composition((whole,), ())


def _of_series(parts: Sequence[Part]) -> _Fault | None:
    """Encord itself looks for these (import-formats §3), once it has read all files."""
    seen: dict[str, Part] = {}
    for part in parts:
        first, here = parts[0], part.instance
        if here is None or first.instance is None:
            return _Fault("its DICOM header was not read", part.upload.key)
        if here.study != first.instance.study:
            return _Fault(f"it is of another study (StudyInstanceUID) than {first.upload.key}", part.upload.key)
        if here.series != first.instance.series:
            told = f"it is of another series than {first.upload.key}; with `by: series` each becomes an item of its own"
            return _Fault(told, part.upload.key)
        if here.uid in seen:
            told = f"it has the SOPInstanceUID of {seen[here.uid].upload.key}: take one of the two away"
            return _Fault(told, part.upload.key)
        seen[here.uid] = part
    return None


def _of_images(group: Grouping, parts: Sequence[Part]) -> _Fault | None:
    """A sequence is a video of one size; Encord would distort other frames, or split it (import-formats §1.1)."""
    known = [(part, part.metadata) for part in parts if isinstance(part.metadata, ImageMetadata)]
    if group.kind != "image_sequence" or not known:
        return None
    first, size = known[0]
    for part, other in known:
        if (other.width, other.height) != (size.width, size.height):
            told = f"it has {other.width} x {other.height} pixels, and {first.upload.key} {size.width} x {size.height}"
            return _Fault(
                f"{told}: images of a sequence need one size, those of an image_group do not", part.upload.key
            )
    return None


def _refused(title: str, parts: Iterable[Part], fault: _Fault) -> Composition:
    return Composition((), tuple(fault.told(title, part) for part in parts))
