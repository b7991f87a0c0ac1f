"""Keys of `pathways` that no answer can have are refused without asking Encord."""

from uuid import UUID

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured

AGENTS = {
    "prelabel": "{kind: prelabel, detector: {kind: http, url: 'http://d'}, classes: {c: C}, accept: 0.9, review: 0.5}",
    "describe": "{kind: describe, model: openai:m, classification: Scene}",
    "classify": "{kind: classify, model: openai:m, classification: Animal}",
    "custom": "{kind: custom, run: mine}",
}


def parse(agent: str, key: str) -> PipelineConfig:
    stage = f"{{project: {UUID(int=1)}, stage: S, agent: {AGENTS[agent]}, pathways: {{{key}: Go, otherwise: Go}}}}"
    return PipelineConfig.parse("p.yaml", f"version: 1\nstages:\n  - {stage}\n")


@pytest.mark.parametrize(("agent", "key"), [("prelabel", "acepted"), ("prelabel", "Cat"), ("describe", "faild")])
def test_a_key_that_is_no_answer_is_refused(agent: str, key: str) -> None:
    with pytest.raises(
        Misconfigured,
        match=rf"p\.yaml:3: stages\[0\]\.pathways\.{key}: a {agent} agent never answers `{key}`; pathways",
    ):
        parse(agent, key)


@pytest.mark.parametrize(
    ("agent", "key"),
    [
        ("prelabel", "review"),
        ("prelabel", "over_budget"),
        ("describe", "failed"),
        ("classify", "any option"),
        ("custom", "anything"),
    ],
)
def test_a_key_that_may_be_an_answer_is_left_to_encord(agent: str, key: str) -> None:
    assert parse(agent, key).stages[0].pathways[key] == "Go"
