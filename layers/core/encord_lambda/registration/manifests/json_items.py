"""From a positioned value to an item, or to all that is wrong with it: J10 to J34 of import-formats §9.1.

This explains; what is plainly in order is taken without it, by `json_plain`.
"""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from encord_lambda.registration.manifests import client_rules, media_rules
from encord_lambda.registration.manifests.addresses import BadAddress, recognised
from encord_lambda.registration.manifests.characters import CONTROL
from encord_lambda.registration.manifests.entries import WARNING, Entry, Fault, first_of
from encord_lambda.registration.manifests.json_draft import Draft, Problem, type_of
from encord_lambda.registration.manifests.json_explaining import problems
from encord_lambda.registration.manifests.json_keys import drafted
from encord_lambda.registration.manifests.json_positions import Member, Node, Note, Value
from encord_lambda.registration.manifests.json_shapes import Kind, Shape
from encord_lambda.registration.manifests.json_window import Window


def judged(window: Window, found: Value, kind: Kind, shape: Shape, *, lenient: bool) -> Iterator[Entry | Fault]:
    """The item, after its warnings, or its faults in its stead, in the order of the file."""
    node = found.node
    place = window.place(node.at, node.path)
    defects = {note.path for note in found.notes if note.code in ("J25", "J36")}
    draft = Draft(kind)
    # Of a value that could not be read there is no more to say.
    others = (problem for problem in _problems(node, draft, shape, window) if problem.path not in defects)
    told = first_of(_of_note(note, window, lenient) for note in found.notes) + first_of(others)
    for problem in sorted(told, key=lambda problem: problem.at):
        window.mark(problem.at)
        yield Fault(problem.code, window.here(problem.path), problem.said, problem.hint, problem.is_warning)
    if draft.item and all(problem.is_warning for problem in told):
        yield Entry(draft.item, place)


def _of_note(note: Note, window: Window, lenient: bool) -> Problem:
    is_warning = lenient and note.code == "J4"
    said, hint = note.said, "it is left out" if is_warning else note.hint
    if note.first is not None:
        first = window.place(note.first)
        said = f"{said}, in line {first.line}, column {first.column}"
    return Problem(note.code, note.at, note.path, said, hint, is_warning)


def _problems(node: Node, draft: Draft, shape: Shape, window: Window) -> Iterator[Problem]:
    if not isinstance(node.value, dict):
        yield Problem("J10", node.at, node.path, f"expected an object, found {type_of(node)}")
        return
    yield from drafted(node, node.value, draft, shape, window)
    yield from _of_urls(draft, window.text)
    yield from _of_titles(draft)
    yield from _of_client_metadata(draft)
    yield from _of_media(draft)
    try:
        draft.item = draft.kind.model.model_validate(draft.data)
    except ValidationError as error:
        yield from problems(error, node, draft)


def _of_urls(draft: Draft, text: str) -> Iterator[Problem]:
    for node in draft.urls:
        if isinstance(node.value, str) and node.value:
            try:
                warnings = recognised(node.value).warnings
            except BadAddress as bad:
                at = node.at
                # With escapes in it, the text in the file is not the URL.
                if text.startswith(node.value, node.at + 1):
                    at += bad.column
                yield Problem(bad.code, at, node.path, str(bad), bad.hint)
            else:
                for said in warnings:
                    yield Problem(WARNING, node.at, node.path, said, is_warning=True)


def _of_titles(draft: Draft) -> Iterator[Problem]:
    for node in draft.titles:
        if isinstance(node.value, str) and (control := CONTROL.search(node.value)):
            said = f"has the control character U+{ord(control[0]):04X} in it"
            yield Problem("J18", node.at, node.path, said, "remove it")
    title = draft.nodes.get(("title",))
    if title and draft.kind.titled and isinstance(title.value, str) and title.value and not title.value.strip():
        yield Problem("J17", title.at, title.path, "is blank", "give it a title")


def _of_client_metadata(draft: Draft) -> Iterator[Problem]:
    node = draft.nodes.get(("clientMetadata",))
    if not node or not isinstance(node.value, dict):
        return
    plain = node.plain
    for breach in client_rules.faults(
        plain if isinstance(plain, dict) else {}, is_video=draft.kind.section == "videos"
    ):
        at, path = _within(node, breach.path)
        yield Problem(breach.code, at, path, breach.said, breach.hint)


def _within(node: Node, path: client_rules.Path) -> tuple[int, str]:
    """Where in a value a path leads: to the key, if it ends with one."""
    at = node.at
    for part in path:
        if isinstance(node.value, dict) and isinstance(part, str):
            at, node = node.value[part]
        elif isinstance(node.value, list) and isinstance(part, int):
            node = node.value[part]
            at = node.at
    return at, node.path


def _of_media(draft: Draft) -> Iterator[Problem]:
    for fields in draft.media:
        yield from _of_mime_type(draft, fields)
        tags = fields.get("tags")
        if tags and isinstance(tags.node.value, dict) and (missing := media_rules.missing_tags(tags.node.value)):
            said = f"lacks {', '.join(missing)}"
            yield Problem("J32", tags.node.at, tags.node.path, said, "all of them are keys; values may be null")


def _of_mime_type(draft: Draft, fields: Mapping[str, Member]) -> Iterator[Problem]:
    kind = draft.kind
    given = fields.get("mime_type") or fields.get("mimeType")
    if given and media_rules.contradicts(kind.section, kind.mime_family, str(given.node.value)):
        said = f"files of this type are not for `{kind.section}`"
        yield Problem("J31", given.node.at, given.node.path, said, "correct it, or move the item to its own list")
