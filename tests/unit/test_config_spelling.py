"""Keys of pipeline.yaml that there are not, wherever they stand."""

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured

DETECTOR = "{kind: http, url: 'https://d', %s}"
STAGE = """
stages:
  - project: 6e4f2a5c-0d1b-4f8e-9c3a-2b7d8e9f0a1b
    stage: Agent 1
    agent: {kind: prelabel, detector: %s, classes: {dog: {object: Dog}}%s}
    pathways: {accepted: A, review: R, nothing: N}
"""
EDITOR = "editor_agents: {a: {kind: validate, %s}}"


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ("limit: {}", "limit", "did you mean `limits`?"),
        ("limits: {model_call: 3}", "limits.model_call", "did you mean `model_calls`?"),
        ("budgets: {'openai:a': {usd_a_day: 1}}", "budgets.openai:a.usd_a_day", "did you mean `usd_per_day`?"),
        (STAGE % (DETECTOR % "headers: {}", ""), "stages[0].agent.detector.headers", "there are: kind, url"),
        (STAGE % (DETECTOR % "ulr: a", ""), "stages[0].agent.detector.ulr", "did you mean `url`?"),
        (
            STAGE % (DETECTOR % "", ", agree: {detector: {kind: vision, modell: a}}"),
            "stages[0].agent.agree.detector.modell",
            "did you mean `model`?",
        ),
        (STAGE % (DETECTOR % "", ", frames: {evry: 2}"), "stages[0].agent.frames.evry", "did you mean `every`?"),
        (EDITOR % "smalest: 1", "editor_agents.a.smalest", "did you mean `smallest`?"),
        ("registrations: [{metadata: {strct: true}}]", "registrations[0].metadata.strct", "did you mean `strict`?"),
    ],
)
def test_a_key_that_there_is_not_is_told_with_the_one_that_was_meant(text: str, key: str, hint: str) -> None:
    with pytest.raises(Misconfigured) as fault:
        PipelineConfig.parse("p.yaml", text)

    [line] = [line for line in fault.value.reason.splitlines() if f" {key}: " in line]
    assert "there is no such key; " + hint in line
