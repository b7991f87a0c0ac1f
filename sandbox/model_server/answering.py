"""Answer a JSON schema by looking: every property gets what the picture says, whatever the schema is about.

| property                       | answer                                                              |
|--------------------------------|---------------------------------------------------------------------|
| enum or const of strings       | the likeliest kind if it is an option (case-insensitive); else null |
|                                | if allowed; else "Other" if it is an option; else the last option   |
| number: confidence, score, ... | the calibrated probability of the answer it stands with             |
| integer: count                 | how many animals were detected                                      |
| other number, boolean          | its minimum (or 0), false                                           |
| string                         | a description within minLength and maxLength                        |
| array of objects with a box    | one for each animal whose kind is an option, surest first; or under |
|                                | its kind, where branches ask for that: {"Cat": {"box": ...}}        |
| other array                    | its one item's answer; empty where that would be null               |
| object, $ref, anyOf            | walked                                                              |
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PIL import Image

from sandbox.artwork import KINDS
from sandbox.model_server.animals import Detection, Sight
from sandbox.model_server.description import CONFIDENT, describe
from sandbox.model_server.spelling import Choice, plain
from sandbox.model_server.strictness import Schema

_CONFIDENCE = ("confidence", "probability", "certainty", "score", "likelihood")


class Answerer:
    """Fills one schema for one picture."""

    def __init__(self, image: Image.Image, sight: Sight, schema: Schema) -> None:
        self._image = image
        self._sight = sight
        self._root = schema

    def answer(self) -> Any:
        """The JSON value for the whole schema, in which a `Choice` stands for each value that was chosen."""
        return self._fill(self._root, "", None)

    def _fill(self, schema: Schema, name: str, above: Choice | None) -> Any:
        """The value for one part; `above` is the choice that a confidence next to it would speak of."""
        schema = self._resolved(schema)
        options = self._options(schema)
        if options:
            return choose(self._sight, options)
        if "anyOf" in schema:
            branches = [self._resolved(branch) for branch in schema["anyOf"]]
            return self._fill(next(one for one in branches if one.get("type") != "null"), name, above)
        kinds = _types(schema)
        if "object" in kinds:
            return self._fill_object(schema, above)
        if "array" in kinds:
            items = self._resolved(schema.get("items", {}))
            if "box" in items.get("properties", {}):
                return list(self._boxed(items["properties"]))
            if titled := self._titled(items):
                return list(self._boxed_under(titled))
            item = self._fill(schema.get("items", {}), name, above)
            return [] if plain(item) is None else [item] * max(1, schema.get("minItems", 1))
        if "string" in kinds:
            longest = schema.get("maxLength")
            return describe(self._image, self._sight, at_least=schema.get("minLength", 0), at_most=longest)
        return self._fill_scalar(schema, kinds, name.lower(), above)

    def _fill_object(self, schema: Schema, above: Choice | None) -> dict[str, Any]:
        properties = schema.get("properties", {})
        choices = {name: self._choice(part) for name, part in properties.items()}
        first = next((choice for choice in choices.values() if choice), above)
        filled = {}
        for name, part in properties.items():
            # "species_confidence" speaks of "species" where both are there, else of the first answer.
            own = next(
                (choice for other, choice in choices.items() if choice and name.startswith(f"{other}_")),
                first,
            )
            filled[name] = self._fill(part, name, own)
        return filled

    def _boxed(self, properties: Schema) -> Iterator[dict[str, Any]]:
        """The animals that were detected, as objects with a box {x, y, width, height} in 0..1."""
        for found in self._sight.detections:
            options = [one for part in properties.values() for one in self._options(self._resolved(part)) if one]
            kind = next((option for option in options if option.lower() == found.kind.lower()), None)
            if kind is not None:
                values = {"box": _sides(found), "confidence": round(found.score, 4)}
                yield {name: values.get(name, kind) for name in properties}

    def _titled(self, items: Schema) -> dict[str, tuple[str, Schema]]:
        """By its title in small letters each branch that asks for a box under a title: the title, and what is below."""
        branches = [self._resolved(branch) for branch in items.get("anyOf", [items])]
        inner = [(title, self._resolved(part)) for one in branches for title, part in one.get("properties", {}).items()]
        return {title.lower(): (title, part) for title, part in inner if "box" in part.get("properties", {})}

    def _boxed_under(self, titled: Mapping[str, tuple[str, Schema]]) -> Iterator[dict[str, Any]]:
        for found in self._sight.detections:
            if found.kind.lower() in titled:
                title, schema = titled[found.kind.lower()]
                choice = Choice(title, found.score)
                seen = {"box": _sides(found), "confidence": round(found.score, 4)}
                yield {title: self._fill_object(schema, choice) | seen}

    def _fill_scalar(self, schema: Schema, kinds: Sequence[str], name: str, above: Choice | None) -> Any:
        if "boolean" in kinds:
            return False
        if "number" in kinds and any(word in name for word in _CONFIDENCE):
            top = max(self._sight.probabilities.values())
            return round(above.probability if above else top, 4)
        if "integer" in kinds and "count" in name:
            return sum(found.score >= CONFIDENT for found in self._sight.detections)
        if "integer" in kinds or "number" in kinds:
            return math.ceil(schema.get("minimum", 0))
        return None

    def _choice(self, schema: Schema) -> Choice | None:
        options = self._options(self._resolved(schema))
        return choose(self._sight, options) if options else None

    def _options(self, schema: Schema) -> list[str | None]:
        """The strings (and null) a part may be; empty if it is no choice between strings."""
        branches = [self._resolved(branch) for branch in schema.get("anyOf", ())]
        options = [option for branch in (schema, *branches) for option in _enumerated(branch)]
        return options if any(isinstance(option, str) for option in options) else []

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            target: Any = self._root
            for step in str(schema["$ref"]).removeprefix("#").strip("/").split("/"):
                target = target[step] if step else target
            schema = target
        return schema


def choose(sight: Sight, options: Sequence[str | None]) -> Choice:
    """Pick the option that the pixels speak for; the table above says in what order."""
    titles = {option.lower(): option for option in options if option is not None}
    known = {kind: sight.probabilities[kind] for kind in KINDS if kind.lower() in titles}
    if sight.kind in known:
        return Choice(titles[sight.kind.lower()], known[sight.kind])
    rest = max(0.0, 1.0 - sum(known.values()))
    if None in options:
        return Choice(None, rest)
    if "other" in titles:
        return Choice(titles["other"], rest + known.get("Other", 0.0))
    last = next(option for option in reversed(options) if option is not None)
    return Choice(last, _share_of(last, known))


def _sides(found: Detection) -> dict[str, float]:
    """A box as {x, y, width, height} in 0..1."""
    x0, y0, x1, y1 = (round(edge, 4) for edge in found.box)
    return {"x": x0, "y": y0, "width": round(x1 - x0, 4), "height": round(y1 - y0, 4)}


def _share_of(title: str, known: Mapping[str, float]) -> float:
    return next((value for kind, value in known.items() if kind.lower() == title.lower()), 0.0)


def _enumerated(schema: Schema) -> list[str | None]:
    if schema.get("type") == "null":
        return [None]
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return [value for value in values if value is None or isinstance(value, str)]


def _types(schema: Schema) -> Sequence[str]:
    kind = schema.get("type", "object" if "properties" in schema else ())
    return (kind,) if isinstance(kind, str) else tuple(kind)
