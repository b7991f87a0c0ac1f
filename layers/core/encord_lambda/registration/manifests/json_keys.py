"""The keys of an item: which there are, which are misspelt or belong elsewhere, and what goes into its model."""

import re
from collections.abc import Generator, Iterator, Mapping
from typing import Final

from pydantic.alias_generators import to_camel

from encord_lambda.registration.manifests.items import Strict
from encord_lambda.registration.manifests.json_draft import Draft, Loc, Problem
from encord_lambda.registration.manifests.json_numbers import NUMBERED, numbered
from encord_lambda.registration.manifests.json_positions import Member, Node
from encord_lambda.registration.manifests.json_shapes import MEDIA_KEYS, MEMBERS, Shape, did_you_mean, nearest
from encord_lambda.registration.manifests.json_window import Window

_SYSTEM: Final = "placeholderItemUuid"
_TYPE: Final = "externalFileType"
_FRACTIONS: Final = frozenset({"fps", "duration"})
_NUMBERED_FORM: Final = re.compile(r"objectUrl_?-?[0-9]")


def drafted(node: Node, members: Mapping[str, Member], draft: Draft, shape: Shape, window: Window) -> Iterator[Problem]:
    """Fill the draft with what the keys of an item hold, and tell what is wrong with the keys."""
    kind = draft.kind
    is_numbered = bool(kind.members) and shape.letter != "B"
    known = kind.keys - {kind.members} if is_numbered else kind.keys
    for key, (at, child) in members.items():
        if key in known:
            yield from _field(key, child, draft)
        elif key == _TYPE:
            yield from _type(at, child, draft, shape, window)
        elif not (is_numbered and key.startswith("objectUrl")):
            yield from _stranger(key, at, child, draft, shape, sorted(known))
    if is_numbered:
        yield from numbered(node, members, draft)


def _field(key: str, child: Node, draft: Draft) -> Iterator[Problem]:
    kind = draft.kind
    if key == "createVideo" and kind.section == "images":
        yield from _no_video(child)
        return
    if child.value is None and not kind.model.model_fields[_name(key, kind.model)].is_required():
        return
    draft.nodes[(key,)] = child
    draft.data[key] = child.plain
    if key == "objectUrl":
        draft.urls.append(child)
    elif key == "title":
        draft.titles.append(child)
    elif key == kind.media_key:
        draft.data[key] = yield from _metadata((key,), child, MEDIA_KEYS[key], draft)
    elif key == kind.members and isinstance(child.value, list):
        draft.data[key] = yield from _members(key, child.value, draft)
    elif key == "imageItems" and isinstance(child.value, list):
        yield from _repeated(child.value)


def _no_video(child: Node) -> Iterator[Problem]:
    """`createVideo` of a single image, which only older guides speak of."""
    if child.value is not None and child.value is not False:
        hint = "sequences stand among the image groups; leave it out"
        yield Problem("J21", child.at, child.path, "an image makes no video", hint)


def _type(at: int, child: Node, draft: Draft, shape: Shape, window: Window) -> Iterator[Problem]:
    if shape.contradicts("B"):
        yield Problem("J8", at, child.path, "is a key of DataUploadItems (shape B)", shape.hint)
    elif child.value not in (None, draft.kind.external_type):
        hint = f"leave it out; it would be {draft.kind.external_type}"
        yield Problem("J33", child.at, child.path, "is not the type of this list's items", hint)
    else:
        shape.tell("B", _TYPE, window.place(at, child.path))


def _stranger(key: str, at: int, child: Node, draft: Draft, shape: Shape, known: list[str]) -> Iterator[Problem]:
    """A key that an item of this list does not have."""
    kind = draft.kind
    if key in (_SYSTEM, "createVideo") and child.value is None:
        return
    if key == _SYSTEM:
        yield Problem("J33", at, child.path, "is for Encord's own use", "remove it")
    elif key == "createVideo":
        yield Problem("J21", child.at, child.path, "is for image groups alone", "remove it")
    elif key in MEDIA_KEYS:
        hint = f"of these items it is `{kind.media_key}`" if kind.media_key in known else "remove it"
        yield Problem("J29", at, child.path, "is metadata of another type", hint)
    elif kind.members and (key in MEMBERS or NUMBERED.fullmatch(key)):
        yield Problem("J8", at, child.path, "is a key of the other shape of manifests", shape.hint)
        draft.misspelt.add(kind.members)
    elif kind.members and key == "objectUrl":
        yield Problem("J13", at, child.path, "a group has several URLs", f"they stand in `{kind.members}`")
        draft.misspelt.add(kind.members)
    elif _NUMBERED_FORM.match(key) and "objectUrl" in known:
        yield Problem("J13", at, child.path, "an item of this list has one URL", "write `objectUrl`")
        draft.misspelt.add("objectUrl")
    else:
        yield _unknown(key, at, child.path, known, draft)


def _unknown(key: str, at: int, path: str, known: list[str], draft: Draft) -> Problem:
    draft.misspelt.add(nearest(key, known))
    return Problem("J11", at, path, "is not a key that Encord knows here", did_you_mean(key, known))


def _members(key: str, children: list[Node], draft: Draft) -> Generator[Problem, None, list[object]]:
    """The files of a group or series of shape B."""
    model = MEMBERS[key]
    data: list[object] = []
    for index, child in enumerate(children):
        if not isinstance(child.value, dict):
            data.append(child.plain)
            continue
        loc: Loc = (key, index)
        data.append((yield from _member(loc, child.value, model, draft)))
    return data


def _member(
    loc: Loc, members: Mapping[str, Member], model: type[Strict], draft: Draft
) -> Generator[Problem, None, object]:
    """A file of a group or series."""
    known = sorted(field.alias or name for name, field in model.model_fields.items())
    data: dict[str, object] = {}
    for key, (at, child) in members.items():
        if key in known and (child.value is not None or key == "url"):
            draft.nodes[(*loc, key)] = child
            data[key] = child.plain
            if key == "url":
                draft.urls.append(child)
            elif key == "title":
                draft.titles.append(child)
            else:
                data[key] = yield from _metadata((*loc, key), child, MEDIA_KEYS[key], draft)
        elif key == _SYSTEM and child.value is not None:
            yield Problem("J33", at, child.path, "is for Encord's own use", "remove it")
        elif key in MEDIA_KEYS and key not in known:
            yield Problem("J29", at, child.path, "is metadata of another type", f"here it is `{draft.kind.media_key}`")
        elif key not in known and key != _SYSTEM:
            yield _unknown(key, at, child.path, known, draft)
    return data


def _metadata(loc: Loc, node: Node, model: type[Strict], draft: Draft) -> Generator[Problem, None, object]:
    """Media metadata, whose fields may be spelt in either way; whole numbers may be written with a point."""
    if not isinstance(node.value, dict):
        return node.plain
    draft.media.append(node.value)
    data: dict[str, object] = {}
    for key, (at, child) in node.value.items():
        camel = to_camel(key)
        if key not in (_name(camel, model), camel) or not _name(camel, model):
            yield _unknown(key, at, child.path, sorted(model.model_fields), draft)
        elif camel in data:
            yield Problem("J30", at, child.path, "this field is there already, in its other spelling", "keep one")
        else:
            draft.nodes[(*loc, camel)] = child
            data[camel] = _whole(child.plain) if key not in _FRACTIONS else child.plain
    return data


def _name(alias: str, model: type[Strict]) -> str:
    """The field of a model, by its camelCase name; empty if it has none such."""
    return next((name for name, field in model.model_fields.items() if field.alias == alias), "")


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _repeated(items: list[Node]) -> Iterator[Problem]:
    seen: set[str] = set()
    for item in items:
        # A UUID may be written in capitals, and without hyphens.
        name = item.value.casefold().replace("-", "") if isinstance(item.value, str) else ""
        if name and name in seen:
            yield Problem("J34", item.at, item.path, "is in the list already", "name each item once")
        seen.add(name)
