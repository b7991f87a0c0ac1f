"""Routing by what is known of a data unit: each condition alone, all together, and the first rule that fits."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from encord_lambda.agents.route import RouteAgent
from encord_lambda.config import PipelineConfig, Stage
from encord_lambda.config_route import Route
from encord_lambda.errors import Misconfigured
from tests.fakes.stages import ONTOLOGY, tools
from tests.fakes.units import DATASET, FACTS, a_unit

METADATA = {"weather": "rain", "camera": 3, "night": True, "score": 0.5}
UNIT = a_unit("street/0001.jpg", "", ONTOLOGY, facts=replace(FACTS, metadata=METADATA))
PROJECT = UUID(int=9)


def taken(*rules: dict[str, Any]) -> str | None:
    """The pathway of the unit."""
    route = Route.model_validate({"kind": "route", "rules": rules, "otherwise": "NO"})
    return RouteAgent(route).decide(UNIT, tools()).answer


@pytest.mark.parametrize(
    "rule",
    [
        {"dataset": str(DATASET)},
        {"metadata": {"weather": "rain"}},
        {"metadata": {"camera": 3, "night": True, "score": 0.5}},
        {"title": "street/*"},
        {"title": "street/000?.jpg"},
        {"type": "image"},
        {"priority_above": 0.4},
        {"dataset": str(DATASET), "title": "*.jpg", "type": "image"},
    ],
    ids=str,
)
def test_a_rule_that_fits_is_taken(rule: dict[str, Any]) -> None:
    assert taken({**rule, "take": "YES"}) == "YES"


@pytest.mark.parametrize(
    "rule",
    [
        {"dataset": str(UUID(int=1))},
        {"metadata": {"weather": "sun"}},
        {"metadata": {"wind": "rain"}},
        {"metadata": {"night": 1}},
        {"metadata": {"camera": "3"}},
        {"title": "Street/*"},
        {"title": "0001.jpg"},
        {"title": "street/000[1].jpg"},
        {"type": "video"},
        {"priority_above": 0.5},
        {"dataset": str(DATASET), "type": "video"},
    ],
    ids=str,
)
def test_a_rule_that_does_not_fit_in_every_condition_is_passed_over(rule: dict[str, Any]) -> None:
    assert taken({**rule, "take": "YES"}) == "NO"


def test_the_first_rule_that_fits_wins() -> None:
    assert taken({"type": "video", "take": "A"}, {"type": "image", "take": "B"}, {"title": "*", "take": "C"}) == "B"


PIPELINE = f"""
version: 1
stages:
  - project: {PROJECT}
    stage: Benchmark Task?
    agent:
      kind: route
      rules:
        - {{dataset: {DATASET}, take: 'YES'}}
      otherwise: 'NO'
"""


def stage(text: str = PIPELINE) -> Stage:
    [configured] = PipelineConfig.parse("pipeline.yaml", text).stages
    return configured


def test_a_route_stage_needs_no_pathways_and_names_all_it_may_take() -> None:
    assert stage().taken == {"YES", "NO"}
    assert stage().pathway("YES") == "YES"
    assert stage(PIPELINE + "    pathways: {failed: Lost}\n").taken == {"YES", "NO", "Lost"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PIPELINE + "    pathways: {Cat: Cat}\n", "take `Cat` out of pathways"),
        (PIPELINE.replace(f"dataset: {DATASET}, ", ""), "a rule needs a condition"),
        (PIPELINE.replace("dataset", "datasets"), "rules[0].datasets: there is no such key"),
        (PIPELINE.replace(f"dataset: {DATASET}", "priority_above: 2"), "less than or equal to 1"),
        (PIPELINE.replace(f"dataset: {DATASET}", "type: picture"), "'image', 'img_group'"),
    ],
)
def test_a_mistake_is_refused_with_its_place(text: str, says: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        stage(text)
    assert says in refusal.value.reason
    assert refusal.value.reason.startswith("pipeline.yaml:")
