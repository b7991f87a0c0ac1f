"""The most tokens a question can take, against the numbers of OpenAI's guide."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Document, Picture
from encord_lambda.agents.estimating import input_tokens, picture_tokens
from tests.unit.spending.asking import QUESTION

SIDES = st.integers(1, 2048)
PATCH, DEAREST_PATCH = 32, 2.46


@pytest.mark.parametrize(
    ("width", "height", "tiles"),
    [(512, 512, 1), (513, 512, 2), (1024, 1024, 4), (2048, 2048, 4), (2048, 4096, 6), (2048, 768, 8), (1, 1, 1)],
)
def test_a_picture_is_covered_with_tiles(width: int, height: int, tiles: int) -> None:
    assert picture_tokens(Picture(b"", "image/png", width, height)) == 2833 + tiles * 5667


@given(SIDES, SIDES)
def test_models_that_count_patches_stay_below(width: int, height: int) -> None:
    patches = math.ceil(width / PATCH) * math.ceil(height / PATCH)
    assert patches * DEAREST_PATCH <= picture_tokens(Picture(b"", "image/png", width, height))


@given(SIDES, SIDES)
def test_a_larger_picture_never_counts_less_than_its_shrunken_copy(width: int, height: int) -> None:
    scale = min(1.0, 768 / min(width, height))
    small = Picture(b"", "image/png", math.floor(width * scale) or 1, math.floor(height * scale) or 1)
    assert picture_tokens(small) <= picture_tokens(Picture(b"", "image/png", width, height))


def test_text_has_no_more_tokens_than_bytes_in_whatever_script() -> None:
    assert input_tokens(replace(QUESTION, prompt="字" * 100)) - input_tokens(replace(QUESTION, prompt="")) == 300


def test_documents_count_by_page_or_by_byte() -> None:
    bare = input_tokens(QUESTION)
    text = Document("naïve".encode(), "text/plain")
    assert input_tokens(replace(QUESTION, documents=(text,))) - bare == 6
    pdf = Document(b"%PDF", "application/pdf", pages=3)
    assert input_tokens(replace(QUESTION, documents=(pdf,))) - bare > 3 * picture_tokens(Picture(b"", "", 2048, 768))
