"""Boxes, configurations and answers for tests of pre-labelling; a call shows only what matters to its test."""

from hypothesis import strategies as st

from encord_lambda.agents.boxes import Found
from encord_lambda.config_prelabel import Prelabel
from encord_lambda.labels.proposals import Box

HTTP: dict[str, object] = {"kind": "http", "url": "https://detector.example/detect"}
FRACTIONS = st.floats(0, 1)
BOXES = st.builds(Box, FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS)
FOUND = st.builds(Found, st.sampled_from(["Cat", "Dog"]), FRACTIONS, BOXES)


def a_config(**changes: object) -> Prelabel:
    """Cats and dogs; accepted above 0.95 (cats 0.90), reviewed above 0.50."""
    keys: dict[str, object] = {
        "kind": "prelabel",
        "detector": HTTP,
        "classes": {"cat": "Cat", "dog": "Dog"},
        "accept": {"default": 0.95, "Cat": 0.90},
        "review": 0.50,
    }
    return Prelabel.model_validate(keys | changes)


def found(title: str = "Cat", confidence: float = 0.99, x: float = 0.1, side: float = 0.2) -> Found:
    """A square at the picture's upper edge."""
    return Found(title, confidence, Box(x, 0.0, side, side))
