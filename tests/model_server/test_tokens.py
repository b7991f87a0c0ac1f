"""Log-probabilities: the tokens spell the answer, and those of a choice multiply to its probability."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import OpenAI

from sandbox.model_server.spelling import Choice, plain, spelled
from tests.model_server.conversation import a_cat, base64_of, closed, png

ANIMAL = {"anyOf": [{"type": "string", "enum": ["Cat", "Dog"]}, {"type": "null"}]}
SCHEMA = closed(answer=ANIMAL, confidence={"type": "number"})
CHOICES = st.builds(Choice, st.none() | st.text(max_size=9), st.floats(0, 1))
ANSWERS = st.recursive(
    CHOICES | st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def complete(client: OpenAI, **more: Any) -> Any:
    url = f"data:image/png;base64,{base64_of(png(a_cat()))}"
    completion = client.chat.completions.create(
        model="sandbox-vision",
        messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}],
        response_format={"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA}},
        **more,
    )
    return completion.choices[0]


def test_the_tokens_are_the_answer_and_as_probable_as_its_confidence(client: OpenAI) -> None:
    choice = complete(client, logprobs=True)
    tokens = choice.logprobs.content

    assert b"".join(bytes(token.bytes) for token in tokens).decode() == choice.message.content
    together = math.exp(math.fsum(token.logprob for token in tokens))
    assert together == pytest.approx(json.loads(choice.message.content)["confidence"], abs=1e-4)


def test_who_does_not_ask_for_tokens_gets_none(client: OpenAI) -> None:
    assert complete(client).logprobs is None


def test_an_answer_that_is_cut_off_has_none(client: OpenAI) -> None:
    choice = complete(client, logprobs=True, max_completion_tokens=2)

    assert (choice.finish_reason, choice.logprobs) == ("length", None)


@given(ANSWERS)
def test_any_answer_is_spelled_as_json_writes_it(tree: Any) -> None:
    assert "".join(token.token for token in spelled(tree)) == json.dumps(plain(tree))


def test_what_is_impossible_is_said_as_openai_says_it() -> None:
    assert [token.logprob for token in spelled(Choice("Cat", 0.0))] == [-9999.0, 0.0]
