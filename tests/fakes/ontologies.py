"""Any ontology, as Encord sends it, and any answer that a schema allows: what property tests draw from."""

import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=6)
WORDS_SAID = WORDS.filter(lambda text: bool(text.strip()))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6)
DEEPEST = 3


def titles(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(WORDS, min_size=least, max_size=most, unique=True)


@st.composite
def attributes(
    draw: st.DrawFn, depth: int = DEEPEST, least: int = 0, most: int = 3, dynamic: bool = False
) -> list[Json]:
    """Attributes of one level, with what is nested in their options."""
    return [draw(an_attribute(title, depth, dynamic)) for title in draw(titles(least, most))]


@st.composite
def an_attribute(draw: st.DrawFn, title: str, depth: int, dynamic: bool = False) -> Json:
    kind = draw(st.sampled_from(["radio", "checklist", "text", "numeric"]))
    found: Json = {
        "name": title,
        "type": kind,
        "required": draw(st.booleans()),
        "dynamic": dynamic and draw(st.booleans()),
    }
    if kind in ("radio", "checklist"):
        nests = kind == "radio" and depth > 0 and not found["dynamic"]
        found["options"] = [
            {"label": option, "value": option} | ({"options": draw(attributes(depth - 1, most=2))} if nests else {})
            for option in draw(titles(1, 3))
        ]
    return found


@st.composite
def structures(draw: st.DrawFn, shape: str = "bounding_box", least: int = 1) -> Json:
    """An ontology of up to three classifications, each with all that may be in it, and an object 'Thing'."""
    questions = draw(attributes(least=least))
    levels = [draw(st.sampled_from([None, "global"])) for _ in questions]
    thing = {"name": "Thing", "shape": shape, "color": "#D33115", "attributes": draw(attributes(1, dynamic=True))}
    return numbered(
        {
            "classifications": [
                {"attributes": [one]} | ({"level": level} if level else {})
                for one, level in zip(questions, levels, strict=True)
            ],
            "objects": [thing],
        }
    )


def numbered(structure: Json) -> Json:
    """The same with the ids and hashes that Encord gives."""
    hashes = (f"feat{number:04}" for number in itertools.count())
    for number, feature in enumerate([*structure["objects"], *structure["classifications"]], start=1):
        feature |= {"id": str(number), "featureNodeHash": next(hashes)}
        _number(feature["attributes"], [number], hashes)
    return structure


def _number(features: list[Json], above: list[int], hashes: Iterator[str]) -> None:
    for number, feature in enumerate(features, start=1):
        path = [*above, number]
        feature |= {"id": ".".join(map(str, path)), "featureNodeHash": next(hashes)}
        _number(feature.get("options", []), path, hashes)


def allowed(schema: Json) -> st.SearchStrategy[Any]:
    """Any JSON that a schema allows and that says something: no blank texts, no empty or repeating lists."""
    if "anyOf" in schema:
        return st.one_of([allowed(branch) for branch in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "object":
            return st.fixed_dictionaries({name: allowed(part) for name, part in schema["properties"].items()})
        case "array":
            return st.lists(allowed(schema["items"]), min_size=1, unique=True)
        case "number" if "probability" in schema.get("description", ""):
            return st.floats(0, 1)
        case "number":
            return NUMBERS
        case "null":
            return st.none()
    return WORDS_SAID


def allows(schema: Json, data: Any) -> bool:
    """Whether a schema allows some JSON; written anew, so that it shares no fault with what is tested."""
    if "anyOf" in schema:
        return any(allows(branch, data) for branch in schema["anyOf"])
    if "enum" in schema:
        return isinstance(data, str) and data in schema["enum"]
    match schema["type"]:
        case "object":
            parts = schema["properties"]
            return (
                isinstance(data, dict)
                and data.keys() == parts.keys()
                and all(allows(part, data[name]) for name, part in parts.items())
            )
        case "array":
            return isinstance(data, list) and all(allows(schema["items"], one) for one in data)
        case "number":
            return isinstance(data, int | float) and not isinstance(data, bool)
        case "null":
            return data is None
    return isinstance(data, str)
