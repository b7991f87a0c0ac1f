"""What a detector answers, read with suspicion."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Usage
from encord_lambda.agents.boxes import bounds
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.agents.detector_reply import MOST, read, usable
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.labels.proposals import Bitmask, Box, Point, Polygon, Polyline, RotatedBox

CAT: dict[str, object] = {"label": "cat", "confidence": 0.97, "box": [0.1, 0.2, 0.5, 0.6]}
SEEN = Detection("cat", 0.97, Box(0.1, 0.2, 0.5, 0.6))


def reading(*detections: object) -> Detected:
    return read("the detector", json.dumps({"detections": detections}), Usage(0.5))


def changed(**keys: object) -> dict[str, object]:
    return {key: value for key, value in (CAT | keys).items() if value is not None}


def test_a_box_is_read() -> None:
    assert reading(CAT) == Detected((SEEN,), Usage(0.5), refused=0)


def test_a_polygon_and_a_mask_are_read() -> None:
    polygon = changed(box=None, polygon=[[0.1, 0.1], [0.5, 0.1], [0.3, 0.6]])
    mask = changed(box=None, mask={"size": [2, 4], "counts": "242"})

    assert [one.shape for one in reading(polygon, mask).detections] == [
        Polygon(((0.1, 0.1), (0.5, 0.1), (0.3, 0.6))),
        Bitmask(4, 2, "242"),
    ]


def test_a_rotated_box_a_line_and_a_point_are_read() -> None:
    rotated = changed(rotation=30)
    line = changed(box=None, polyline=[[0.1, 0.1], [0.5, 0.1]])
    point = changed(box=None, point=[0.25, 1])

    assert [one.shape for one in reading(rotated, line, point).detections] == [
        RotatedBox(0.1, 0.2, 0.5, 0.6, 30),
        Polyline(((0.1, 0.1), (0.5, 0.1))),
        Point(0.25, 1),
    ]


def test_attributes_are_passed_on_as_they_are() -> None:
    [seen] = reading(changed(attributes={"Breed": "Pug", "Colour": {"dark": {"how": None}}})).detections

    assert seen == replace(SEEN, attributes={"Breed": "Pug", "Colour": {"dark": {"how": None}}})


def test_nothing_seen_is_an_answer() -> None:
    assert reading() == Detected((), Usage(0.5))


def test_whole_numbers_will_do() -> None:
    [seen] = reading(changed(confidence=1, box=[0, 0, 1, 1])).detections

    assert (seen.confidence, seen.shape) == (1, Box(0, 0, 1, 1))


def test_a_box_that_reaches_out_of_the_picture_is_cut_at_its_edge() -> None:
    [seen] = reading(changed(box=[-0.25, 0.5, 0.5, 0.75])).detections

    assert bounds(seen.shape) == Box(0.0, 0.5, 0.25, 0.5)


USELESS = [
    (changed(confidence=math.nan), "confidence: Input should be a finite number"),
    (changed(confidence=math.inf), "confidence: Input should be a finite number"),
    (changed(confidence=1.01), "confidence: Input should be less than or equal to 1"),
    (changed(confidence=-0.01), "confidence: Input should be greater than or equal to 0"),
    (changed(confidence="0.9"), "confidence: Input should be a valid number"),
    (changed(label=""), "label: String should have at least 1 character"),
    (changed(label=7), "label: Input should be a valid string"),
    (changed(label=None), "label: Field required"),
    (changed(box=None), "expected one of `box`, `polygon`, `polyline`, `point` and `mask`"),
    (changed(polygon=[[0, 0], [1, 0], [1, 1]]), "expected one of `box`, `polygon`, `polyline`, `point` and `mask`"),
    (changed(point=[0.5, 0.5]), "expected one of `box`, `polygon`, `polyline`, `point` and `mask`"),
    (changed(box=None, point=[0.5, 0.5], rotation=5), "`rotation` is that of a `box`"),
    (changed(rotation=math.nan), "rotation: Input should be a finite number"),
    (changed(rotation=361), "rotation: Input should be less than or equal to 360"),
    (changed(box=[0.9, 0.9, 0.5, 0.5], rotation=5), "nothing of it lies in the picture"),
    (changed(box=None, point=[1.1, 0.5]), "nothing of it lies in the picture"),
    (changed(box=None, point=[0.5]), "point: List should have at least 2 items"),
    (changed(box=None, polyline=[[0.1, 0.1]]), "polyline: List should have at least 2 items"),
    (changed(box=None, polyline=[[1.1, 0.1], [1.2, 0.1]]), "nothing of it lies in the picture"),
    (changed(box=None, mask={"size": [2, 4], "counts": "8"}), "nothing of it lies in the picture"),
    (changed(attributes={"Age": [math.nan]}), "attributes.Age.list.0.float: Input should be a finite number"),
    (changed(attributes=["Pug"]), "attributes: Input should be a valid dictionary"),
    (changed(box=[0.1, 0.2, 0.5]), "box: List should have at least 4 items after validation, not 3"),
    (changed(box=[0.1, 0.2, math.nan, 0.5]), "box.2: Input should be a finite number"),
    (changed(box=[64, 48, 320, 240]), "box.0: Input should be less than or equal to 2"),
    (changed(box=[1.2, 0.2, 0.1, 0.1]), "nothing of it lies in the picture"),
    (changed(box=[0.5, 0.5, 0.0, 0.1]), "nothing of it lies in the picture"),
    (changed(box=[0.5, 0.5, -0.2, 0.1]), "nothing of it lies in the picture"),
    (changed(box=None, polygon=[[0.1, 0.1], [0.2, 0.2]]), "polygon: List should have at least 3 items"),
    (changed(box=None, mask={"size": [2, 4], "counts": "9"}), "the mask has 9 pixels; 4 x 2 were expected"),
    (changed(box=None, mask={"size": [2], "counts": "9"}), "mask.size: List should have at least 2 items"),
    (
        changed(box=None, mask={"size": [2, 2049], "counts": "2"}),
        "mask.size.1: Input should be less than or equal to 2048",
    ),
    (changed(box=None, mask={"size": [2, 4], "counts": "4" + "0" * 10**6}), "mask.counts: String should have at most"),
    (changed(box=None, polygon=[[0, 0], [1, 0], [1, 1]] * 3334), "polygon: List should have at most 10000 items"),
    (changed(box=None, polyline=[[0, 0], [1, 1]] * 5001), "polyline: List should have at most 10000 items"),
    (changed(class_id=3), "class_id: Extra inputs are not permitted"),
    ("cat", "it: Input should be a valid dictionary"),
    (None, "it: Input should be a valid dictionary"),
]


@pytest.mark.parametrize(
    ("useless", "fault"), USELESS, ids=[f"{n} {fault[:40]}" for n, (_, fault) in enumerate(USELESS)]
)
def test_a_detection_that_means_nothing_is_left_out_and_counted(useless: object, fault: str) -> None:
    assert reading(useless, CAT, useless) == Detected((SEEN,), Usage(0.5), refused=2)
    with pytest.raises(Reject) as trouble:
        reading(useless)
    assert trouble.value.reason.startswith(f"the detector: none of its 1 detections can be used; the first: {fault}")


@pytest.mark.parametrize(
    "text", ["", '{"detections": [', "<title>Log in</title>", b"\xff\xfe", '{"detections": []} more']
)
def test_what_is_no_json_may_be_json_later(text: str | bytes) -> None:
    with pytest.raises(Retry, match=r"^the detector answered no JSON: ") as trouble:
        read("the detector", text, Usage(0.5))

    assert type(trouble.value) is Retry


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", "it: Input should be a valid dictionary"),
        ("null", "it: Input should be a valid dictionary"),
        ("{}", "detections: Field required"),
        ('{"predictions": []}', "detections: Field required"),
        ('{"detections": {}}', "detections: Input should be a valid list"),
        ('{"detections": [], "model": "m"}', "model: Extra inputs are not permitted"),
    ],
)
def test_another_protocol_is_for_a_person_to_mend(text: str, fault: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        read("the detector", text, Usage(0.5))

    assert trouble.value.reason.startswith(f"the detector does not speak the protocol of docs/detectors.md: {fault}")


def test_more_detections_than_a_picture_can_have_are_no_answer() -> None:
    with pytest.raises(Misconfigured, match="at most 10000 items"):
        reading(*[CAT] * (MOST + 1))


NUMBERS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
JSON = st.recursive(NUMBERS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner))
DETECTIONS = st.fixed_dictionaries(
    {"label": st.text(max_size=3) | NUMBERS, "confidence": st.floats() | NUMBERS},
    optional={
        "box": st.lists(st.floats(-2, 3) | NUMBERS, max_size=5),
        "rotation": NUMBERS,
        "polygon": JSON,
        "point": st.lists(st.floats(-2, 3) | NUMBERS, max_size=3),
        "mask": JSON,
        "attributes": JSON,
    },
)


@given(st.lists(DETECTIONS | JSON, max_size=4))
def test_whatever_comes_is_usable_in_part_or_rejected(told: list[object]) -> None:
    try:
        detected = usable("the detector", told, Usage(0.5))
    except Reject:
        assert told
        return
    assert len(detected.detections) + detected.refused == len(told)
    for one in detected.detections:
        box = bounds(one.shape)
        assert 0 <= one.confidence <= 1
        if isinstance(one.shape, Point):
            assert 0 <= one.shape.x <= 1 >= one.shape.y >= 0
        elif isinstance(one.shape, RotatedBox):
            assert 0 <= box.x + box.width / 2 <= 1 >= box.y + box.height / 2 >= 0
        else:
            assert 0 <= box.x < box.x + box.width <= 1 + 1e-9
            assert 0 <= box.y < box.y + box.height <= 1 + 1e-9


@given(st.text() | st.binary() | JSON.map(json.dumps))
def test_any_answer_is_detections_or_trouble_in_one_line(text: str | bytes) -> None:
    reason = ""
    try:
        read("the detector", text, Usage(0.5))
    except Trouble as trouble:
        reason = trouble.reason
    assert "\n" not in reason
