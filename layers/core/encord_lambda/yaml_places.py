"""A YAML document with the line of everything in it, so that an error can say where it is."""

from collections.abc import Hashable, Sequence
from typing import Final, Self

import yaml

from encord_lambda.errors import Misconfigured

Step = str | int
_KEYS: Final = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "merge", "value")}


class Document:
    """A parsed YAML mapping. `data` is plain Python; `line` finds the 1-based line of a path into it."""

    def __init__(self, name: str, root: yaml.MappingNode) -> None:
        self.name = name
        self._root = root
        self.data = _Strict(name).construct_document(root)

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """Read `text`; `name` (a file name or an s3:// address) is what errors call it.

        Raises:
            Misconfigured: It is not YAML, not a mapping, or names a key twice.
        """
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            if isinstance(root, yaml.MappingNode):
                return cls(name, root)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise Misconfigured(f"{name}:{line}: not valid YAML: {error.problem}") from None
        except yaml.reader.ReaderError as error:
            raise Misconfigured(f"{name}:1: not valid YAML: {error.reason}") from None
        except ValueError as error:
            raise Misconfigured(f"{name}:1: not valid YAML: {error}") from None
        except RecursionError:
            raise Misconfigured(f"{name}:1: not valid YAML: nested too deeply") from None
        raise Misconfigured(f"{name}:1: expected a mapping such as `version: 1`, found something else")

    def line(self, path: Sequence[Step]) -> int:
        """The line of the deepest part of `path` that the document has."""
        node: yaml.Node = self._root
        for step in path:
            node = _child(node, step) or node
        return node.start_mark.line + 1

    def node(self, path: Sequence[Step]) -> yaml.Node | None:
        """What stands at a path, with its marks in the text; None where the document has nothing there."""
        node: yaml.Node | None = self._root
        for step in path:
            node = _child(node, step) if node else None
        return node

    def told(self, path: Sequence[Step], what: str) -> str:
        """`name:line: key.path: what`: how a person is told something about a place."""
        return f"{self.name}:{self.line(path)}: {_dotted(path)}{what}"


def _dotted(path: Sequence[Step]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"{text.removeprefix('.')}: " if text else ""


def _child(node: yaml.Node, step: Step) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None


class _Strict(yaml.constructor.SafeConstructor):
    """PyYAML lets the later of two equal keys win without a word; here the second one is an error."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """A value.

        Raises:
            Misconfigured: Its text is none of its kind, such as the date 2001-99-99.
        """
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, LookupError, AttributeError):
            kind, place = node.tag.rpartition(":")[2], f"{self.name}:{node.start_mark.line + 1}"
            raise Misconfigured(f"{place}: not valid YAML: no {kind}: {node.value!r:.80}") from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        """A mapping whose keys are all different.

        Raises:
            Misconfigured: A key stands twice, or is no text.
        """
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                raise Misconfigured(f"{self.name}:{key.start_mark.line + 1}: a key must be plain text")
            if key.tag not in _KEYS:
                kind, line = key.tag.rpartition(":")[2], key.start_mark.line + 1
                raise Misconfigured(
                    f"{self.name}:{line}: put the key {key.value} in quotes, for YAML reads it as {kind}"
                )
            if key.value in seen:
                raise Misconfigured(f"{self.name}:{key.start_mark.line + 1}: the key '{key.value}' stands twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep)
