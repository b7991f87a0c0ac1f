"""A language model as a detector: it is asked for boxes in fractions of the picture."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from encord_lambda.agents import detector_reply
from encord_lambda.agents.agent import LanguageModel, Picture, Question
from encord_lambda.agents.detector import Detected
from encord_lambda.agents.prompting import prompt
from encord_lambda.config_prelabel import VisionDetector
from encord_lambda.errors import Reject
from encord_lambda.labels.schema import closed

MOST = 20
"""Objects a model is asked for: so many fit into the length of its answer."""
_SIDES = ("x", "y", "width", "height")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Box(_Part):
    x: float
    y: float
    width: float
    height: float


class _Detection(_Part):
    label: str
    confidence: float
    box: _Box


class _Reply(_Part):
    detections: list[_Detection]


def detect(configured: VisionDetector, labels: Sequence[str], picture: Picture, model: LanguageModel) -> Detected:
    """What the model sees of `labels`; a label it was not asked for is passed on as any detector's.

    Raises:
        Trouble: As the model does.
        Reject: Its answer is malformed, or none of its detections can be used.
    """
    question = prompt("detect", labels="\n".join(f"- {label}" for label in labels), most=str(MOST))
    reply = model.ask(Question(configured.model, question, (picture,), schema(labels)))
    try:
        told = _Reply.model_validate_json(reply.text).detections
    except ValidationError as error:
        raise Reject(f"{configured.model}'s boxes are malformed: {error.errors()[0]['msg']}") from None
    return detector_reply.usable(configured.model, [_plain(one) for one in told], reply.usage)


def schema(labels: Sequence[str]) -> Mapping[str, object]:
    """JSON schema (OpenAI's strict subset) that allows boxes of these labels and nothing else."""
    number = {"type": "number"}
    box = closed(dict.fromkeys(_SIDES, number))
    detection = closed({"label": {"type": "string", "enum": list(labels)}, "confidence": number, "box": box})
    return closed({"detections": {"type": "array", "items": detection}})


def _plain(one: _Detection) -> dict[str, object]:
    box = one.box
    return {"label": one.label, "confidence": one.confidence, "box": [box.x, box.y, box.width, box.height]}
