"""The order in which people number files: frame2 before frame10."""

import re
from typing import Final

_DIGITS: Final = re.compile(r"([0-9]+)")  # ASCII alone: int() and people disagree about what other digits are worth
_END: Final = (-1, "")

type Order = tuple[str | tuple[int, str], ...]


def natural(key: str) -> Order:
    """What to sort keys by: runs of digits by their value, all else by code points, a name before its extension.

    No two keys are equal: of frame1 and frame01, which have equal numbers, code points decide.

    >>> sorted(["frame10.jpg", "frame2.jpg", "frame.jpg"], key=natural)
    ['frame.jpg', 'frame2.jpg', 'frame10.jpg']
    """
    directory, slash, name = key.rpartition("/")
    stem, _, extension = name.rpartition(".") if "." in name else (name, "", "")
    return (*_parts(directory + slash + stem), _END, extension, key)


def _parts(text: str) -> Order:
    """Texts and numbers in turn, so that no text is ever compared with a number. A number is its length and digits."""
    words = _DIGITS.split(text)
    return tuple((len(word.lstrip("0")), word.lstrip("0")) if place % 2 else word for place, word in enumerate(words))
