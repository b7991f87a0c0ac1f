"""What both endpoints do first: read the body, ask the script, and look without holding up the event loop."""

import asyncio
from dataclasses import dataclass

from PIL import Image
from pydantic import ValidationError
from starlette.requests import Request

from sandbox.model_server.animals import AnimalModel, Sight
from sandbox.model_server.pictures import MOST_BYTES
from sandbox.model_server.refusals import RequestError
from sandbox.model_server.script import Delay, Received, Refusal, Script, Status, Text, Truncated
from sandbox.model_server.wire import ChatRequest, InferRequest

# Base64 takes four bytes for three; the rest is for words and schemas.
MOST_BODY = MOST_BYTES * 4 // 3 + 1_000_000


@dataclass(frozen=True, slots=True)
class Desk:
    """What a request is answered with: the model and the script."""

    model: AnimalModel
    script: Script

    async def look(self, image: Image.Image) -> Sight:
        """Judge a picture on a worker thread."""
        return await asyncio.to_thread(self.model.look, image)

    async def scripted(self, received: Received) -> Text | Refusal | Truncated | None:
        """Note the request; wait, fail or return as its script says. None: answer honestly."""
        reply = self.script.next_reply(received)
        if isinstance(reply, Delay):
            await asyncio.sleep(reply.seconds)
            reply = reply.then
        if isinstance(reply, Status):
            raise RequestError(reply.status, reply.message, retry_after=reply.retry_after)
        return reply


async def parse[Body: (ChatRequest, InferRequest)](request: Request, shape: type[Body]) -> Body:
    """Read and validate the body."""
    try:
        return shape.model_validate_json(await body_of(request))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in fault["loc"])
        raise RequestError(400, f"Invalid request: {where}: {fault['msg']}", param=where or None) from error


async def body_of(request: Request) -> bytes:
    """The body, refused while it arrives once it is too long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise RequestError(413, f"The request is longer than {MOST_BODY} bytes.")
    return bytes(body)
