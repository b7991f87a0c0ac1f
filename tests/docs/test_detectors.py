"""docs/detectors.md: its answer can be read, and its server speaks the protocol."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from encord_lambda.agents.agent import Usage
from encord_lambda.agents.detector_reply import read
from encord_lambda.labels.proposals import Bitmask, Box, Point, Polygon, Polyline, RotatedBox
from tests.docs import markdown
from tests.model_server.conversation import a_cat, png

PAGE = markdown.ROOT / "docs" / "detectors.md"


def block(language: str) -> str:
    """The page's one block in a language."""
    [found] = markdown.blocks(PAGE, language)
    return found.text


def test_the_answer_shows_every_shape() -> None:
    detected = read("the page", block("json"), Usage(0.0))

    assert [type(one.shape) for one in detected.detections] == [Box, Polygon, Bitmask, RotatedBox, Polyline, Point]
    assert detected.refused == 0


def test_the_server_speaks_the_protocol() -> None:
    names: dict[str, Any] = {}
    exec(compile(block("python"), "docs/detectors.md", "exec"), names)  # noqa: S102 - our own page
    image = a_cat()

    answer = TestClient(names["app"]).post("/detect", content=png(image), headers={"Content-Type": "image/png"})

    [seen] = read("the page", json.dumps(answer.json()), Usage(0.0)).detections
    assert isinstance(seen.shape, Box)
    assert seen.label == "cat"
    assert seen.shape.x == pytest.approx(10 / image.width)
