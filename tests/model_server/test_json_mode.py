"""JSON mode, as prompts of before structured outputs use it."""

import json

import openai
import pytest
from openai import OpenAI

from tests.model_server.conversation import a_cat, base64_of, png


def ask(client: OpenAI, prompt: str) -> object:
    url = f"data:image/png;base64,{base64_of(png(a_cat()))}"
    completion = client.chat.completions.create(
        model="sandbox-vision",
        messages=[
            {"role": "system", "content": prompt},
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]},
        ],
        response_format={"type": "json_object"},
    )
    return json.loads(completion.choices[0].message.content or "null")


def test_the_answer_has_the_shape_the_prompt_shows(client: OpenAI) -> None:
    assert ask(client, 'Reply in JSON: { "classification": cat|dog|other }') == {"classification": "cat"}


def test_quoted_options_and_several_keys_are_understood(client: OpenAI) -> None:
    answer = ask(client, 'Say it as JSON: {"animal": "Dog" | "Cat", "reason": text}')

    assert isinstance(answer, dict)
    assert answer["animal"] == "Cat"
    assert "cat" in answer["reason"]


def test_without_a_shape_the_answer_is_a_description(client: OpenAI) -> None:
    answer = ask(client, "Describe the picture in JSON.")

    assert isinstance(answer, dict)
    assert "cat" in answer["description"]


def test_a_prompt_that_does_not_speak_of_json_is_refused(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        ask(client, "Cat or dog?")
