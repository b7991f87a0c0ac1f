"""Masks at another size and turned, compared with the same done pixel by pixel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.mask_layout import proportional, scaled, turned
from encord_lambda.agents.masks import compressed, extent, mask_runs
from encord_lambda.labels.shapes import Bitmask

SIDES = st.integers(1, 9)


def a_mask(width: int, height: int, pixels: list[bool]) -> Bitmask:
    """From pixels column by column; a run for each pixel of its own, as no encoder would write it."""
    counts = [count for pixel in pixels for count in ((0, 1) if pixel else (1, 0))]
    return Bitmask(width, height, compressed(counts))


def pixels_of(mask: Bitmask) -> list[list[bool]]:
    """By column, then by row."""
    flat = [bool(place % 2) for place, run in enumerate(mask_runs(mask)) for _ in range(run)]
    return [flat[at : at + mask.height] for at in range(0, len(flat), mask.height)]


@st.composite
def masks(draw: st.DrawFn) -> Bitmask:
    width, height = draw(SIDES), draw(SIDES)
    return a_mask(width, height, draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height)))


@given(masks(), SIDES, SIDES)
def test_each_pixel_of_a_scaled_mask_is_as_the_nearest_one(mask: Bitmask, width: int, height: int) -> None:
    before, after = pixels_of(mask), pixels_of(scaled(mask, width, height))

    assert after == [
        [
            before[int((column + 0.5) * mask.width / width)][int((row + 0.5) * mask.height / height)]
            for row in range(height)
        ]
        for column in range(width)
    ]


@given(masks())
def test_a_turned_mask_has_its_rows_as_columns(mask: Bitmask) -> None:
    assert pixels_of(turned(mask)) == [list(row) for row in zip(*pixels_of(mask), strict=True)]


@given(masks())
def test_what_is_laid_anew_at_its_own_size_has_the_fewest_runs(mask: Bitmask) -> None:
    again = scaled(mask, mask.width, mask.height)

    assert turned(turned(mask)) == scaled(again, mask.width, mask.height) == again
    assert all(mask_runs(again)[1:])


def test_a_mask_of_a_large_picture_is_scaled_from_run_to_run() -> None:
    """12 megapixels, of a picture that was shown at 2,048 pixels."""
    inner = [1536 * 512 + 384, *[768] * 2047, 1536 * 512 + 384]

    large = scaled(Bitmask(2048, 1536, compressed(inner)), 4000, 3000)

    box = extent(large)
    assert (box.x, box.y, box.width, box.height) == (0.25, 0.25, 0.5, 0.5)
    assert extent(turned(large)) == box
    assert len(large.rle) < 3 * 4000


@pytest.mark.parametrize(
    ("small", "picture", "fits"),
    [
        ((2048, 1536), (4000, 3000), True),
        ((2048, 1365), (3001, 2001), True),
        ((2048, 5), (4000, 10), True),
        ((8, 8), (4, 4), True),
        ((1536, 2048), (4000, 3000), False),
        ((2048, 1538), (4000, 3000), False),
        ((8, 9), (8, 8), False),
        ((8, 8), (0, 0), False),
        ((0, 0), (8, 8), False),
    ],
    ids=["scaled", "rounded", "a strip", "larger", "turned", "two pixels off", "one pixel off", "no picture", "none"],
)
def test_a_mask_fits_pictures_of_its_proportions(
    small: tuple[int, int], picture: tuple[int, int], *, fits: bool
) -> None:
    assert proportional(Bitmask(*small, ""), *picture) is fits
