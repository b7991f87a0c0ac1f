"""Any ontology, as Encord sends it, and any answer that a schema allows: what property tests draw from."""

import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=6)
WORDS_SAID = WORDS.filter(lambda text: bool(text.strip()))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6)
NUMBER = {"type": "number"}
DRAWN = {
    "x": st.floats(0, 0.5),
    "y": st.floats(0, 0.5),
    "width": st.floats(0.01, 0.5),
    "height": st.floats(0.01, 0.5),
    "theta": st.floats(-360, 360),
    "confidence": st.floats(0.01, 1),
}
"""Numbers by what they are called; those of the ontology's may be anything."""
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


@st.composite
def drawings(draw: st.DrawFn) -> Json:
    """An ontology of one to three objects that a language model can draw, with all that may be in their attributes."""
    shapes = ["bounding_box", "rotatable_bounding_box", "polygon", "polyline", "point"]
    return numbered(
        {
            "classifications": [],
            "objects": [
                {
                    "name": title,
                    "shape": draw(st.sampled_from(shapes)),
                    "color": "#D33115",
                    "attributes": draw(attributes(dynamic=True)),
                }
                for title in draw(titles(1, 3))
            ],
        }
    )


def allowed(schema: Json) -> st.SearchStrategy[Any]:
    """Any JSON that a schema allows and that says something: no blank texts, no empty or repeating lists.

    What is drawn lies in the picture: three points are the corners of a triangle.
    """
    if "anyOf" in schema:
        return st.one_of([allowed(branch) for branch in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "object":
            return st.fixed_dictionaries({name: _named(name, part) for name, part in schema["properties"].items()})
        case "array":
            return _several(schema["items"])
        case "number":
            return st.floats(0, 1) if "probability" in schema.get("description", "") else NUMBERS
        case "null":
            return st.none()
    return WORDS_SAID


def _named(name: str, schema: Json) -> st.SearchStrategy[Any]:
    return DRAWN.get(name, NUMBERS) if schema == NUMBER else allowed(schema)


def _several(items: Json) -> st.SearchStrategy[Any]:
    if list(items.get("properties", {})) == ["x", "y"]:
        return st.builds(_triangle, DRAWN["x"], DRAWN["y"], DRAWN["width"])
    return st.lists(allowed(items), min_size=1, max_size=3, unique_by=repr)


def _triangle(x: float, y: float, side: float) -> list[Json]:
    return [{"x": x, "y": y}, {"x": x + side, "y": y}, {"x": x, "y": y + side}]


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


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(["Cat", "Dog", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.sampled_from(["a"]), inner),
    max_leaves=5,
)


@st.composite
def nearly(draw: st.DrawFn, good: Any) -> Any:
    """Something right, changed in one place, however deep."""
    return _changed(good, draw(st.sampled_from(list(_places(good)))), draw)


def _places(good: Any) -> Iterator[tuple[Any, ...]]:
    """The way to every part, the whole among them."""
    yield ()
    parts = good.items() if isinstance(good, dict) else enumerate(good) if isinstance(good, list) else ()
    for step, part in parts:
        yield from ((step, *way) for way in _places(part))


def _changed(good: Any, way: tuple[Any, ...], draw: st.DrawFn) -> Any:
    if way:
        changed = {way[0]: _changed(good[way[0]], way[1:], draw)}
        return good | changed if isinstance(good, dict) else [changed.get(at, one) for at, one in enumerate(good)]
    if not isinstance(good, dict) or not good:
        return draw(JSON)
    key = draw(st.sampled_from(list(good)))
    fewer = {name: value for name, value in good.items() if name != key}
    return draw(st.sampled_from([fewer, good | {draw(st.text(max_size=3)): draw(JSON)}, draw(JSON)]))
