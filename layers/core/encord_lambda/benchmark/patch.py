"""New limits as a change of pipeline.yaml's text: numbers are put in their places, and all else stays as it is."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff

import yaml

from encord_lambda.config import PipelineConfig
from encord_lambda.config_prelabel import DEFAULT
from encord_lambda.errors import Misconfigured
from encord_lambda.yaml_places import Document, Step

type Change = tuple[tuple[Step, ...], float]
"""A path into the file, and the number that is to stand there."""


@dataclass(frozen=True, slots=True)
class Patch:
    """How a file would change."""

    diff: str = ""
    """As `diff -u` writes it; empty where nothing changes, or where it must be changed by hand."""
    by_hand: str = ""
    """What to write where, and why it must be done by hand; else empty."""


def patch(name: str, text: str, changes: Iterable[Change], expected: PipelineConfig) -> Patch:
    """The change that makes of `text` a file that says what is `expected`."""
    wanted = list(changes)
    try:
        changed = _changed(name, text, wanted)
        read = PipelineConfig.parse(name, changed)
    except Misconfigured as trouble:
        return Patch(by_hand=_by_hand(name, wanted, trouble.reason))
    if read != expected:
        return Patch(by_hand=_by_hand(name, wanted, "it is not written in a way that this command can change"))
    return Patch(_diff(name, text, changed))


def _changed(name: str, text: str, changes: Iterable[Change]) -> str:
    for path, number in changes:
        text = _set(Document.parse(name, text), text, path, f"{number!r}")
    return text


def _set(document: Document, text: str, path: tuple[Step, ...], value: str) -> str:
    *above, key = path
    there, around = document.node(path), document.node(above)
    if there is not None:
        return _replaced(text, there, value)
    if isinstance(around, yaml.MappingNode):
        return _added(text, around, f"{_key(str(key))}: {value}")
    if around is not None:  # one number for all classes
        return _replaced(text, around, f"{{{DEFAULT}: {_source(text, around)}, {_key(str(key))}: {value}}}")
    return text


def _added(text: str, around: yaml.MappingNode, entry: str) -> str:
    """With an entry after the last one whose value is on one line."""
    plain = [value for _, value in around.value if isinstance(value, yaml.ScalarNode)]
    if not plain:
        return text
    end = plain[-1].end_mark.index
    if around.flow_style:
        return f"{text[:end]}, {entry}{text[end:]}"
    rest = re.compile(r"[^\r\n]*").match(text, end)
    line_end = rest.end() if rest else end
    newline = "\r\n" if "\r\n" in text else "\n"
    return f"{text[:line_end]}{newline}{' ' * around.start_mark.column}{entry}{text[line_end:]}"


def _replaced(text: str, node: yaml.Node, value: str) -> str:
    return f"{text[: node.start_mark.index]}{value}{text[node.end_mark.index :]}"


def _source(text: str, node: yaml.Node) -> str:
    return text[node.start_mark.index : node.end_mark.index]


def _key(title: str) -> str:
    is_plain = re.fullmatch(r"[^\W\d](?:[\w -]*\w)?", title) and yaml.safe_load(title) == title
    return title if is_plain else json.dumps(title, ensure_ascii=False)


def _by_hand(name: str, changes: Iterable[Change], why: str) -> str:
    lines = [f"{name} must be changed by hand: {why}"]
    for path, number in changes:
        *place, last = path
        at = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
        lines.append(f"  {at}:  {_key(str(last))}: {number!r}")
    return "\n".join(lines)


def _diff(name: str, before: str, after: str) -> str:
    lines = unified_diff(_lines(before), _lines(after), name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
