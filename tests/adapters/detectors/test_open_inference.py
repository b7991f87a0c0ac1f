"""The Open Inference Protocol, against the sandbox's model server."""

import json

import pytest

from encord_lambda.agents.boxes import bounds, overlap
from encord_lambda.agents.detector import Detected
from encord_lambda.config_prelabel import OpenInferenceDetector as Configured
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.labels.proposals import Box
from encord_lambda.models.open_inference import OpenInferenceDetector
from encord_lambda.models.posting import Poster
from sandbox.model_server.script import Status, Text
from sandbox.model_server.server import Server
from tests.adapters.detectors.seeing import CAT, the_cat


def detect(server: Server, **keys: object) -> Detected:
    told = {"kind": "open_inference", "url": server.url, "model": "animals"} | keys
    return OpenInferenceDetector(Poster("", 10, allow_private=True)).detect(Configured.model_validate(told), CAT)


def outputs(boxes: object, scores: object, labels: object) -> Text:
    tensors = {"boxes": boxes, "scores": scores, "labels": labels}
    told = [{"name": name, "shape": [], "datatype": "FP32", "data": data} for name, data in tensors.items()]
    return Text(json.dumps({"model_name": "m", "model_version": "1", "outputs": told}))


def trouble(server: Server, text: Text | Status, **keys: object) -> Trouble:
    server.enqueue(text)
    with pytest.raises(Trouble) as raised:
        detect(server, **keys)
    return raised.value


def test_a_cat_is_found_where_it_was_drawn_though_boxes_are_in_pixels(server: Server) -> None:
    best = detect(server).detections[0]

    assert best.label == "cat"
    assert overlap(best.shape, the_cat()) > 0.7


def test_boxes_may_be_fractions_nested_and_a_corner_with_an_extent(server: Server) -> None:
    server.enqueue(outputs([[[0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0.5, 0.5]]], [[0.9, 0.8]], [["cat", "dog"]]))

    detected = detect(server, corners="xywh", unit="fractions")

    assert [bounds(one.shape) for one in detected.detections] == [Box(0.1, 0.2, 0.3, 0.4), Box(0.5, 0.5, 0.5, 0.5)]


@pytest.mark.parametrize("number", [17, 17.0])
def test_labels_may_be_numbers_and_boxes_scored_zero_only_fill_up(server: Server, number: float) -> None:
    server.enqueue(outputs([0.1, 0.2, 0.3, 0.4, 0, 0, 0, 0], [0.9, 0.0], [number, -1]))

    detected = detect(server, unit="fractions")

    assert [(one.label, one.confidence) for one in detected.detections] == [("17", 0.9)]
    assert detected.refused == 0


def test_a_box_with_its_corners_the_wrong_way_round_is_refused(server: Server) -> None:
    server.enqueue(outputs([0.3, 0.4, 0.1, 0.2, 0.1, 0.2, 0.3, 0.4], [0.9, 0.9], ["cat", "cat"]))

    assert detect(server, unit="fractions").refused == 1


@pytest.mark.parametrize("side", [float("nan"), "wide", None, 10**400])
def test_a_side_that_is_no_number_is_refused(server: Server, side: object) -> None:
    assert type(trouble(server, outputs([0.1, 0.1, side, 0.2], [0.9], ["cat"]))) is Reject


def test_a_confidence_of_nan_is_refused(server: Server) -> None:
    assert type(trouble(server, outputs([1, 1, 20, 20], [float("nan")], ["cat"]))) is Reject


def test_more_boxes_than_a_picture_can_have_are_for_a_person_to_mend(server: Server) -> None:
    raised = trouble(server, outputs([0, 0, 1, 1] * 10_001, [0.9] * 10_001, ["cat"] * 10_001), unit="fractions")

    assert type(raised) is Misconfigured
    assert "more than 10,000 boxes" in raised.reason


def test_an_output_that_is_missing_is_named_with_those_there_are(server: Server) -> None:
    raised = trouble(server, outputs([], [], []), boxes="dets")

    assert type(raised) is Misconfigured
    assert raised.reason.endswith("has no output 'dets'; it has: 'boxes', 'scores', 'labels'")


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (outputs([1, 2, 3], [0.9], ["cat"]), Misconfigured, "3 numbers for boxes, 1 scores and 1 labels"),
        (outputs([1, 2, 3, 4], [0.9], []), Misconfigured, "4 numbers for boxes, 1 scores and 0 labels"),
        (Text('{"predictions": []}'), Misconfigured, "does not speak the Open Inference Protocol: Field required"),
        (Text('{"outputs": ['), Retry, "answered no JSON"),
        (Status(503), Retry, "HTTP 503"),
        (Status(400), Reject, "HTTP 400"),
    ],
    ids=["boxes", "labels", "protocol", "cut off", "busy", "refused"],
)
def test_an_answer_that_is_none_is_sorted(server: Server, text: Text | Status, kind: type[Trouble], words: str) -> None:
    raised = trouble(server, text)

    assert type(raised) is kind
    assert words in raised.reason


def test_a_model_that_does_not_exist_is_the_configurations_fault(server: Server) -> None:
    with pytest.raises(Misconfigured, match="/v2/models/no-such-model/infer: HTTP 404"):
        detect(server, model="no-such-model")
