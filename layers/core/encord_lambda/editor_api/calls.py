"""What the Label Editor sends, and reading it: bounded before it is looked at."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from encord_lambda.editor_api.replies import Refusal

LARGEST: Final = 128 * 1024
"""Bytes of a body; room for the hashes of some 5,000 selected objects."""
MOST_OBJECTS: Final = 5_000
LAST_FRAME: Final = 100_000_000
_QUOTED: Final = 100
ObjectHash = Annotated[str, Field(min_length=1, max_length=100)]


class EditorCall(BaseModel):
    """One agent, called on one frame; keys we do not know are Encord's to add."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    project: UUID = Field(alias="projectHash")
    data: UUID = Field(alias="dataHash")
    frame: int | None = Field(default=0, ge=0, le=LAST_FRAME, description="Counted from 0; null is 0.")
    objects: list[ObjectHash] | None = Field(
        default=None, alias="objectHashes", max_length=MOST_OBJECTS, description="Hashes of the selected objects."
    )

    @property
    def selected(self) -> tuple[str, ...]:
        """Hashes of the selected objects, each once."""
        return tuple(dict.fromkeys(self.objects or ()))


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
