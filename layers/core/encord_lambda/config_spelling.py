"""Which key was meant by one that there is not: the schema of pipeline.yaml, followed to where it stands."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel

_REF: Final = "$ref"


def meant(model: type[BaseModel], place: Sequence[str | int]) -> str:
    """What may stand in place of the last step, as the end of a sentence; `place` is as pydantic tells it."""
    known = _keys(model, place[:-1])
    near = get_close_matches(str(place[-1]), known, 1)
    return f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known)}"


def _keys(model: type[BaseModel], place: Sequence[str | int]) -> Sequence[str]:
    """The keys that may stand at a place."""
    schema = model.model_json_schema()
    part: Mapping[str, Any] = schema
    for step in place:
        part = _whole(_below(part, step), schema["$defs"])
    return list(part.get("properties", ()))


def _below(part: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
    """What stands at a key, as an item, or as the kind of what has several; pydantic's own words lead nowhere."""
    if isinstance(step, int):
        found = part.get("items")
    elif kind := part.get("discriminator", {}).get("mapping", {}).get(step):
        found = {_REF: kind}
    else:
        found = part.get("properties", {}).get(step, part.get("additionalProperties"))
    return found or part


def _whole(part: Mapping[str, Any], named: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part itself where it is only named, or may also be null."""
    for choice in part.get("anyOf", ()):
        if choice.get("type") != "null":
            part = choice
    return named[part[_REF].rpartition("/")[2]] if _REF in part else part
