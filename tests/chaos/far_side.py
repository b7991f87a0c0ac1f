"""`python -m tests.chaos.far_side PORT SEED`: a stand-in of a language model, a detector and a bucket, all troubled.

It answers from what a picture says of itself. `GET /_trouble` tells what it did, `POST /_trouble/{seconds}` puts the
models out of order for so long.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sandbox.encord_twin.protocol.connections import NAME, Cut, Protocol
from tests.chaos import pictures, replies
from tests.chaos.trouble import SLOW_SECONDS, Lots

ENDLESS = 10_000_000_000
CHUNK = bytes(1 << 18)

type Answer = Callable[[], Response]


class BrokenOff(Response):
    """Half of what it promises, then the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the half."""
        length = [(b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})
        await asyncio.sleep(0.01)
        scope["state"][NAME].close()
        while (await receive())["type"] != "http.disconnect":
            pass


class FarSide:
    """All three, and their trouble."""

    def __init__(self, seed: int) -> None:
        self._lots = Lots(seed)
        self._out_of_order_until = 0.0

    def routes(self) -> list[Route]:
        """What it answers."""
        return [
            Route("/v1/chat/completions", self._complete, methods=["POST"]),
            Route("/detect", self._detect, methods=["POST"]),
            Route("/_trouble", self._told),
            Route("/_trouble/{seconds:float}", self._break_down, methods=["POST"]),
            Route("/pictures/{title}", self._media),
        ]

    async def _complete(self, request: Request) -> Response:
        title = replies.asked_about(await request.json())
        return await self._model("model", title, lambda: JSONResponse(replies.completion(title)))

    async def _detect(self, request: Request) -> Response:
        title = pictures.title_in(await request.body())
        return await self._model("detector", title, lambda: JSONResponse(replies.detections(title)))

    async def _media(self, request: Request) -> Response:
        title = request.path_params["title"]
        poison = title.removesuffix(".jpg").split("-", 2)[2:]
        if poison == ["missing"]:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        if poison == ["endless"]:
            return StreamingResponse(_zeros(), headers={"Content-Length": str(ENDLESS)})
        body = pictures.poisoned(title, poison[0] if poison else "")
        return await self._troubled("media", title, lambda: Response(body, media_type="image/jpeg"))

    async def _told(self, _request: Request) -> Response:
        return JSONResponse(self._lots.hits)

    async def _break_down(self, request: Request) -> Response:
        self._out_of_order_until = time.monotonic() + request.path_params["seconds"]
        return Response()

    async def _model(self, where: str, title: str, answer: Answer) -> Response:
        if time.monotonic() < self._out_of_order_until:
            self._lots.hits[f"{where}: outage"] += 1
            return Response(status_code=503)
        return await self._troubled(where, title, answer)

    async def _troubled(self, where: str, title: str, answer: Answer) -> Response:
        match self._lots.draw(where, title).split(":"):
            case ["reset"]:
                return Cut()
            case ["drop"]:
                return Cut(answer())
            case ["broken off"]:
                return BrokenOff(answer().body)
            case ["login page"]:
                return HTMLResponse("<html>Please sign in.</html>")
            case ["slow"]:
                await asyncio.sleep(SLOW_SECONDS)
            case [status, after]:
                return Response(status_code=int(status), headers={"Retry-After": after})
            case [status] if status:
                return Response(status_code=int(status))
        return answer()


async def _zeros() -> AsyncIterator[bytes]:
    for _ in range(ENDLESS // len(CHUNK)):
        yield CHUNK


def main() -> None:
    """Serve until the process is ended."""
    port, seed = map(int, sys.argv[1:])
    app = Starlette(routes=FarSide(seed).routes())
    uvicorn.run(app, port=port, http=Protocol, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
