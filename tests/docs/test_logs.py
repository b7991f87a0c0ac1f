"""docs/operations.md on logs: its queries ask for fields that lines have, and its chain has no missing link."""

import re
from dataclasses import fields

import pytest

from encord_lambda.outcomes import Outcome
from tests.docs import markdown
from tests.docs.markdown import ROOT

PAGE = ROOT / "docs" / "operations.md"
KINDS = {kind.__name__: {field.name for field in fields(kind)} for kind in Outcome.__args__}
# What Logs Insights and Powertools add to every line.
ADDED = {"@timestamp", "@message", "message", "level", "function_request_id"}
WORDS = {"fields", "filter", "stats", "sort", "desc", "asc", "by", "in", "or", "and", "like", "as", "limit"}
QUERIES = [block.text.strip() for block in markdown.blocks(PAGE, "") if re.search(r"\b(filter|stats) ", block.text)]
LINKS = re.findall(r"^\| the (.+?) \| (.+?) \| (`[A-Z].+?) \| `\w+`", PAGE.read_text(), re.MULTILINE)


def asked(query: str) -> set[str]:
    """The fields that a query names: no text, no function, nothing it names itself."""
    bare = re.sub(r'"[^"]*"', "", query)
    named = set(re.findall(r"\bas (\w+)", bare))
    return set(re.findall(r"@?\b[a-z_]+\b(?!\()", bare)) - WORDS - named


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:40])
def test_a_query_asks_for_fields_that_lines_have(query: str) -> None:
    assert asked(query) <= ADDED.union(*KINDS.values())


def test_there_are_queries_and_links() -> None:
    assert len(QUERIES) >= 4
    assert len(LINKS) == 5


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:40])
def test_a_query_filters_by_messages_that_there_are(query: str) -> None:
    assert set(re.findall(r'"([A-Z][a-z]\w+)"', query)) <= set(KINDS)


@pytest.mark.parametrize(("known", "found", "lines"), LINKS, ids=[lines for *_, lines in LINKS])
def test_a_line_has_what_it_is_found_by_and_what_it_leads_to(known: str, found: str, lines: str) -> None:
    kinds = re.findall(r"`(\w+)`", lines)
    named = set(re.findall(r"`(\w+)`", found))
    by = re.findall(r"`(\w+)`", known)[0]

    for kind in kinds:
        assert named <= KINDS[kind]
        assert {by, f"{by}s"} & KINDS[kind], f"{kind} has no {by}"
