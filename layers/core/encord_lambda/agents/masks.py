"""COCO's run-length encoding of masks: reading it, writing it, and where a mask lies.

The counts are runs of pixels in column order, unset and set by turns. Each is written as characters of five bits from
`0` on, low bits first, the sixth bit saying that more follow; from the fourth on as the difference to the count two
before (cocodataset/cocoapi, common/maskApi.c, `rleFrString`).
"""

from collections.abc import Iterator, Sequence

from encord_lambda.labels.shapes import Bitmask, Box

_FIRST = 48
_BITS = 0x1F
_MORE = 0x20
_SIGN = 0x10
_LONGEST = 7
"""Characters of one count: enough for any picture we take."""


def runs(counts: str) -> tuple[int, ...]:
    """The counts of a compressed mask.

    >>> runs("0303")
    (0, 3, 0, 6)

    Raises:
        ValueError: It is cut off, or has a character or a run that cannot be.
    """
    found: list[int] = []
    for difference in _numbers(counts):
        found.append(difference + (found[-2] if len(found) > 2 else 0))
        if found[-1] < 0:
            raise ValueError("a run of the mask is negative")
    return tuple(found)


def compressed(counts: Sequence[int]) -> str:
    """The other way round.

    >>> compressed((0, 3, 0, 6))
    '0303'
    """
    return "".join(
        character
        for place, count in enumerate(counts)
        for character in _characters(count - (counts[place - 2] if place > 2 else 0))
    )


def mask_runs(mask: Bitmask) -> tuple[int, ...]:
    """The counts of a mask.

    Raises:
        ValueError: They are malformed, or are not as many pixels as the mask has.
    """
    found = runs(mask.rle)
    if sum(found) != mask.width * mask.height:
        raise ValueError(f"the mask has {sum(found)} pixels; {mask.width} x {mask.height} were expected")
    return found


def extent(mask: Bitmask) -> Box:
    """The box around a mask's pixels, in fractions of the picture; without any it has no width and no height.

    Raises:
        ValueError: As `mask_runs`.
    """
    columns, rows, end = [], [], 0
    for place, run in enumerate(mask_runs(mask)):
        start, end = end, end + run
        if place % 2 and run:
            columns += [start // mask.height, (end - 1) // mask.height]
            within_one = columns[-1] == columns[-2]
            rows += [start % mask.height, (end - 1) % mask.height] if within_one else [0, mask.height - 1]
    if not rows:
        return Box(0.0, 0.0, 0.0, 0.0)
    left, top = min(columns), min(rows)
    width, height = max(columns) + 1 - left, max(rows) + 1 - top
    return Box(left / mask.width, top / mask.height, width / mask.width, height / mask.height)


def _numbers(counts: str) -> Iterator[int]:
    value = length = 0
    for character in counts:
        bits = ord(character) - _FIRST
        if not 0 <= bits < 2 * _MORE or length == _LONGEST:
            raise ValueError("the mask is not in COCO's run-length encoding")
        value |= (bits & _BITS) << 5 * length
        length += 1
        if not bits & _MORE:
            yield value - (1 << 5 * length) if bits & _SIGN else value
            value = length = 0
    if length:
        raise ValueError("the mask is cut off")


def _characters(number: int) -> Iterator[str]:
    more = True
    while more:
        bits, number = number & _BITS, number >> 5
        more = number != (-1 if bits & _SIGN else 0)
        yield chr(_FIRST + bits + (_MORE if more else 0))
