"""Reading what the Label Editor sends: bounded before it is looked at."""

from http import HTTPStatus
from typing import Final

from pydantic import ValidationError
from starlette.requests import Request

from encord_lambda.dispatch.call_message import EditorCall
from encord_lambda.editor_api.replies import Refusal

LARGEST: Final = 128 * 1024
"""Bytes of a body; room for the hashes of some 5,000 selected objects."""
_QUOTED: Final = 100


async def read_body(request: Request) -> bytes:
    """The body as it was sent.

    Raises:
        Refusal: 413 for a body that is too large, 415 for one that says it is no JSON.
    """
    content_type = request.headers.get("content-type", "application/json")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send the call as application/json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise Refusal(HTTPStatus.CONTENT_TOO_LARGE, f"the call is too large: it may have {LARGEST // 1024} KiB")
    return bytes(body)


def parse(body: bytes) -> EditorCall:
    """The call.

    Raises:
        Refusal: 400 for what is no JSON, or nested too deeply; 422 for what is no call; names the key.
    """
    try:
        return EditorCall.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if fault["type"] == "json_invalid":
        raise Refusal(HTTPStatus.BAD_REQUEST, "the call is no JSON that can be read")
    place = ".".join(str(step) for step in fault["loc"])[:_QUOTED]
    raise Refusal(
        HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {fault['msg']}" if place else "the call is no JSON object"
    )
