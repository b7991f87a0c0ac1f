"""How sure a model was of an answer, from the tokens it wrote it with, however they cut the text."""

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.labels.ontology import Attribute, Option
from encord_lambda.labels.tokens import Token, confidence, logprobs, members, spelled

BREED = Attribute("Breed", "text")
RADIO = Attribute("Animal", "radio", (Option("Cat"), Option('Ca"t\né🐱'), Option("Dog", (BREED,))))
CHECKLIST = Attribute("Weather", "checklist", (Option("Rain"), Option("Wind")))
NUMBER = Attribute("Count", "numeric")
TEXT = Attribute("Scene", "text")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def written(*pieces: tuple[str, float]) -> tuple[str, list[Token]]:
    """A text and its tokens, each with its probability."""
    tokens = [Token(piece.encode(), math.log(probability)) for piece, probability in pieces]
    return "".join(piece for piece, _ in pieces), tokens


def sure(question: Attribute, *pieces: tuple[str, float], path: tuple[str, ...] = ("answer",)) -> float:
    text, tokens = written(*pieces)
    assert spelled(text, tokens)
    return confidence(question, text, path, tokens)


@st.composite
def tokenized(draw: st.DrawFn, text: str) -> list[Token]:
    """A text's bytes, cut anywhere: within characters, across quotes, into nothing at all."""
    content = text.encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(content)), max_size=12)))
    edges = [0, *cuts, len(content)]
    pieces = [content[start:end] for start, end in pairwise(edges)]
    return [Token(piece, -1.0 - place) for place, piece in enumerate(pieces)]


@given(JSON, st.booleans(), st.sampled_from([None, 1]), st.data())
def test_every_value_is_found_and_its_tokens_are_those_that_touch_it(
    data: Any, ascii_only: bool, indent: int | None, draw: st.DataObject
) -> None:
    text = json.dumps({"above": data, "answer": data}, ensure_ascii=ascii_only, indent=indent)
    tokens = draw.draw(tokenized(text))
    owners = [place for place, token in enumerate(tokens) for _ in token.text]
    for (start, end), value in values(text, 0):
        assert json.loads(text[start:end]) == value
        first, last = len(text[:start].encode()), len(text[:end].encode())
        touching = sorted(set(owners[first:last]))
        assert logprobs(text, (start, end), tokens) == [tokens[place].logprob for place in touching]


def values(text: str, at: int) -> Iterator[tuple[tuple[int, int], Any]]:
    """All members of an object and of those within, as an independent parser knows them."""
    known = json.JSONDecoder().raw_decode(text, at)[0]
    found = list(members(text, at))
    assert [member.name for member in found] == list(known)
    for member in found:
        yield member.key, member.name
        yield member.value, known[member.name]
        if text[member.value[0]] == "{":
            yield from values(text, member.value[0])


def test_an_option_is_as_probable_as_all_tokens_it_is_written_with() -> None:
    pieces = (
        ('{"answer', 0.5),
        ('": ', 0.5),
        ('"', 0.9),
        ("Ca", 0.8),
        ("t", 0.7),
        ('"', 0.6),
        (', "confidence": 1}', 0.1),
    )

    assert sure(RADIO, *pieces) == pytest.approx(0.9 * 0.8 * 0.7 * 0.6)


def test_a_token_that_straddles_a_quote_counts_in_full() -> None:
    assert sure(RADIO, ('{"answer":', 0.5), (' "Ca', 0.8), ('t",', 0.6), ('"confidence":1}', 0.1)) == pytest.approx(
        0.48
    )


def test_escapes_and_parts_of_characters_are_no_hindrance() -> None:
    text = '{"answer": "Ca\\"t\\n\\u00e9🐱", "confidence": 1}'
    content = text.encode()
    middle = content.index("🐱".encode()) + 2
    tokens = [
        Token(content[:11], 0.0),
        Token(content[11:middle], math.log(0.5)),
        Token(content[middle:], math.log(0.5)),
    ]

    assert spelled(text, tokens)
    assert confidence(RADIO, text, ("answer",), tokens) == pytest.approx(0.25)


def test_no_option_is_as_probable_as_null() -> None:
    assert sure(RADIO, ('{"answer": ', 0.5), ("null", 0.25), (', "confidence": 1}', 0.5)) == pytest.approx(0.25)


def test_of_a_nested_answer_the_option_counts_alone() -> None:
    pieces = ('{"answer": {', 0.5), ('"Dog"', 0.75), (': {"Breed": "Pug"}}', 0.1), (', "confidence": 1}', 0.5)

    assert sure(RADIO, *pieces) == pytest.approx(0.75)


def test_of_a_checklist_all_ticks_count_and_that_no_more_follow() -> None:
    pieces = ('{"answer": ', 0.5), ("[", 1.0), ('"Rain"', 0.8), (",", 0.7), ('"Wind"', 0.9), ("]", 0.6), ("}", 0.1)

    assert sure(CHECKLIST, *pieces) == pytest.approx(0.8 * 0.7 * 0.9 * 0.6)


def test_of_a_number_it_counts_that_no_digit_follows() -> None:
    assert sure(NUMBER, ('{"answer": ', 0.5), ("3", 0.8), ("}", 0.5)) == pytest.approx(0.4)


def test_of_a_text_it_is_the_geometric_mean() -> None:
    pieces = ('{"answer": ', 0.1), ('"A cat', 0.9), (" on a", 0.4), (' mat."', 0.6), ("}", 0.1)

    assert sure(TEXT, *pieces) == pytest.approx((0.9 * 0.4 * 0.6) ** (1 / 3))


def test_several_answers_are_told_apart_by_their_titles() -> None:
    pieces = ('{"Animal": {"answer": ', 1.0), ('"Cat"', 0.9), ('}, "Count": {"answer": ', 1.0), ("3", 0.5), ("}}", 1.0)

    assert sure(RADIO, *pieces, path=("Animal", "answer")) == pytest.approx(0.9)
    assert sure(NUMBER, *pieces, path=("Count", "answer")) == pytest.approx(0.5)


def test_rounding_beyond_certainty_is_certain_and_minus_infinity_impossible() -> None:
    text = '{"answer": "Cat"}'

    assert confidence(RADIO, text, ("answer",), [Token(text.encode(), 1e-6)]) == 1.0
    assert confidence(RADIO, text, ("answer",), [Token(text.encode(), -math.inf)]) == 0.0


@pytest.mark.parametrize(("text", "is_spelled"), [("ab", True), ("a", True), ("abc", False), ("b", False)])
def test_tokens_spell_a_text_if_it_is_what_they_begin_with(text: str, is_spelled: bool) -> None:
    assert spelled(text, [Token(b"a", 0.0), Token(b"b", 0.0)]) is is_spelled
