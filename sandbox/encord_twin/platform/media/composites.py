"""Facts about groups, sequences and series, from the facts of their parts."""

from collections.abc import Sequence
from dataclasses import replace

from ..media_facts import Facts, MediaKind
from .undecodable import Undecodable


def combined(kind: MediaKind, parts: Sequence[Facts]) -> Facts:
    """Facts of the whole. Its parts stay in the order given; a series that is none is `Undecodable`.

    A group mixes sizes and has none of its own; a sequence has the size of its first image.
    """
    if kind is MediaKind.DICOM_SERIES:
        return _series(parts)
    whole = Facts(kind, parts[0].mime_type, sum(part.file_size for part in parts), frames=len(parts))
    if kind is MediaKind.IMAGE_SEQUENCE:
        return replace(whole, width=parts[0].width, height=parts[0].height)
    return whole


def fitted(whole: Facts, part: Facts) -> Facts:
    """A part's facts inside the whole: the images of a sequence take the size of the first."""
    if whole.kind is MediaKind.IMAGE_SEQUENCE:
        return replace(part, width=whole.width, height=whole.height)
    return part


def _series(parts: Sequence[Facts]) -> Facts:
    slices = [part.dicom for part in parts if part.dicom is not None]
    if len({one.study for one in slices}) > 1 or len({one.series for one in slices}) > 1:
        raise Undecodable("the files belong to different studies or series; upload each series on its own")
    if len({one.instance for one in slices}) < len(slices):
        raise Undecodable("two files have the same SOPInstanceUID")
    if len({(part.width, part.height) for part in parts}) > 1:
        raise Undecodable("the slices differ in size")
    return replace(
        parts[0],
        kind=MediaKind.DICOM_SERIES,
        file_size=sum(part.file_size for part in parts),
        frames=sum(part.frames for part in parts),
        dicom=replace(slices[0], instance=None),
    )
