"""docs/operations.md: its playbooks, its queries of the logs, and what it shows of pipeline.yaml.

Its commands are typed by test_readme.py on a deployed stack.
"""

import dataclasses
import re

import pytest

from encord_lambda import outcomes
from encord_lambda.config import PipelineConfig
from tests.docs import markdown

PAGE = markdown.ROOT / "docs" / "operations.md"
QUERIES = [block.text.strip() for block in markdown.blocks(PAGE, "") if " | " in block.text]
KINDS = {kind.__name__: kind for kind in outcomes.Outcome.__args__}
FIELDS = {field.name for kind in KINDS.values() for field in dataclasses.fields(kind)}
PLAYBOOKS = {"an-alarm", "a-stuck-stage", "encord-is-down", "a-model-is-down", "costs-run-away", "rotate-a-key"}
LANGUAGE = {
    "fields",
    "filter",
    "like",
    "and",
    "stats",
    "sort",
    "by",
    "in",
    "or",
    "as",
    "desc",
    "count",
    "sum",
    "pct",
    "latest",
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_asks_for_what_is_logged(query: str) -> None:
    quoted = set(re.findall(r'"(\w+)"', query))
    named = set(re.findall(r"(?<!@)\b[a-z_]+\b", re.sub(r'"[^"]*"', "", query)))
    invented = set(re.findall(r" as (\w+)", query))

    assert quoted <= {*KINDS, "WARNING", "ERROR"}
    assert named - LANGUAGE - invented <= {*FIELDS, "message", "level"}


def test_there_is_a_playbook_for_each_trouble() -> None:
    table = PAGE.read_text().split("## ")[0]
    led_to = {link.removeprefix("#") for link in re.findall(r"\]\((#[^)]+)\)", table)}

    assert led_to >= PLAYBOOKS
    assert led_to <= markdown.anchors(PAGE)


def test_the_agent_that_asks_nobody_is_one() -> None:
    [block] = markdown.blocks(PAGE, "yaml")
    [stage] = PipelineConfig.parse("operations.md", block.text).stages

    assert stage.agent.kind == "route"
