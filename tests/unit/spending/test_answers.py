"""Answers come back as they were kept, and only to what was asked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Document, Picture, Question, Reply, Usage
from encord_lambda.agents.answers import DETECTED, REPLY, digest_of
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.labels.shapes import Bitmask, Box, Point, Polygon, Polyline, RotatedBox
from encord_lambda.labels.tokens import Token
from tests.unit.spending.asking import PICTURE, QUESTION, refuse

FINITE = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.lists(st.tuples(FINITE, FINITE), min_size=2, max_size=9).map(tuple)
SHAPES = st.one_of(
    st.builds(Box, FINITE, FINITE, FINITE, FINITE),
    st.builds(RotatedBox, FINITE, FINITE, FINITE, FINITE, FINITE),
    st.builds(Polygon, POINTS),
    st.builds(Polyline, POINTS),
    st.builds(Point, FINITE, FINITE),
    st.builds(Bitmask, st.integers(1, 9999), st.integers(1, 9999), st.text(max_size=99)),
)
TEXTS = st.text(st.characters(codec=None), max_size=30)  # half a surrogate pair as well: JSON may hold one
TOKENS = st.lists(st.builds(Token, st.binary(max_size=4), st.floats(max_value=0)), max_size=9).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
ATTRIBUTES = st.dictionaries(TEXTS, JSON, max_size=3)
DETECTIONS = st.lists(st.builds(Detection, TEXTS, st.floats(0, 1), SHAPES, ATTRIBUTES), max_size=9).map(tuple)


@given(st.builds(Reply, text=TEXTS, usage=st.just(Usage()), tokens=TOKENS))
def test_a_reply_comes_back_as_it_was_kept(reply: Reply) -> None:
    assert REPLY.read(REPLY.write(reply)) == reply
    assert set(Reply.__slots__) == {"text", "usage", "tokens"}, "a new field has to be kept as well"


@given(st.builds(Detected, DETECTIONS, st.just(Usage()), st.integers(0, 99)))
def test_detections_come_back_as_they_were_kept(detected: Detected) -> None:
    kept = DETECTED.read(DETECTED.write(detected))
    assert kept == detected
    assert [type(one.shape) for one in kept.detections] == [type(one.shape) for one in detected.detections]
    assert len(Detection.__slots__) == 4, "a new field has to be kept as well"
    assert len(Detected.__slots__) == 3, "a new field has to be kept as well"


def test_what_an_answer_took_is_not_kept() -> None:
    assert REPLY.read(REPLY.write(Reply("{}", Usage(1.0, 2, 3, 4.0)))).usage == Usage()
    assert DETECTED.read(DETECTED.write(Detected((), Usage(1.0)))).usage == Usage()


OTHERS = [
    replace(QUESTION, prompt="Which plant?"),
    replace(QUESTION, model="openai:other"),
    replace(QUESTION, schema={"type": "string"}),
    replace(QUESTION, pictures=(replace(PICTURE, content=b"other"),)),
    replace(QUESTION, pictures=(replace(PICTURE, mime_type="image/png"),)),
    replace(QUESTION, pictures=(PICTURE, PICTURE)),
    replace(QUESTION, documents=(Document(b"pixels", "text/plain"),)),
    replace(QUESTION, log_probabilities=True),
]


@pytest.mark.parametrize("other", OTHERS)
def test_another_question_has_another_digest(other: Question) -> None:
    assert digest_of(other) != digest_of(QUESTION)


def test_the_same_question_has_the_same_digest_in_every_run() -> None:
    copy = Question(QUESTION.model, QUESTION.prompt, (Picture(b"pixels", "image/jpeg", 640, 480),), {"type": "object"})
    assert digest_of(copy) == digest_of(QUESTION)
    assert digest_of(replace(QUESTION, accepts=refuse(ValueError()))) == digest_of(QUESTION)  # type: ignore[arg-type]
    assert digest_of(("a", b"b")) == "05a586422e1fe1fb7560ede0eac02787fec28dc59ab0e908d9f9de84e3768a1f"


PARTS = st.recursive(st.text(max_size=3) | st.binary(max_size=3), lambda inner: st.lists(inner, max_size=3).map(tuple))


@given(PARTS, PARTS)
def test_only_what_is_equal_has_equal_digests(one: object, other: object) -> None:
    assert (digest_of(one) == digest_of(other)) == (one == other)
