"""What the stand-ins of the language model and of the detector answer: what the picture says of itself."""

import base64
import json
from typing import Any, Final

from tests.chaos import pictures
from tests.chaos.items import NOTHING

Json = dict[str, Any]
SURE: Final = [("cat", [0.1, 0.1, 0.3, 0.3]), ("dog", [0.6, 0.5, 0.3, 0.3])]
UNSURE: Final = [("cat", [0.2, 0.2, 0.4, 0.4])]


def asked_about(request: Json) -> str:
    """The title of the picture that a chat completion is asked about."""
    parts = [
        part for message in request["messages"] if isinstance(message["content"], list) for part in message["content"]
    ]
    [url] = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    return pictures.title_in(base64.b64decode(url.partition("base64,")[2]))


def completion(title: str) -> Json:
    """The language model's answer about a picture."""
    _, shows, *poison = title.removesuffix(".jpg").split("-", 2)
    message, finish = {"role": "assistant", "content": _content(shows), "refusal": None}, "stop"
    match poison:
        case ["refusal"]:
            message |= {"content": None, "refusal": "I would rather not."}
        case ["nonsense"]:
            message["content"] = 'Sure! {"answer": "Cat'
        case ["strange-option"]:
            message["content"] = json.dumps({"answer": "Unicorn", "confidence": 0.9})
        case ["empty"]:
            message["content"] = ""
        case ["cut-off"]:
            finish = "length"
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
    usage = {"prompt_tokens": 300, "completion_tokens": 12, "total_tokens": 312}
    return {
        "id": "chatcmpl-chaos",
        "object": "chat.completion",
        "created": 0,
        "model": "stand-in",
        "choices": [choice],
        "usage": usage,
    }


def detections(title: str) -> Json:
    """The detector's answer about a picture."""
    _, shows, *poison = title.removesuffix(".jpg").split("-", 2)
    if poison == ["strange-boxes"]:
        return {"detections": [{"label": "cat", "confidence": 7, "box": [0.1, 0.1, 0.3, 0.3]}]}
    boxes, confidence = {"sure": (SURE, 0.97), "unsure": (UNSURE, 0.7), "empty": ([], 0.0)}[shows]
    return {"detections": [{"label": label, "confidence": confidence, "box": box} for label, box in boxes]}


def _content(shows: str) -> str:
    return json.dumps({"answer": None if shows == NOTHING else shows, "confidence": 0.97})
