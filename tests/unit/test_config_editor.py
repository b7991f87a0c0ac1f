"""`editor_agents` of pipeline.yaml."""

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.config_editor import EditorClassify, EditorDescribe
from encord_lambda.errors import Misconfigured

DESCRIBE = "kind: describe, model: 'openai:gpt-4o', classification: Scene"
CLASSIFY = "kind: classify, model: 'openai:gpt-4o', classification: Animal"


def parsed(agent: str) -> PipelineConfig:
    return PipelineConfig.parse("pipeline.yaml", f"version: 1\neditor_agents:\n  one: {{{agent}}}\n")


def test_what_was_written_before_there_were_kinds_still_holds() -> None:
    found = parsed(DESCRIBE).editor_agent("one")

    assert isinstance(found, EditorDescribe)
    assert (found.token_sha256, found.signing_secret) == (None, None)


@pytest.mark.parametrize(
    ("agent", "says"),
    [
        ("kind: sing", "there is no kind 'sing'"),
        ("model: 'openai:gpt-4o'", "`kind` is missing"),
        (f"{DESCRIBE}, token_sha256: {'A' * 64}", "a SHA-256 digest"),
        (f"{DESCRIBE}, token_sha256: secret", "a SHA-256 digest"),
        (f"{DESCRIBE}, signing_secret: prod/database", "below encord-lambda/editor-agents/"),
        (f"{DESCRIBE}, signing_secret: encord-lambda/editor-agents/../x", "below encord-lambda/editor-agents/"),
        (f"{DESCRIBE}, pathways: {{Cat: Cat}}", "there is no such key"),
        (f"{CLASSIFY}, pathways: {{Cat: {'x' * 257}}}", "at most 256 characters"),
        ("kind: attributes, model: 'openai:gpt-4o', attributes: []", "at least 1 item"),
        ("kind: validate, smallest: 0.5, largest: {Dog: 0.4}", "largest is below smallest for 'Dog'"),
        ("kind: validate, smallest: 2", "less than or equal to 1"),
    ],
)
def test_a_fault_is_told_with_its_place(agent: str, says: str) -> None:
    with pytest.raises(Misconfigured, match=r"pipeline.yaml:3: editor_agents.one") as trouble:
        parsed(agent)
    assert says in trouble.value.reason


def test_an_answer_takes_its_pathway_or_otherwise_or_the_workflows_default() -> None:
    some = parsed(f"{CLASSIFY}, pathways: {{Cat: Cats}}").editor_agent("one")
    rest = parsed(f"{CLASSIFY}, pathways: {{Cat: Cats, otherwise: Rest}}").editor_agent("one")

    assert isinstance(some, EditorClassify)
    assert isinstance(rest, EditorClassify)
    assert [some.pathway(answer) for answer in ("Cat", "Dog", None)] == ["Cats", None, None]
    assert [rest.pathway(answer) for answer in ("Cat", "Dog", None)] == ["Cats", "Rest", "Rest"]
