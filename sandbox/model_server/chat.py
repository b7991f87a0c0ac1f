"""`POST /v1/chat/completions`: OpenAI's protocol, as far as asking about a picture needs it.

The real `openai` client works with `base_url=f"{server.url}/v1"` and any API key. Pictures come as
`image_url` parts (data: URLs, or http URLs of this machine); with several, their probabilities are averaged
and the first is described. PDFs come as `file` parts (data: URLs); the pictures on their pages are looked at too.
Where there is no picture, the words of PDFs, and what a user says to a system prompt, are read by a stand-in
(`documents.py`). A request with nothing to look at or to read is refused with 400 (`missing_image`). With a
`json_schema` the answer follows it (`answering.py`), in JSON mode the shape the prompt shows (`json_mode.py`);
otherwise it is a description. With `logprobs` the answer's tokens have probabilities (`spelling.py`).
Models named "no-such-..." do not exist, which `GET /v1/models/...` says as well. Streaming is not spoken.
"""

import asyncio
import math
import time
import uuid
from collections.abc import Sequence

from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.artwork import KINDS
from sandbox.model_server import documents
from sandbox.model_server.animals import NAME, Sight
from sandbox.model_server.answering import Answerer
from sandbox.model_server.description import describe
from sandbox.model_server.json_mode import schema_of
from sandbox.model_server.pictures import fetch
from sandbox.model_server.reading import Desk, parse
from sandbox.model_server.refusals import RequestError
from sandbox.model_server.script import Received, Refusal, Text, Truncated
from sandbox.model_server.spelling import certain, spelled
from sandbox.model_server.strictness import check
from sandbox.model_server.wire import (
    AnswerChoice,
    AnswerMessage,
    ChatReply,
    ChatRequest,
    NamedSchema,
    Token,
    Tokens,
    Usage,
)

PATH = "/v1/chat/completions"
MODELS_PATH = "/v1/models"


async def complete(request: Request) -> JSONResponse:
    """Answer one chat completion."""
    _authenticate(request)
    asked = await parse(request, ChatRequest)
    schema = _check(asked)
    scripted = await desk_of(request).scripted(Received(PATH, asked))
    if scripted is not None:
        return _reply(asked, _from_script(scripted), pictures=())
    papers = [await asyncio.to_thread(documents.open_pdf, url) for url in asked.files]
    pictures = [*[await fetch(url) for url in asked.image_urls], *(one for paper in papers for one in paper.pictures)]
    words = "\n".join([*(paper.words for paper in papers), asked.read_aloud])
    if not pictures and not words.strip():
        raise RequestError(400, "There is no image, thus nothing to look at.", code="missing_image")
    sights = [await desk_of(request).look(picture) for picture in pictures]
    sight = _average(sights) if sights else documents.read(words)
    answer = _answer(pictures[0] if pictures else documents.BLANK, sight, schema)
    return _reply(asked, _choice(asked, answer), pictures)


def desk_of(request: Request) -> Desk:
    """The desk that `server.build` put into the application's state."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


async def look_up(request: Request) -> JSONResponse:
    """Say of a model that it can be asked; nobody looks at anything."""
    _authenticate(request)
    model = request.path_params["model"]
    _check_name(model)
    return JSONResponse(_model(model))


async def list_models(request: Request) -> JSONResponse:
    """Name one of those that can be asked."""
    _authenticate(request)
    return JSONResponse({"object": "list", "data": [_model(NAME)]})


def _model(name: str) -> dict[str, str | int]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "sandbox"}


def _authenticate(request: Request) -> None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise RequestError(401, "You didn't provide an API key.", code="invalid_api_key")


def _check_name(model: str) -> None:
    if model.startswith("no-such-"):
        message = f"The model `{model}` does not exist or you do not have access to it."
        raise RequestError(404, message, code="model_not_found")


def _check(asked: ChatRequest) -> NamedSchema | None:
    _check_name(asked.model)
    if asked.stream:
        raise RequestError(400, "This server does not stream.", code="unsupported_value", param="stream")
    if asked.response_format is None or asked.response_format.type == "text":
        return None
    if asked.response_format.type == "json_object":
        return NamedSchema(name="json_object", body=dict(schema_of(asked.text)))
    schema = asked.response_format.json_schema
    if schema is None:
        where = "response_format.json_schema"
        message = f"Missing required parameter: '{where}'."
        raise RequestError(400, message, code="missing_required_parameter", param=where)
    if schema.strict:
        check(schema.body, schema.name)
    return schema


def _answer(image: Image.Image, sight: Sight, schema: NamedSchema | None) -> list[Token]:
    if schema is None:
        return certain(describe(image, sight))
    try:
        return spelled(Answerer(image, sight, schema.body).answer())
    except (KeyError, TypeError, AttributeError, RecursionError, StopIteration) as error:
        # Not a schema we can walk: a dangling $ref, a recursive one, a type that is a number.
        message = f"Invalid schema for response_format '{schema.name}': {error!r}"
        raise RequestError(400, message, code="invalid_json_schema", param="response_format") from error


def _average(sights: Sequence[Sight]) -> Sight:
    shares = {kind: sum(sight.probabilities[kind] for sight in sights) / len(sights) for kind in KINDS}
    return Sight(shares, sights[0].detections)


def _from_script(reply: Text | Refusal | Truncated) -> AnswerChoice:
    if isinstance(reply, Refusal):
        return AnswerChoice(message=AnswerMessage(content=None, refusal=reply.reason), finish_reason="stop")
    reason = "length" if isinstance(reply, Truncated) else "stop"
    return AnswerChoice(message=AnswerMessage(content=reply.content), finish_reason=reason)


def _choice(asked: ChatRequest, tokens: list[Token]) -> AnswerChoice:
    """Break off where the caller's token limit says, as OpenAI does."""
    content = "".join(token.token for token in tokens)
    limit = asked.max_completion_tokens or asked.max_tokens
    if limit is not None and _tokens(content) > limit:
        return AnswerChoice(message=AnswerMessage(content=content[: 4 * limit]), finish_reason="length")
    told = Tokens(content=tokens) if asked.logprobs else None
    return AnswerChoice(message=AnswerMessage(content=content), finish_reason="stop", logprobs=told)


def _reply(asked: ChatRequest, choice: AnswerChoice, pictures: Sequence[Image.Image]) -> JSONResponse:
    schema = asked.response_format.model_dump_json() if asked.response_format else ""
    prompt = _tokens(asked.text) + _tokens(schema) + sum(_picture_tokens(picture) for picture in pictures)
    answer = _tokens(choice.message.content or choice.message.refusal or "")
    usage = Usage(prompt_tokens=prompt, completion_tokens=answer, total_tokens=prompt + answer)
    reply = ChatReply(
        id=f"chatcmpl-{uuid.uuid4().hex}",
        created=int(time.time()),
        model=asked.model,
        choices=[choice],
        usage=usage,
    )
    return JSONResponse(reply.model_dump(mode="json"))


def _tokens(text: str) -> int:
    """OpenAI's rule of thumb: a token is about four characters."""
    return math.ceil(len(text) / 4)


def _picture_tokens(picture: Image.Image) -> int:
    """OpenAI's formula for high detail: 85, and 170 for every tile of 512 pixels a side."""
    return 85 + 170 * math.ceil(picture.width / 512) * math.ceil(picture.height / 512)
