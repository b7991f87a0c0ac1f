"""`kind: prelabel` of pipeline.yaml."""

import pytest
from pydantic import TypeAdapter, ValidationError

from encord_lambda.config import PipelineConfig, Stage
from encord_lambda.config_prelabel import Detector, FrameSampling, limit
from encord_lambda.errors import Misconfigured
from tests.unit.prelabel.drawn import HTTP, a_config

PIPELINE = """\
version: 1
stages:
  - project: 027e0c65-0000-4000-8000-000000000001
    stage: Pre-Labeling Agent
    agent:
      kind: prelabel
      detector: {kind: http, url: https://detector.example/detect}
      classes: {cat: Cat, dog: Dog}
      accept: {default: 0.95, Cat: 0.90}
      review: 0.50
      frames: {every: 5}
    pathways: {accepted: Annotate 1, review: Review, nothing: Annotate 1}
"""
ANSWERS = ("accepted", "review", "nothing")
OPEN_INFERENCE = {"kind": "open_inference", "url": "http://models:8000", "model": "animals"}


def parse(before: str = "", after: str = "") -> Stage:
    """The stage of the pipeline above with one thing changed."""
    assert before in PIPELINE
    [stage] = PipelineConfig.parse("p.yaml", PIPELINE.replace(before, after) if before else PIPELINE).stages
    return stage


def test_the_designs_sketch_is_read() -> None:
    stage = parse()

    assert stage.agent == a_config(frames={"every": 5})
    assert [stage.pathway(answer) for answer in ("accepted", "review", "nothing")] == [
        "Annotate 1",
        "Review",
        "Annotate 1",
    ]


def test_otherwise_takes_every_answer_without_a_pathway_of_its_own() -> None:
    stage = parse("accepted: Annotate 1, review: Review, nothing: Annotate 1", "review: Review, otherwise: Annotate 1")

    assert [stage.pathway(answer) for answer in ("accepted", "review", "nothing")] == [
        "Annotate 1",
        "Review",
        "Annotate 1",
    ]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            ", nothing: Annotate 1",
            "",
            "p.yaml:12: stages[0].pathways: pathways needs `nothing`, or `otherwise` for answers without",
        ),
        ("url: https", "url: ftp", "p.yaml:7: stages[0].agent.detector.url: must be an address such as"),
        ("kind: http, ", "", "p.yaml:7: stages[0].agent.detector: `kind` is missing"),
        (
            "kind: http,",
            "kind: yolo,",
            "p.yaml:7: stages[0].agent.detector: there is no kind 'yolo'; there are: ",
        ),
        ("Cat: 0.90", "Cat: 1.90", "p.yaml:9: stages[0].agent.accept.Cat: Input should be less than or equal to 1"),
        ("review: 0.50", "review: 0.92", "p.yaml:9: stages[0].agent.accept.Cat: accept is below review for 'Cat'"),
        ("Cat: 0.90", "Cow: 0.90", "p.yaml:9: stages[0].agent.accept.Cow: accept has a limit for 'Cow', but"),
        ("review: 0.50", "review: low", "p.yaml:10: stages[0].agent.review: must be a number, or a mapping with one"),
        ("review: 0.50", "review: 5", "p.yaml:10: stages[0].agent.review: Input should be less than or equal to 1"),
        ("every: 5", "evry: 5", "p.yaml:11: stages[0].agent.frames.evry: there is no such key"),
    ],
)
def test_a_fault_is_told_with_its_line_and_path(before: str, after: str, message: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        parse(before, after)

    assert trouble.value.reason.startswith(message)


def fault(**changes: object) -> str:
    with pytest.raises(ValidationError) as error:
        a_config(**changes)
    return error.value.errors()[0]["msg"].removeprefix("Value error, ")


def test_a_number_is_the_limit_of_every_object() -> None:
    config = a_config(accept=0.9)

    assert {limit(config.accept, title) for title in ("Cat", "Dog")} == {0.9}


def test_an_object_without_a_limit_of_its_own_has_the_default() -> None:
    config = a_config(accept={"default": 0.95, "Cat": 0.90})

    assert (limit(config.accept, "Cat"), limit(config.accept, "Dog")) == (0.90, 0.95)


def test_a_default_can_be_left_out_where_every_object_has_a_limit() -> None:
    assert limit(a_config(accept={"Cat": 0.9, "Dog": 0.8}).accept, "Dog") == 0.8


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"accept": {"Cat": 0.9}}, "accept needs a `default`, or a limit for 'Dog'"),
        ({"review": {"Dog": 0.5}}, "review needs a `default`, or a limit for 'Cat'"),
        (
            {"accept": {"default": 0.9, "Horse": 0.8}},
            "accept has a limit for 'Horse', but `classes` leads to no such object",
        ),
        ({"review": 0.93}, "accept is below review for 'Cat': nothing could go to review"),
        ({"accept": 1.01}, "Input should be less than or equal to 1"),
        ({"accept": -0.01}, "Input should be greater than or equal to 0"),
        ({"accept": float("nan")}, "Input should be a finite number"),
        ({"accept": True}, "must be a number, or a mapping with one per object and a `default`"),
        ({"accept": "high"}, "must be a number, or a mapping with one per object and a `default`"),
        ({"classes": {}}, "Dictionary should have at least 1 item after validation, not 0"),
        ({"classes": {0: "Cat"}}, "Input should be a valid string"),
        ({"frames": {}}, "say one of `every` (frames), `seconds` and `spread`"),
        ({"frames": {"every": 5, "seconds": 1}}, "say one of `every` (frames), `seconds` and `spread`"),
        ({"frames": {"every": 5, "spread": 8}}, "say one of `every` (frames), `seconds` and `spread`"),
        ({"frames": {"spread": 501}}, "spread is above `most`, which is 500"),
        ({"frames": {"spread": 8, "most": 7}}, "spread is above `most`, which is 7"),
        ({"frames": {"spread": 0}}, "Input should be greater than or equal to 1"),
        ({"frames": {"every": 5, "most": 0}}, "Input should be greater than or equal to 1"),
        ({"frames": {"every": 0}}, "Input should be greater than or equal to 1"),
        ({"frames": {"seconds": 0}}, "Input should be greater than 0"),
        ({"link": {"gap": -1}}, "Input should be greater than or equal to 0"),
        ({"agree": {"detector": HTTP}, "escalate": [HTTP]}, "say either `escalate` or `agree`"),
        ({"threshold": 0.5}, "Extra inputs are not permitted"),
        ({"detector": {"kind": "http"}}, "Field required"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, object], message: str) -> None:
    assert fault(**changes) == message


@pytest.mark.parametrize(
    "detector",
    [
        HTTP,
        HTTP | {"url": "http://127.0.0.1:8000"},
        OPEN_INFERENCE,
        OPEN_INFERENCE | {"corners": "xywh", "unit": "fractions", "boxes": "dets"},
        {"kind": "sagemaker", "endpoint": "animals-v2"},
        {"kind": "vision", "model": "openai:gpt-4o"},
    ],
)
def test_a_detector_is_of_one_of_four_kinds(detector: dict[str, object]) -> None:
    read: Detector = TypeAdapter(Detector).validate_python(detector)

    assert read.kind == detector["kind"]


@pytest.mark.parametrize(
    "detector",
    [
        HTTP | {"url": "detector.example"},
        HTTP | {"url": "ftp://detector.example"},
        HTTP | {"url": "file:///etc/hostname"},
        HTTP | {"url": "https://user:key@detector.example"},
        HTTP | {"url": "https://detector.example/?key=secret"},
        HTTP | {"endpoint": "animals"},
        {"kind": "sagemaker", "endpoint": "animals/v2"},
        {"kind": "vision", "model": "gpt-4o"},
        {"kind": "yolo", "url": "https://detector.example"},
    ],
)
def test_what_is_no_detector_is_refused(detector: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Detector).validate_python(detector)


def test_videos_are_looked_at_once_a_second_unless_told_otherwise() -> None:
    assert a_config().frames == FrameSampling(seconds=1)
