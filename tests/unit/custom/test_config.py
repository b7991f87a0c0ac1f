"""`kind: custom` of pipeline.yaml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from encord_lambda.config import PipelineConfig
from encord_lambda.config_custom import Custom
from encord_lambda.errors import Misconfigured

PIPELINE = """
version: 1
stages:
  - project: 027e0c65-0000-4000-8000-000000000001
    stage: Quality gate
    agent: {{kind: custom, {agent}}}
    pathways: {{{pathways}}}
"""


def parsed(agent: str, pathways: str = "good: Annotate, otherwise: Archive") -> Custom:
    [stage] = PipelineConfig.parse("p.yaml", PIPELINE.format(agent=agent, pathways=pathways)).stages
    assert isinstance(stage.agent, Custom)
    return stage.agent


def custom(run: object) -> Custom:
    return Custom.model_validate({"kind": "custom", "run": run})


def test_a_module_is_enough() -> None:
    found = parsed("run: quality_gate")

    assert (found.run, found.classifications, found.objects, found.options) == ("quality_gate", [], [], {})


def test_options_keep_their_types() -> None:
    found = parsed('run: a, options: {a: 1, b: 1.0, c: true, d: "1", e: x}')

    assert repr(found.options) == "{'a': 1, 'b': 1.0, 'c': True, 'd': '1', 'e': 'x'}"


@pytest.mark.parametrize("value", ["null", ".nan", ".inf", "[1]", "{a: 1}", "2026-11-21"])
def test_an_option_is_a_scalar_of_json(value: str) -> None:
    with pytest.raises(Misconfigured, match=r"^p\.yaml:6: stages\[0\]\.agent\.options\.a: "):
        parsed(f"run: a, options: {{a: {value}}}")


PATHS = [
    "",
    "../a",
    "a/b",
    "a.b",
    ".a",
    "/tmp/a",
    "a.py",
    "a b",
    "A",
    "_a",
    "__init__",
    "1a",
    "a-b",
    "é",
    "a\n",
    "a" * 65,
]


@pytest.mark.parametrize("run", [*PATHS, 1, None])
def test_what_is_no_plain_name_is_no_module(run: object) -> None:
    with pytest.raises(ValidationError):
        custom(run)


@given(st.text(max_size=70))
def test_only_identifiers_in_small_letters_are_modules(run: str) -> None:
    allowed = run.isascii() and run.isidentifier() and run == run.lower() and run[:1] != "_" and len(run) <= 64
    try:
        assert custom(run).run == run
    except ValidationError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("classifications: [A]", "stages[0].agent.run: Field required"),
        ("run: a, runs: b", "stages[0].agent.runs: there is no such key; did you mean `run`?"),
        ("run: a, classifications: [A, B, A]", "stages[0].agent: the classification 'A' stands twice"),
        ("run: a, objects: [A, A]", "stages[0].agent: the object 'A' stands twice"),
        (
            "run: a, options: {b: [1]}",
            "stages[0].agent.options.b: must be text or a whole number or a number or `true` or `false`",
        ),
        ("run: a, objects: ['']", "stages[0].agent.objects[0]: String should have at least 1 character"),
    ],
)
def test_a_fault_is_told_with_line_and_key(agent: str, told: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        parsed(agent)

    assert refused.value.reason == f"p.yaml:6: {told}"


def test_answers_without_a_pathway_need_otherwise() -> None:
    with pytest.raises(Misconfigured, match="pathways needs `otherwise`"):
        parsed("run: a", pathways="good: Annotate")
