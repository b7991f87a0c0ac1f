"""COCO's run lengths, as far as knowing where a mask lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.masks import compressed, extent, runs
from encord_lambda.labels.proposals import Bitmask, Box


def counted(pixels: list[bool]) -> list[int]:
    """Run lengths of pixels in column order, beginning with the unset ones."""
    counts, current = [0], False
    for pixel in pixels:
        if pixel != current:
            counts.append(0)
            current = pixel
        counts[-1] += 1
    return counts


@given(st.lists(st.integers(0, 10**8), max_size=20))
def test_what_is_compressed_is_read_back(counts: list[int]) -> None:
    assert list(runs(compressed(counts))) == counts


def test_counts_that_another_encoder_wrote_are_read_and_written_as_it_does() -> None:
    """The Encord SDK's, of a 9 x 10 picture with a square of 5 x 5 pixels: by rows, but written the same."""
    counts = (23, 5, 5, 5, 5, 5, 5, 5, 5, 5, 22)

    assert runs("g0550000000a0") == counts
    assert compressed(counts) == "g0550000000a0"


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_the_extent_is_the_box_around_the_set_pixels(width: int, height: int, data: st.DataObject) -> None:
    pixels = data.draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height))
    box = extent(Bitmask(width, height, compressed(counted(pixels))))

    lit = [(place // height, place % height) for place, pixel in enumerate(pixels) if pixel]
    if not lit:
        assert box == Box(0.0, 0.0, 0.0, 0.0)
        return
    columns, rows = [column for column, _ in lit], [row for _, row in lit]
    assert (box.x, box.y) == (min(columns) / width, min(rows) / height)
    assert box.width == (max(columns) + 1 - min(columns)) / width
    assert box.height == (max(rows) + 1 - min(rows)) / height


@pytest.mark.parametrize(
    ("counts", "fault"),
    [
        ("", "the mask has 0 pixels; 4 x 2 were expected"),
        ("9", "the mask has 9 pixels; 4 x 2 were expected"),
        ("P", "the mask is cut off"),
        ("!", "the mask is not in COCO's run-length encoding"),
        ("é", "the mask is not in COCO's run-length encoding"),
        ("PPPPPPPP0", "the mask is not in COCO's run-length encoding"),
        ("O", "a run of the mask is negative"),
    ],
)
def test_counts_that_cannot_be_are_refused(counts: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        extent(Bitmask(4, 2, counts))


@given(st.text(max_size=12))
def test_any_text_is_a_mask_or_refused(counts: str) -> None:
    try:
        box = extent(Bitmask(4, 2, counts))
    except ValueError:
        return
    assert 0 <= box.x <= box.x + box.width <= 1
