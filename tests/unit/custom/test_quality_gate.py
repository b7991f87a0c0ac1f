"""The example that ships, on real drawings: good ones pass, and each way of spoiling one is called by its name."""

import io
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Final

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from encord_lambda.custom import Decision, scripted
from encord_lambda.errors import Misconfigured
from layers.agents.quality_gate import decide
from sandbox.artwork import KINDS, draw

DRAWINGS: Final = 100
type Spoil = Callable[[Image.Image], Image.Image]


def good(image: Image.Image) -> Image.Image:
    return image


def blurred(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(max(image.size) / 100))


def dark(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(0.15)


def bright(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(4)


def small(image: Image.Image) -> Image.Image:
    return image.resize([side * 150 // min(image.size) for side in image.size])


def judged(image: Image.Image, **options: float) -> Decision:
    return decide(scripted(image, options=options))


@cache
def drawing(seed: int) -> Image.Image:
    """As a camera's file would have it."""
    buffer = io.BytesIO()
    draw(KINDS[seed % 3], 7_000_000 + seed).image.save(buffer, "JPEG", quality=92)
    return Image.open(buffer).convert("RGB")


@pytest.mark.parametrize("spoil", [good, blurred, dark, bright, small], ids=lambda spoil: spoil.__name__)
def test_drawings_are_called_what_they_are(spoil: Spoil) -> None:
    answers = Counter(judged(spoil(drawing(seed))).answer for seed in range(DRAWINGS))

    assert answers[spoil.__name__] >= DRAWINGS * 0.99, answers


def test_the_reason_says_what_was_measured() -> None:
    half = Image.new("L", (400, 300), 255)
    half.paste(0, (0, 0, 200, 300))

    made = judged(half)

    assert (made.proposals, made.answer, made.confidence) == ((), "good", None)
    assert made.reason == "400 x 300 pixels, mean brightness 128, 50% black, 50% white, sharpness 81.7"


LIMITS = [
    ({"smallest": 301}, "small"),
    ({"smallest": 300}, "good"),
    ({"darkest": 128}, "dark"),
    ({"darkest": 127}, "good"),
    ({"brightest": 127}, "bright"),
    ({"brightest": 128}, "good"),
    ({"clipped": 0.4}, "dark"),
    ({"clipped": 0.5}, "good"),
    ({"sharpness": 82}, "blurred"),
    ({"sharpness": 81}, "good"),
    ({"smallest": 301, "darkest": 128, "brightest": 127, "sharpness": 82}, "small"),
    ({"darkest": 128, "brightest": 127, "sharpness": 82}, "dark"),
    ({"brightest": 127, "sharpness": 82}, "bright"),
]


@pytest.mark.parametrize(("options", "answer"), LIMITS)
def test_options_move_the_limits_and_the_first_fault_counts(options: dict[str, float], answer: str) -> None:
    half = Image.new("L", (400, 300), 255)
    half.paste(0, (0, 0, 200, 300))

    assert judged(half, **options).answer == answer


FAULTY = [{"sharpnes": 1.0}, {"smallest": 0}, {"smallest": 1.5}, {"darkest": 256}, {"clipped": -0.1}, {"sharpness": -1}]


@pytest.mark.parametrize("options", FAULTY)
def test_options_that_mean_nothing_are_told(options: dict[str, float]) -> None:
    with pytest.raises(Misconfigured, match=rf"^pipeline\.yaml: options\.{next(iter(options))}: "):
        judged(drawing(0), **options)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 3), (1, 5000), (5000, 1)])
def test_a_picture_of_hardly_any_pixels_is_small(size: tuple[int, int]) -> None:
    assert judged(Image.new("RGB", size)).answer == "small"


def test_an_even_picture_is_blurred() -> None:
    assert judged(Image.new("RGB", (400, 300), (128, 128, 128))).answer == "blurred"
