"""`POST /detect`: our own protocol for detectors (docs/detectors.md), and the same as a SageMaker endpoint.

Labels are "cat", "dog" and "other"; confidences are calibrated probabilities, best first, from 0.05 up: the caller sets
its own threshold. boto3's `sagemaker-runtime` with this server as its `endpoint_url` invokes an endpoint of any name.
Errors have OpenAI's shape: 400 `invalid_image` for what is no picture or is too large. No authentication.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.model_server.animals import Detection
from sandbox.model_server.chat import desk_of
from sandbox.model_server.pictures import decode
from sandbox.model_server.reading import body_of
from sandbox.model_server.refusals import RequestError
from sandbox.model_server.script import Received, Text
from sandbox.model_server.wire import DetectReply, DetectRequest, InferRequest, WireDetection

PATH = "/detect"
SAGEMAKER_PATH = "/endpoints/{name}/invocations"


async def detect(request: Request) -> Response:
    """Answer one detection request."""
    asked = DetectRequest(mime_type=request.headers.get("content-type", ""), content=await body_of(request))
    if scripted := await scripted_body(request, asked):
        return scripted
    sight = await desk_of(request).look(decode(asked.content))
    reply = DetectReply(detections=[_on_the_wire(found) for found in sight.detections])
    return JSONResponse(reply.model_dump(mode="json"))


async def scripted_body(request: Request, asked: DetectRequest | InferRequest) -> Response | None:
    """What the script says instead of a look, word for word."""
    match await desk_of(request).scripted(Received(request.url.path, asked)):
        case None:
            return None
        case Text(content):
            return Response(content, media_type="application/json")
        case _:
            raise RequestError(500, f"A reply scripted for chat reached {request.url.path}.")


def _on_the_wire(found: Detection) -> WireDetection:
    x0, y0, x1, y1 = (round(edge, 5) for edge in found.box)
    box = (x0, y0, round(x1 - x0, 5), round(y1 - y0, 5))
    return WireDetection(label=found.kind.lower(), confidence=round(found.score, 4), box=box)
