"""The chat endpoint, asked by the real OpenAI client."""

from typing import Literal

import httpx
import openai
import pytest
from openai import OpenAI
from PIL import Image
from pydantic import BaseModel, ConfigDict

from sandbox.artwork import KINDS, draw, draw_scene
from sandbox.model_server.script import Delay, Refusal, Status, Text, Truncated
from sandbox.model_server.server import Server
from tests.model_server.conversation import a_cat, answer, ask, base64_of, closed, png

ANIMAL = {"type": "string", "enum": ["Cat", "Dog", "Other"]}


class Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    animal: Literal["cat", "dog"] | None
    confidence: float
    reason: str


def _parse(client: OpenAI) -> Verdict | None:
    url = f"data:image/png;base64,{base64_of(png(a_cat()))}"
    completion = client.chat.completions.parse(
        model="sandbox-vision",
        messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}],
        response_format=Verdict,
    )
    return completion.choices[0].message.parsed


def test_a_cat_is_answered_as_a_typed_object(client: OpenAI) -> None:
    verdict = _parse(client)

    assert verdict is not None
    assert verdict.animal == "cat"
    assert 0.5 < verdict.confidence <= 1
    assert "cat" in verdict.reason


def test_a_completion_carries_what_openai_s_does(client: OpenAI) -> None:
    completion = ask(client, model="gpt-sandbox")

    assert completion.id.startswith("chatcmpl-")
    assert completion.model == "gpt-sandbox"
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage is not None
    assert completion.usage.prompt_tokens > 85
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


def test_answers_through_the_wire_are_right(client: OpenAI) -> None:
    drawings = [draw(kind, 700_000 + seed) for seed in range(4) for kind in KINDS]
    right = [answer(ask(client, image=one.image, schema=closed(a=ANIMAL)))["a"] == one.kind for one in drawings]

    assert sum(right) >= 11


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "string", "enum": ["dog", "CAT"]}, "CAT"),
        ({"type": ["string", "null"], "enum": ["Dog", "Horse", None]}, None),
        ({"anyOf": [{"type": "string", "enum": ["Dog"]}, {"type": "null"}]}, None),
        ({"type": "string", "enum": ["Dog", "Other", "Horse"]}, "Other"),
        ({"type": "string", "enum": ["Day", "Night"]}, "Night"),
        ({"type": "array", "items": {"type": "string", "enum": ["Cat", "Dog"]}}, ["Cat"]),
    ],
    ids=["other case", "null in the enum", "null in anyOf", "Other", "the last one", "in an array"],
)
def test_a_cat_s_picture_answers_the_options_there_are(
    client: OpenAI, part: dict[str, object], expected: object
) -> None:
    assert answer(ask(client, schema=closed(animal=part)))["animal"] == expected


def test_confidence_in_null_is_that_of_everything_not_offered(client: OpenAI) -> None:
    number = {"type": "number", "minimum": 0, "maximum": 1}
    offered = answer(ask(client, schema=closed(animal=ANIMAL, confidence=number)))
    only_dogs = closed(animal={"type": ["string", "null"], "enum": ["Dog", None]}, confidence=number)
    refused = answer(ask(client, schema=only_dogs))

    assert refused["animal"] is None
    assert refused["confidence"] >= offered["confidence"]


@pytest.mark.parametrize(("least", "most"), [(0, 12), (0, 40), (60, 90), (400, 500)])
def test_a_description_keeps_to_its_length(client: OpenAI, least: int, most: int) -> None:
    text = {"type": "string", "minLength": least, "maxLength": most}

    assert least <= len(answer(ask(client, schema=closed(caption=text)))["caption"]) <= most


def test_a_description_names_the_animal_and_the_colour(client: OpenAI) -> None:
    picture = draw("Dog", 700_001).image
    said = answer(ask(client, image=picture, schema=closed(caption={"type": "string"})))["caption"]

    assert "dog" in said
    assert f"{picture.width} by {picture.height}" in said


def test_a_scripted_refusal_reaches_the_client_as_one(server: Server, client: OpenAI) -> None:
    server.enqueue(Refusal("I cannot look at this."))
    message = ask(client).choices[0].message

    assert message.refusal == "I cannot look at this."
    assert message.content is None


def test_a_scripted_429_is_a_rate_limit_error_with_its_delay(server: Server, client: OpenAI) -> None:
    server.enqueue(Status(429, retry_after=7))
    with pytest.raises(openai.RateLimitError) as caught:
        ask(client)

    assert caught.value.response.headers["Retry-After"] == "7"


def test_a_scripted_truncation_is_a_length_error_when_parsed(server: Server, client: OpenAI) -> None:
    server.enqueue(Truncated())
    with pytest.raises(openai.LengthFinishReasonError):
        _parse(client)


def test_scripted_replies_come_in_order_and_then_the_pixels_again(server: Server, client: OpenAI) -> None:
    server.enqueue(Text('{"animal": "Dog"}'))
    server.enqueue(Status(503))

    assert answer(ask(client))["animal"] == "Dog"
    with pytest.raises(openai.InternalServerError):
        ask(client)
    assert answer(ask(client))["animal"] == "Cat"


def test_a_delay_beyond_the_client_s_patience_is_a_timeout(server: Server, client: OpenAI) -> None:
    server.enqueue(Delay(1.0))
    with pytest.raises(openai.APITimeoutError):
        ask(client.with_options(timeout=0.2))


def test_the_history_keeps_what_was_asked(server: Server, client: OpenAI) -> None:
    before = len(server.history)
    ask(client, model="remember-me")
    received = server.history[before:]

    assert [(one.path, getattr(one.request, "model", None)) for one in received] == [
        ("/v1/chat/completions", "remember-me")
    ]


def test_no_key_is_an_authentication_error(server: Server) -> None:
    reply = httpx.post(f"{server.url}/v1/chat/completions", json={})

    assert reply.status_code == 401
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"}


def test_a_model_that_does_not_exist_is_not_found(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        ask(client, model="no-such-model")

    assert caught.value.code == "model_not_found"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": ANIMAL}, "required": ["a"]},
        {"type": "object", "properties": {"a": ANIMAL}, "required": [], "additionalProperties": False},
        closed(inner={"type": "object", "properties": {"a": ANIMAL}, "required": ["a"]}),
    ],
    ids=["open", "optional", "open inside"],
)
def test_a_schema_that_is_not_strict_is_refused(client: OpenAI, schema: dict[str, object]) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, schema=schema)

    assert caught.value.param == "response_format"


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", png(Image.new("RGB", (64, 64)))[:60], png(Image.new("1", (7000, 6000)))],
    ids=["empty", "text", "cut off", "too many pixels"],
)
def test_a_picture_that_cannot_be_read_is_refused(client: OpenAI, data: bytes) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, data=data)

    assert caught.value.code == "invalid_image"


def test_a_question_without_a_picture_is_refused(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "A cat?"}])

    assert caught.value.code == "missing_image"


@pytest.mark.parametrize("url", ["http://192.0.2.1/cat.png", "file:///etc/hostname", "https://127.0.0.1/cat.png"])
def test_a_url_of_anywhere_else_is_refused_unfetched(client: OpenAI, url: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask_about(client, url)

    assert caught.value.code == "invalid_image"


def test_a_url_of_this_machine_is_fetched_and_what_is_no_picture_refused(server: Server, client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="not a picture"):
        ask_about(client, f"{server.url}/ready")


def ask_about(client: OpenAI, url: str) -> None:
    client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]
    )


def test_boxes_are_under_their_kind_where_branches_ask_for_that(client: OpenAI) -> None:
    sides = closed(**{side: {"type": "number"} for side in ("x", "y", "width", "height")})
    kinds = [closed(**{kind: closed(box=sides, size={"enum": ["small", "other"]})}) for kind in ("cat", "Fish")]
    items = {"anyOf": kinds}
    image = draw_scene(("Cat", "Dog"), 3, (640, 320)).image
    [seen] = answer(ask(client, image=image, schema=closed(found={"type": "array", "items": items})))["found"]

    assert seen["cat"]["box"]["x"] + seen["cat"]["box"]["width"] < 0.6
    assert seen["cat"]["size"] == "other"


def test_boxes_are_the_animals_whose_kind_is_asked_for(client: OpenAI) -> None:
    sides = closed(**{side: {"type": "number"} for side in ("x", "y", "width", "height")})
    item = closed(label={"type": "string", "enum": ["CAT"]}, confidence={"type": "number"}, box=sides)
    image = draw_scene(("Cat", "Dog"), 3, (640, 320)).image
    seen = answer(ask(client, image=image, schema=closed(found={"type": "array", "items": item})))["found"]

    assert {one["label"] for one in seen} == {"CAT"}
    assert seen[0]["confidence"] > 0.5
    assert seen[0]["box"]["x"] + seen[0]["box"]["width"] < 0.6
