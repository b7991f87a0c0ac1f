"""What is wrong with pipeline.yaml, in words: where it is, and what must stand there."""

import re
from collections.abc import Mapping
from typing import Final

from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import ErrorDetails

from encord_lambda.yaml_places import Document, Step

_KINDS: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a mapping such as `key: value`",
    "model_type": "a mapping such as `key: value`",
    "model_attributes_type": "a mapping such as `key: value`",
}
"""What must be there, by pydantic's name for its being something else."""
_MUST: Final = "must be "


class PlacedError(ValueError):
    """A fault at a place below the part of pipeline.yaml that was looked at as a whole."""

    def __init__(self, what: str, *place: Step) -> None:
        super().__init__(what)
        self.place = place


def spelt(pattern: str, words: str) -> AfterValidator:
    """Text that a regular expression takes as a whole; `words` say what that is, and follow "must be"."""

    def checked(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{_MUST}{words}")
        return text

    return AfterValidator(checked)


def told(document: Document, error: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong with a document that ought to be such a model.

    One line for each place that has a fault, in the file's order: `name:line: key.path: what is wrong`.
    """
    found: dict[tuple[Step, ...], list[str]] = {}
    for fault in error.errors():
        found.setdefault(_place(document.data, fault), []).append(_message(fault, model))
    places = sorted(found, key=document.line)
    return "\n".join(document.told(place, _one_of(found[place])) for place in places)


def _message(fault: ErrorDetails, model: type[BaseModel]) -> str:
    match fault["type"]:
        case "union_tag_not_found":
            return "`kind` is missing"
        case "union_tag_invalid":
            return f"there is no kind '{fault['ctx']['tag']}'; there are: {fault['ctx']['expected_tags']}"
        case "extra_forbidden":
            from encord_lambda import config_spelling

            return f"there is no such key; {config_spelling.meant(model, fault['loc'])}"
        case "string_type" if fault["input"] is not None and not isinstance(fault["input"], (list, Mapping)):
            return f"{_MUST}text: put it in quotes, for YAML reads it as {fault['input']!r}"
        case kind if kind in _KINDS:
            return f"{_MUST}{_KINDS[kind]}"
        case _:
            return fault["msg"].removeprefix("Value error, ")


def _one_of(messages: list[str]) -> str:
    """What is wrong at one place; where it may be one of several kinds, it is told what is wrong with it as each."""
    first, *others = dict.fromkeys(messages)
    return " or ".join((first, *(other.removeprefix(_MUST) for other in others)))


def _place(data: object, fault: ErrorDetails) -> tuple[Step, ...]:
    """Pydantic's location without the words it adds itself (names of union members, `[key]`).

    What is not in the file is such a word, but for the last step to a key that is missing.
    """
    raised = fault.get("ctx", {}).get("error")
    steps = (*fault["loc"], *(raised.place if isinstance(raised, PlacedError) else ()))
    path: list[Step] = []
    for position, step in enumerate(steps):
        known = (isinstance(data, Mapping) and step in data) or (isinstance(data, list) and isinstance(step, int))
        if known or (fault["type"] == "missing" and position == len(steps) - 1):
            path.append(step)
        data = data[step] if known else data  # type: ignore[index]
    return tuple(path)
