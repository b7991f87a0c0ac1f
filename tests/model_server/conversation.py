"""Builders for what the tests say to the chat endpoint; a call shows only what matters to its test."""

import base64
import io
import json
from typing import Any

from openai import OpenAI
from openai.types.chat import ChatCompletion
from PIL import Image

from sandbox.artwork import draw

CAT_SEED = 101


def a_cat() -> Image.Image:
    return draw("Cat", CAT_SEED).image


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def closed(**properties: dict[str, Any]) -> dict[str, Any]:
    """A strict object schema: nothing else allowed, everything required."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def ask(
    client: OpenAI,
    *,
    image: Image.Image | None = None,
    data: bytes | None = None,
    schema: dict[str, Any] | None = None,
    model: str = "sandbox-vision",
) -> ChatCompletion:
    """One question with one picture: `image`, or the raw bytes `data`, or a cat."""
    encoded = base64_of(data if data is not None else png(image or a_cat()))
    schema = closed(animal={"type": "string", "enum": ["Cat", "Dog"]}) if schema is None else schema
    return client.chat.completions.create(
        model=model,
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Which animal is this?"},
                    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded}"}},
                ],
            }
        ],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": schema},
        },
    )


def answer(completion: ChatCompletion) -> Any:
    """The parsed JSON of an answer."""
    return json.loads(completion.choices[0].message.content or "null")
