"""What the items of a manifest are called and counted as, for people."""

from collections import Counter
from typing import Final

from encord_lambda.cli.printing import counted
from encord_lambda.registration.manifests.items import ImageGroup, Item

_NAMES: Final = {
    "videos": ("video", ""),
    "images": ("image", ""),
    "image_groups": ("image group", ""),
    "image_sequences": ("image sequence", ""),
    "dicom_series": ("DICOM series", "DICOM series"),
    "nifti": ("NIfTI volume", ""),
    "audio": ("audio file", ""),
    "text": ("text", ""),
    "pdfs": ("PDF", ""),
    "scenes": ("scene", ""),
    "time_series": ("time series", "time series"),
    "image_groups_from_items": ("group of stored images", "groups of stored images"),
}


def kind(item: Item) -> str:
    """What an item is: the name of its list in the manifest, but sequences are told from groups."""
    return "image_sequences" if isinstance(item, ImageGroup) and item.create_video else item.section


def told(kinds: Counter[str]) -> str:
    """How many of each kind, in one line: `2 videos, 1 image group`."""
    return ", ".join(counted(kinds[name], *words) for name, words in _NAMES.items() if kinds[name])
