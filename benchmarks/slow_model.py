"""A stand-in for OpenAI's API: any chat completion is answered so many seconds later, as many as come at once.

python -m benchmarks.slow_model PORT SECONDS

It costs hardly any processor, so that a measurement is of its clients. It answers what the picture's comment says, in
the shape that is asked for: the seed's in JSON mode, ours with a schema.
"""

import asyncio
import json
import sys

from benchmarks.late_server import LateServer
from benchmarks.pictures import kind_in

USAGE = {"prompt_tokens": 400, "completion_tokens": 12, "total_tokens": 412}


def completion(target: str, body: bytes) -> tuple[str, bytes]:
    """The answer to a chat completion with one picture."""
    if target != "/v1/chat/completions":
        raise ValueError(f"{target} is not spoken here")
    return saying(_words(kind_in(body), b"json_schema" in body))


def saying(content: object) -> tuple[str, bytes]:
    """A chat completion with this content, as JSON."""
    message = {"role": "assistant", "content": json.dumps(content), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    told = {"id": "chatcmpl-0", "object": "chat.completion", "created": 0, "model": "gpt-4o-mini"}
    return "application/json", json.dumps(told | {"choices": [choice], "usage": USAGE}).encode()


def _words(kind: str, schema: bool) -> object:
    if not schema:
        return {"classification": kind}
    return {"answer": None if kind == "Other" else kind, "confidence": 0.97}


async def _serve(port: int, seconds: float) -> None:
    await LateServer(completion, seconds).listen(port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
