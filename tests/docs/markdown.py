"""What the tests read of a Markdown file: fenced blocks by heading, links, and the anchors of headings."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(?P<level>#+) (?P<title>.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, with the headings it stands under, outermost first."""

    headings: tuple[str, ...]
    language: str
    text: str


def blocks(page: Path, language: str = "sh") -> list[Block]:
    """The fenced blocks in a language, in the order of the page."""
    return [block for block in _blocks(page.read_text()) if block.language == language]


def links(page: Path) -> list[str]:
    """Where a page's links lead, as written."""
    return _LINK.findall(_BLOCK.sub("", page.read_text()))


def anchors(page: Path) -> set[str]:
    """The anchors GitHub gives a page's headings."""
    titles = (found["title"].lower() for found in _HEADING.finditer(_BLOCK.sub("", page.read_text())))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def _blocks(text: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(text):
        above = _HEADING.finditer(_BLOCK.sub("", text[: found.start()]))
        path: list[tuple[int, str]] = []
        for heading in above:
            level = len(heading["level"])
            path = [*(one for one in path if one[0] < level), (level, heading["title"])]
        yield Block(tuple(title for _, title in path), found["language"], textwrap.dedent(found["text"]))
