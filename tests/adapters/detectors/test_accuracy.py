"""The whole way of a picture: from pixels over HTTP to objects, held against where the animals were drawn."""

from dataclasses import dataclass
from functools import cache
from statistics import mean
from typing import NoReturn

import pytest

from encord_lambda.agents.agent import Picture, Tools
from encord_lambda.agents.boxes import overlap
from encord_lambda.agents.prelabel import PrelabelAgent
from encord_lambda.config_prelabel import Prelabel
from encord_lambda.labels.ontology import Object, Ontology
from encord_lambda.labels.proposals import Shape, Thing
from encord_lambda.models.openai_model import OpenAiModel
from encord_lambda.models.posting import Poster
from encord_lambda.models.remote_detectors import RemoteDetectors
from sandbox.artwork import KINDS, Scene, draw_scene
from sandbox.model_server.server import Server
from tests.adapters.detectors.seeing import in_fractions
from tests.fakes.units import a_unit
from tests.model_server.conversation import png

ACCEPT, REVIEW = 0.90, 0.50
ONTOLOGY = Ontology((), tuple(Object(kind, "bounding_box") for kind in KINDS))


@cache
def alone() -> list[Scene]:
    return [draw_scene((kind,), 810_000 + seed) for seed in range(4) for kind in KINDS]


def crowds() -> list[Scene]:
    return [draw_scene(("Cat", "Dog", "Other")[: 2 + seed % 2], 820_000 + seed, (720, 320)) for seed in range(8)]


@dataclass
class Drawings:
    """Pictures whose URL is their place in a list."""

    scenes: list[Scene]

    def read(self, url: str) -> Picture:
        image = self.scenes[int(url)].image
        return Picture(png(image), "image/png", *image.size)


def no_sagemaker() -> NoReturn:
    raise AssertionError("no SageMaker endpoint is configured")


def agent(detector: dict[str, str]) -> PrelabelAgent:
    classes = {kind.lower(): kind for kind in KINDS}
    keys = {"kind": "prelabel", "detector": detector, "classes": classes, "accept": ACCEPT, "review": REVIEW}
    return PrelabelAgent(Prelabel.model_validate(keys), "Agent 1")


def overlaps(server: Server, detector: dict[str, str], scenes: list[Scene]) -> list[float]:
    """How much of each accepted box is of the animal that was drawn."""
    model = OpenAiModel("sk-any", f"{server.url}/v1", timeout=10)
    tools = Tools(model, Drawings(scenes), RemoteDetectors(Poster("", 10, allow_private=True), no_sagemaker))
    found = []
    for url, scene in enumerate(scenes):
        for thing in agent(detector).decide(a_unit("drawing", str(url), ONTOLOGY), tools).proposals:
            assert isinstance(thing, Thing)
            [placement] = thing.placements
            if placement.confidence > ACCEPT:
                found.append(best(thing.object, placement.shape, scene))
    return found


DETECTORS = {
    "http": {"kind": "http", "url": "{}/detect"},
    "open_inference": {"kind": "open_inference", "url": "{}", "model": "animals"},
    "vision": {"kind": "vision", "model": "openai:gpt-4o"},
}


@pytest.mark.parametrize("kind", DETECTORS)
def test_accepted_boxes_lie_where_the_animals_were_drawn(server: Server, kind: str) -> None:
    detector = {key: value.format(server.url) for key, value in DETECTORS[kind].items()}

    shared = overlaps(server, detector, alone())

    assert len(shared) > len(alone()) / 2
    assert mean(shared) >= 0.7


def test_of_several_animals_each_is_found(server: Server) -> None:
    scenes = crowds()
    shared = overlaps(server, {"kind": "http", "url": f"{server.url}/detect"}, scenes)

    assert len(shared) > len(scenes)
    assert mean(shared) >= 0.7


def best(kind: str, shape: Shape, scene: Scene) -> float:
    """The largest overlap with an animal of this kind; 0 if none was drawn."""
    truths = [in_fractions(box, scene.image) for drawn, box in scene.animals if drawn == kind]
    return max((overlap(shape, truth) for truth in truths), default=0.0)
