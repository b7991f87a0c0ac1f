"""Which file of which DICOM series of which study a file is, as its own header says."""

from typing import NamedTuple


class Instance(NamedTuple):
    """A file of a DICOM series: in DICOM's own words, an instance."""

    study: str
    """StudyInstanceUID."""
    series: str
    """SeriesInstanceUID."""
    uid: str
    """SOPInstanceUID: no two files have the same."""
    number: int | None = None
    """InstanceNumber: where it is in its series."""
