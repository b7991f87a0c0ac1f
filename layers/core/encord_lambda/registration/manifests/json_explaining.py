"""What an item's model refuses, by the rules of import-formats §9.1 and with the place in the file."""

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from encord_lambda.registration.manifests.json_draft import Draft, Loc, Problem, type_of
from encord_lambda.registration.manifests.json_positions import Node
from encord_lambda.registration.manifests.json_shapes import MEDIA_KEYS

_BY_FIELD: Final = {
    "objectUrl": "J12",
    "url": "J12",
    "scene": "J12",
    "title": "J18",
    "clientMetadata": "J24",
    "createVideo": "J21",
    "imageItems": "J34",
    "videoUrlPrefix": "J12",
    "settings": "J30",
}
_EXPECTED: Final = {
    "string_type": "a string",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "tuple_type": "an array",
    "uuid_type": "the UUID of an item",
    "uuid_parsing": "the UUID of an item",
}


def problems(error: ValidationError, item: Node, draft: Draft) -> Iterator[Problem]:
    """One for each thing that is wrong; all the fields that a media metadata object lacks are one."""
    lacking: dict[Loc, list[str]] = {}
    for details in error.errors(include_url=False, include_context=False, include_input=False):
        loc = details["loc"]
        if _is_told(details, draft):
            continue
        if details["type"] != "missing":
            yield _wrong(details, item, draft)
        elif len(loc) > 1 and loc[-2] in MEDIA_KEYS:
            lacking.setdefault(loc[:-1], []).append(str(loc[-1]))
        elif loc[-1] not in draft.misspelt:
            yield _missing(loc, item, draft)
    for loc, fields in lacking.items():
        node = draft.source(loc) or item
        yield Problem(
            "J28", node.at, node.path, f"lacks {', '.join(fields)}", "give all of its fields, or leave it out"
        )


def _is_told(details: ErrorDetails, draft: Draft) -> bool:
    """Whether there is word of it already: that nothing of a list is valid, or that a URL is too long."""
    loc = details["loc"]
    if details["type"] == "string_too_long":
        return loc[-1] in ("objectUrl", "url")
    return details["type"] == "too_short" and bool(draft.data[str(loc[0])])


def _missing(loc: Loc, item: Node, draft: Draft) -> Problem:
    node = draft.source(loc[:-1]) or item
    if loc[-1] == "title":
        return Problem("J17", node.at, node.path, "has no title", "items of this list need one")
    code = "J14" if loc[-1] == draft.kind.members else _BY_FIELD.get(str(loc[-1]), "J30")
    return Problem(code, node.at, node.path, f"has no `{loc[-1]}`")


def _wrong(details: ErrorDetails, item: Node, draft: Draft) -> Problem:
    node = draft.source(details["loc"]) or item
    expected = _EXPECTED.get(details["type"])
    said = f"expected {expected}, found {type_of(node)}" if expected else _said(details)
    if details["loc"] == ("title",) and draft.kind.titled and node.value in (None, ""):
        return Problem("J17", node.at, node.path, said, "items of this list need a title")
    return Problem(_code(details, draft), node.at, node.path, said)


def _said(details: ErrorDetails) -> str:
    if details["type"] in ("string_too_short", "too_short"):
        return "is empty"
    return details["msg"].removeprefix("Input ").removeprefix("String ").lower()


def _code(details: ErrorDetails, draft: Draft) -> str:
    loc = details["loc"]
    if "tags" in loc:
        return "J32"
    if any(part in MEDIA_KEYS for part in loc):
        return "J30"
    if loc[0] == draft.kind.members and len(loc) < 3:
        return "J14" if details["type"] == "too_short" else "J10"
    by_last = _BY_FIELD.get(str(loc[-1]), "J30")
    return _BY_FIELD.get(str(loc[0]), by_last)
