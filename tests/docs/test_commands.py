"""Every `encord-lambda …` and `make …` of the documentation can be typed: the command exists, and has these options."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from encord_lambda import cli
from tests.docs import markdown

MAKEFILE = (markdown.ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
VARIABLES = set(re.findall(r"\$\(([A-Z]+)\)", MAKEFILE)) | set(re.findall(r"^export ([A-Z]+)$", MAKEFILE, re.MULTILINE))
SPAN = re.compile(r"`((?:encord-lambda|make) [^`]+)`")
PLACEHOLDER = re.compile(r"<[^<>]+>|\$\(output \w+\)|\$\w+")


def typed(page: Path) -> list[list[str]]:
    """The words of each command in a shell block: what is typed, so nothing may be missing."""
    shells = [block.text for language in ("sh", "console") for block in markdown.blocks(page, language)]
    lines = "\n".join(shells).replace("\\\n", " ").splitlines()
    found = [re.sub(r"^\$ ", "", line.strip()) for line in lines]
    return [_words(line) for line in found if line.startswith(("encord-lambda ", "make "))]


def mentioned(page: Path) -> list[list[str]]:
    """The words of each command that the prose names; arguments may be left out."""
    return [_words(found) for found in SPAN.findall(page.read_text().replace("\n", " "))]


def _words(command: str) -> list[str]:
    """Up to where the shell goes on with something else; what the reader has to fill in is filled in."""
    filled = PLACEHOLDER.sub("00000000-0000-4000-8000-000000000001", command)
    return shlex.split(re.split(r" [|;>&]", filled)[0])


def parser_of(words: list[str]) -> tuple[argparse.ArgumentParser, list[str]]:
    """The parser of the subcommand that the words begin with, and the words after it."""
    parser, left = cli._parser(), words[1:]
    while left and (choices := _choices(parser)):
        assert left[0] in choices, f"{' '.join(words)}: there are {', '.join(choices)}"
        parser, left = choices[left[0]], left[1:]
    return parser, left


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return next((dict(one.choices) for one in parser._actions if isinstance(one, argparse._SubParsersAction)), {})


def _of(command: str, found: list[list[str]]) -> Iterator[list[str]]:
    return (words for words in found if words[0] == command)


@pytest.mark.parametrize("page", markdown.PAGES, ids=lambda page: page.name)
def test_what_is_typed_is_understood(page: Path) -> None:
    for words in _of("encord-lambda", typed(page)):
        parser, left = parser_of(words)
        try:
            parser.parse_args(left)
        except SystemExit:
            pytest.fail(f"{page.name}: {' '.join(words)}")


@pytest.mark.parametrize("page", markdown.PAGES, ids=lambda page: page.name)
def test_what_is_mentioned_exists_with_its_options(page: Path) -> None:
    for words in _of("encord-lambda", mentioned(page)):
        if words[1] in {"--version", "--help"}:
            continue
        parser, left = parser_of(words)
        options = {word.partition("=")[0] for word in left if word.startswith("--")}
        assert options <= set(parser._option_string_actions), f"{page.name}: {' '.join(words)}"


@pytest.mark.parametrize("page", markdown.PAGES, ids=lambda page: page.name)
def test_every_make_target_exists_and_heeds_its_variables(page: Path) -> None:
    for words in _of("make", typed(page) + mentioned(page)):
        assert words[1] in TARGETS, f"{page.name}: {' '.join(words)}"
        variables = {word.partition("=")[0] for word in words[2:]}
        assert variables <= VARIABLES, f"{page.name}: {' '.join(words)}"
