"""`POST /detect`: a detector's little protocol.

Request, JSON: `{"image": "<base64 of a PNG, JPEG, WebP or GIF>"}` or `{"url":
"http://127.0.0.1:.../picture.png"}`; URLs must be http and of the loopback interface. Reply:

    {"detections": [{"label": "cat", "score": 0.97, "box": {"x": 0.1, "y": 0.2, "w": 0.5, "h": 0.6}}],
     "width": 640, "height": 480, "model": "animals-1"}

Labels are "cat", "dog" and "other"; boxes are the upper left corner and the extent in 0..1 of the picture;
scores are calibrated probabilities, best first, from 0.05 up: the caller sets its own threshold. Errors have
OpenAI's shape: 400 `invalid_image` for what is no picture, is too large, or is elsewhere. No authentication.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.model_server.animals import NAME, Detection
from sandbox.model_server.chat import desk_of
from sandbox.model_server.pictures import fetch, from_base64
from sandbox.model_server.reading import parse
from sandbox.model_server.refusals import RequestError
from sandbox.model_server.script import Received
from sandbox.model_server.wire import DetectReply, DetectRequest, WireBox, WireDetection

PATH = "/detect"


async def detect(request: Request) -> JSONResponse:
    """Answer one detection request."""
    asked = await parse(request, DetectRequest)
    if (asked.image is None) == (asked.url is None):
        raise RequestError(400, "Give either 'image' or 'url'.", param="image")
    if await desk_of(request).scripted(Received(PATH, asked)) is not None:
        raise RequestError(500, "A reply scripted for chat reached /detect.")
    image = from_base64(asked.image) if asked.image is not None else await fetch(asked.url or "")
    sight = await desk_of(request).look(image)
    reply = DetectReply(
        detections=[_on_the_wire(found) for found in sight.detections],
        width=image.width,
        height=image.height,
        model=NAME,
    )
    return JSONResponse(reply.model_dump(mode="json"))


def _on_the_wire(found: Detection) -> WireDetection:
    x0, y0, x1, y1 = (round(edge, 5) for edge in found.box)
    box = WireBox(x=x0, y=y0, w=round(x1 - x0, 5), h=round(y1 - y0, 5))
    return WireDetection(label=found.kind.lower(), score=round(found.score, 4), box=box)
