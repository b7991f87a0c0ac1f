"""The floor: the same web server and framework, answering recorded bytes and checking nothing.

python -m benchmarks.bare_server EXCHANGES.pickle PORT
"""

import pickle
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.recording import Exchange

type Key = tuple[str, int]


def serve(exchanges: list[Exchange], port: int) -> None:
    """Answer what was recorded, found by the request's target and the length of its body, until killed."""
    answers = {_key(one.request): one.answer for one in exchanges}

    async def endpoint(request: Request) -> Response:
        body, query = await request.body(), request.scope["query_string"].decode()
        target = request.scope["raw_path"].decode() + (f"?{query}" if query else "")
        return Response(answers[target, len(body)], media_type="application/json")

    app = Starlette(routes=[Route("/{rest:path}", endpoint, methods=["GET", "POST"])])
    uvicorn.run(app, port=port, log_level="error", access_log=False, h11_max_incomplete_event_size=64 * 1024)


def _key(request: bytes) -> Key:
    head, _, body = request.partition(b"\r\n\r\n")
    return head.split(b" ", 2)[1].decode(), len(body)


if __name__ == "__main__":
    serve(pickle.loads(Path(sys.argv[1]).read_bytes()), int(sys.argv[2]))  # noqa: S301 - written a moment ago by ours
