"""Budgets in pipeline.yaml: one kind of price, for somebody who is asked."""

import math

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.config_budgets import Budget, asked
from encord_lambda.errors import Misconfigured

PROJECT = "027e0c65-c53f-4426-9f02-04fafe8bd80e"
TOKENS = "usd_per_million_input_tokens: 1, usd_per_million_output_tokens: 2"
FILE = f"""\
version: 1
stages:
  - project: {PROJECT}
    stage: Boxes
    agent:
      kind: prelabel
      detector: {{kind: http, url: "https://one.example/detect"}}
      escalate: [{{kind: sagemaker, endpoint: big}}, {{kind: vision, model: "openai:eyes"}}]
      classes: {{cat: Cat}}
      accept: 0.9
      review: 0.5
    pathways: {{otherwise: Annotate}}
  - project: {PROJECT}
    stage: Twice
    agent:
      kind: prelabel
      detector: {{kind: http, url: "https://one.example/detect"}}
      agree: {{detector: {{kind: open_inference, url: "https://kserve.example", model: yolo}}}}
      classes: {{cat: Cat}}
      accept: 0.9
      review: 0.5
    pathways: {{otherwise: Annotate}}
editor_agents:
  scene: {{kind: describe, model: "openai:poet", classification: Scene}}
budgets:
"""


def parsed(*budgets: str) -> PipelineConfig:
    return PipelineConfig.parse("pipeline.yaml", FILE + "".join(f"  {budget}\n" for budget in budgets))


def test_whoever_is_asked_anywhere_can_have_a_budget() -> None:
    config = parsed(
        f'"openai:eyes": {{usd_per_day: 1, {TOKENS}}}',
        f'"openai:poet": {{usd_per_day: 1, {TOKENS}}}',
        '"http:https://one.example/detect": {usd_per_day: 1, usd_per_call: 0.001}',
        '"sagemaker:big": {usd_per_day: 1, usd_per_call: 0}',
        '"open_inference:https://kserve.example/yolo": {usd_per_day: 1, usd_per_call: 0.002}',
    )
    assert set(asked((config.stages, config.editor_agents))) == config.budgets.keys()


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (f'"openai:eye": {{usd_per_day: 1, {TOKENS}}}', "'openai:eye', which nothing asks; budgets may be for: 'http:"),
        (
            '"sagemaker:small": {usd_per_day: 1, usd_per_call: 1}',
            "budgets.sagemaker:small: there is a budget for 'sagemaker:small', which nothing asks",
        ),
        (
            '"openai:eyes": {usd_per_day: 1, usd_per_call: 1}',
            "budgets.openai:eyes: there is a price per call, but a model is paid by tokens",
        ),
        (f'"sagemaker:big": {{usd_per_day: 1, {TOKENS}}}', "a detector is paid by usd_per_call"),
        ('"openai:eyes": {usd_per_day: 1}', "say either what tokens cost"),
        ('"openai:eyes": {usd_per_day: 1, usd_per_million_input_tokens: 1}', "say either what tokens cost"),
        (f'"openai:eyes": {{usd_per_day: 1, usd_per_call: 1, {TOKENS}}}', "say either what tokens cost"),
        (
            '"sagemaker:big": {usd_per_day: 1, usd_per_call: 1, usd_per_million_output_tokens: 1}',
            "say either what tokens cost",
        ),
        ('"sagemaker:big": {usd_per_day: 0, usd_per_call: 1}', "usd_per_day: Input should be greater than 0"),
        ('"sagemaker:big": {usd_per_day: .inf, usd_per_call: 1}', "usd_per_day: Input should be a finite number"),
        ('"sagemaker:big": {usd_per_day: 1, usd_per_call: .nan}', "usd_per_call: Input should be"),
        ('"sagemaker:big": {usd_per_day: 1, usd_per_call: -1}', "usd_per_call: Input should be greater than or equal"),
    ],
)
def test_a_budget_that_holds_nobody_back_is_an_error(budget: str, reason: str) -> None:
    with pytest.raises(Misconfigured, match=r"pipeline\.yaml:\d+: ") as raised:
        parsed(budget)
    assert reason in raised.value.reason


def test_a_call_is_rounded_up_to_a_millionth() -> None:
    assert Budget(usd_per_day=1, usd_per_call=0.0000001).cost() == 1
    assert Budget(usd_per_day=1, usd_per_call=0).cost() == 0
    tokens = Budget(usd_per_day=1, usd_per_million_input_tokens=0.15, usd_per_million_output_tokens=0.6)
    assert tokens.cost(1, 0) == 1
    assert tokens.cost(1000, 100) == math.ceil(0.15 * 1000 + 0.6 * 100)
