"""A language model as a detector."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Picture, Usage
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.agents.vision_detector import detect, schema
from encord_lambda.config_prelabel import VisionDetector
from encord_lambda.errors import Reject
from encord_lambda.labels.proposals import Box
from tests.fakes.stages import ScriptedModel

CONFIGURED = VisionDetector(kind="vision", model="openai:m")
BOX = {"x": 0.1, "y": 0.2, "width": 0.5, "height": 0.6}
CAT = {"label": "cat", "confidence": 0.9, "box": BOX}


def ask(text: str) -> Detected:
    model = ScriptedModel(lambda _: text)
    return detect(CONFIGURED, ["cat", "dog"], Picture(b"picture", "image/png"), model)


def test_boxes_come_back_as_any_detectors() -> None:
    assert ask(json.dumps({"detections": [CAT]})) == Detected(
        (Detection("cat", 0.9, Box(0.1, 0.2, 0.5, 0.6)),), Usage(0.5)
    )


def test_every_object_of_the_schema_is_closed_and_labels_are_the_only_words() -> None:
    made = json.loads(json.dumps(schema(["cat", "dog"])))

    detection = made["properties"]["detections"]["items"]
    for part in (made, detection, detection["properties"]["box"]):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
    assert detection["properties"]["label"] == {"type": "string", "enum": ["cat", "dog"]}


def test_a_box_that_cannot_be_is_counted() -> None:
    detected = ask(json.dumps({"detections": [CAT, CAT | {"confidence": 7}, CAT | {"box": BOX | {"x": 64}}]}))

    assert (len(detected.detections), detected.refused) == (1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"detections": [',
        "{}",
        json.dumps({"detections": [CAT | {"box": None}]}),
        json.dumps({"detections": [CAT | {"why": "ears"}]}),
    ],
)
def test_a_malformed_answer_is_rejected(text: str) -> None:
    with pytest.raises(Reject, match="openai:m's boxes are malformed: "):
        ask(text)


def test_a_dollar_sign_in_a_label_is_not_a_blank() -> None:
    model = ScriptedModel(lambda _: '{"detections": []}')
    detect(CONFIGURED, ["$most", "100$"], Picture(b"picture", "image/png"), model)

    assert "- $most\n- 100$" in model.questions[0].prompt


@given(st.text())
def test_whatever_the_model_says_is_detections_or_rejected(text: str) -> None:
    try:
        detected = ask(text)
    except Reject:
        return
    assert detected.usage.seconds == 0.5
