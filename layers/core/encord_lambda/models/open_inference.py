"""Detectors behind the Open Inference Protocol, version 2, over REST: KServe, Triton, MLServer, OpenVINO.

One input tensor of type BYTES holds the picture's file in base64, and says so in its parameters as MLServer reads it
(kserve/open-inference-protocol, specification/protocol/inference_rest.md). Three output tensors hold boxes, scores and
labels, in the same order; a leading dimension of 1 is passed over.
"""

import base64
import json
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from encord_lambda import config_prelabel
from encord_lambda.agents import detector_reply
from encord_lambda.agents.agent import Picture, Usage
from encord_lambda.agents.detector import Detected
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.models.posting import Poster, answered

_FARTHEST: Final = 1e9


class _Tensor(BaseModel):
    name: str
    data: list[Any]


class _Reply(BaseModel):
    outputs: list[_Tensor]


class OpenInferenceDetector:
    """Asks inference servers; safe to share between threads."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    def detect(self, configured: config_prelabel.OpenInferenceDetector, picture: Picture) -> Detected:
        """What the model sees. Boxes scored 0 fill up a tensor of fixed length, and are passed over.

        Raises:
            Retry: As `Poster.post`, or the answer is no JSON.
            Misconfigured: As `Poster.post`, or an output is missing, of another shape, or of too many boxes.
            Reject: As `Poster.post`, or none of the boxes can be used.
        """
        started = time.perf_counter()
        url = f"{configured.url.rstrip('/')}/v2/models/{quote(configured.model, safe='')}/infer"
        answer = self._poster.post(url, _request(configured, picture), "application/json")
        with answered():
            size = (1, 1) if configured.unit == "fractions" else (picture.width, picture.height)
            boxes = list(islice(_boxes(url, configured, _outputs(url, answer), size), detector_reply.MOST + 1))
            if len(boxes) > detector_reply.MOST:
                most = f"more than {detector_reply.MOST:,} boxes that are not scored 0"
                raise Misconfigured(f"{url} answered {most}: let it leave out those it is least sure of")
            return detector_reply.usable(url, boxes, Usage(time.perf_counter() - started))


def _request(configured: config_prelabel.OpenInferenceDetector, picture: Picture) -> bytes:
    tensor = {
        "name": configured.input,
        "shape": [1],
        "datatype": "BYTES",
        "parameters": {"content_type": "base64"},
        "data": [base64.b64encode(picture.content).decode()],
    }
    outputs = [{"name": name} for name in (configured.boxes, configured.scores, configured.labels)]
    return json.dumps({"inputs": [tensor], "outputs": outputs}).encode()


def _outputs(url: str, answer: bytes) -> dict[str, list[Any]]:
    try:
        reply = _Reply.model_validate(from_json(answer))
    except ValidationError as error:
        raise Misconfigured(f"{url} does not speak the Open Inference Protocol: {error.errors()[0]['msg']}") from None
    except ValueError as error:
        raise Retry(f"{url} answered no JSON: {error}") from None
    return {tensor.name: list(_flat(tensor.data)) for tensor in reply.outputs}


def _flat(data: list[Any]) -> Iterator[Any]:
    for one in data:
        if isinstance(one, list):
            yield from _flat(one)
        else:
            yield one


def _boxes(
    url: str,
    configured: config_prelabel.OpenInferenceDetector,
    outputs: dict[str, list[Any]],
    size: tuple[int, int],
) -> Iterator[dict[str, object]]:
    """Detections as our own protocol has them, unchecked; `size` is the picture's in the model's numbers."""
    names = (configured.boxes, configured.scores, configured.labels)
    if missing := [name for name in names if name not in outputs]:
        known = ", ".join(f"'{name}'" for name in outputs) or "none"
        raise Misconfigured(f"{url} has no output '{missing[0]}'; it has: {known}")
    sides, scores, labels = (outputs[name] for name in names)
    if not len(sides) == 4 * len(scores) == 4 * len(labels):
        told = f"{len(sides)} numbers for boxes, {len(scores)} scores and {len(labels)} labels"
        raise Misconfigured(f"{url}: {told}; four, one and one of each detection were expected")
    for index, (score, label) in enumerate(zip(scores, labels, strict=True)):
        if score != 0:
            box = _box(sides[4 * index : 4 * index + 4], configured.corners, size)
            yield {"label": _label(label), "confidence": score, "box": box}


def _label(told: Any) -> str:
    """A label as `classes` names it: 17 also where the tensor has it as 17.0."""
    return str(int(told)) if isinstance(told, float) and told.is_integer() else str(told)


def _box(sides: list[Any], corners: str, size: tuple[int, int]) -> list[float] | None:
    """[x, y, width, height] in fractions; None for what are no numbers, or none of a picture."""
    if not all(isinstance(side, (int, float)) and abs(side) < _FARTHEST for side in sides):
        return None
    x, y, third, fourth = (side / unit for side, unit in zip(sides, size * 2, strict=True))
    return [x, y, third - x, fourth - y] if corners == "xyxy" else [x, y, third, fourth]
