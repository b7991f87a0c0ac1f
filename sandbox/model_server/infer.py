"""`POST /v2/models/{model}/infer`: the same eyes behind the Open Inference Protocol, version 2.

One input tensor, of type BYTES, holds a picture's file in base64. Outputs: `boxes` [1, n, 4] with two corners in
pixels, `scores` [1, n] and `labels` [1, n]. Models named "no-such-..." do not exist.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.model_server.chat import desk_of
from sandbox.model_server.detect import scripted_body
from sandbox.model_server.pictures import from_base64
from sandbox.model_server.reading import parse
from sandbox.model_server.refusals import RequestError
from sandbox.model_server.wire import InferReply, InferRequest, OutputTensor

PATH = "/v2/models/{model}/infer"


async def infer(request: Request) -> Response:
    """Answer one inference request."""
    model = request.path_params["model"]
    if model.startswith("no-such-"):
        raise RequestError(404, f"The model `{model}` does not exist.", code="model_not_found")
    asked = await parse(request, InferRequest)
    if scripted := await scripted_body(request, asked):
        return scripted
    [tensor] = asked.inputs
    if (tensor.datatype, len(tensor.data)) != ("BYTES", 1):
        raise RequestError(400, "Expected one element of type BYTES.", param="inputs")
    image = from_base64(tensor.data[0])
    found = (await desk_of(request).look(image)).detections
    sides = [edge * side for one in found for edge, side in zip(one.box, image.size * 2, strict=True)]
    outputs = [
        OutputTensor(name="boxes", shape=[1, len(found), 4], datatype="FP32", data=sides),
        OutputTensor(name="scores", shape=[1, len(found)], datatype="FP32", data=[one.score for one in found]),
        OutputTensor(name="labels", shape=[1, len(found)], datatype="BYTES", data=[one.kind.lower() for one in found]),
    ]
    return JSONResponse(InferReply(model_name=model, outputs=outputs).model_dump(mode="json"))
