"""A language model's things on a picture (`labels.object_schema`) as detections of our JSON protocol.

Only the form is checked here; what a coordinate, a confidence or an attribute may be is checked as of any detector.
"""

from collections.abc import Iterator, Mapping, Sequence

from encord_lambda.labels.object_schema import THINGS, Geometry, geometry
from encord_lambda.labels.ontology import Object
from encord_lambda.labels.reading import QUOTED, fields, malformed, number, parsed


def detections(objects: Sequence[Object], text: str) -> Iterator[dict[str, object]]:
    """What a model that was asked for these objects saw; the label of each is its object's title.

    Raises:
        Reject: It is not the JSON that the schema allows; says where.
    """
    by_title = {one.title: one for one in objects}
    for place, thing in enumerate(_list(fields(parsed(text), [THINGS], "")[THINGS], THINGS)):
        yield _detection(by_title, thing, f"{THINGS}.{place}")


def _detection(objects: Mapping[str, Object], thing: object, place: str) -> dict[str, object]:
    title, told = next(iter(thing.items())) if isinstance(thing, dict) and len(thing) == 1 else ("", None)
    if title not in objects:
        malformed(place, f"expected one thing under its title, which {title[:QUOTED]!r} is not")
    drawn, here = objects[title], f"{place}.{title}"
    drawing = geometry(drawn)
    given = fields(told, ["confidence", drawing.key, *(["attributes"] if drawn.asked else [])], here)
    found: dict[str, object] = {"label": title, "confidence": number(given["confidence"], f"{here}.confidence")}
    if drawn.asked:
        asked = [one.title for one in drawn.asked]
        found["attributes"] = fields(given["attributes"], asked, f"{here}.attributes")
    return found | _drawing(drawing, given[drawing.key], f"{here}.{drawing.key}")


def _drawing(drawing: Geometry, given: object, place: str) -> dict[str, object]:
    if drawing.several:
        points = _list(given, place)
        return {drawing.key: [_numbers(drawing, one, f"{place}.{at}") for at, one in enumerate(points)]}
    numbers = _numbers(drawing, given, place)
    if drawing.key == "rotated_box":
        return {"box": numbers[:4], "rotation": numbers[4]}
    return {drawing.key: numbers}


def _numbers(drawing: Geometry, given: object, place: str) -> list[float]:
    told = fields(given, drawing.numbers, place)
    return [number(told[name], f"{place}.{name}") for name in drawing.numbers]


def _list(given: object, place: str) -> list[object]:
    if not isinstance(given, list):
        malformed(place, "expected a list")
    return given
