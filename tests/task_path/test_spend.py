"""Budgets on the task path: what happens when the day's money is gone, and that nothing is paid for twice."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from encord_lambda.agents.allowance import Reserved
from encord_lambda.aws.spend import SpendTable
from sandbox.encord_twin import Fault
from sandbox.model_server.script import Text
from sandbox.scenario.world import PIPELINE
from tests.task_path.conftest import TaskPath

MODEL = "openai:gpt-4o-mini"
BUDGET = """
budgets:
  openai:gpt-4o-mini: {{usd_per_day: {usd}, usd_per_million_input_tokens: 0.15, usd_per_million_output_tokens: 0.60}}
"""
PLAIN = PIPELINE.read_text()


def spent() -> int:
    """All that is in the books, in micro-USD."""
    items = boto3.client("dynamodb").scan(TableName="spend")["Items"]
    return sum(int(item["spent"]["N"]) for item in items if "spent" in item)


def test_decisions_say_what_they_cost_and_the_books_agree(path: TaskPath, caplog: pytest.LogCaptureFixture) -> None:
    path.pipeline(PLAIN + BUDGET.format(usd=1))
    path.sweep()
    assert path.run(path.received()) == []
    decided = [vars(record) for record in caplog.records if record.message == "Decided"]
    assert len(decided) == 6
    for one in decided:
        cost = one["input_tokens"] * 0.15 + one["output_tokens"] * 0.60
        assert one["usd"] * 1e6 == pytest.approx(cost, abs=1)
        assert cost > 0
    assert sum(one["usd"] for one in decided) * 1e6 == pytest.approx(spent())


def test_over_the_budget_tasks_wait(path: TaskPath) -> None:
    path.pipeline(PLAIN + BUDGET.format(usd=1))
    path.sweep()
    _spend_all()
    asked = len(path.model.history)
    kept = path.run(path.received())
    assert len(kept) == 6
    assert len(path.tasks()["Agent 1"]) == 6
    assert len(path.model.history) == asked


def test_over_the_budget_tasks_take_the_pathway_for_it(path: TaskPath) -> None:
    path.pipeline(_with_a_pathway_for_it() + BUDGET.format(usd=1))
    path.sweep()
    _spend_all()
    assert path.run(path.received()) == []
    assert len(path.tasks()["Annotate dogs"]) == 6
    assert not any(row["classifications"] for row in path.answers().values())


def test_money_that_is_only_reserved_sends_nobody_along_that_pathway(path: TaskPath) -> None:
    path.pipeline(_with_a_pathway_for_it() + BUDGET.format(usd=1))
    path.sweep()
    batch, others = path.received(), _reserve_all()
    assert len(path.run(batch)) == 6
    assert len(path.tasks()["Agent 1"]) == 6
    _table().settle(others, 1000)
    assert path.run(batch) == []
    assert path.tasks()["Agent 1"] == []


@pytest.mark.parametrize("route", ["labelrow POST", "/actions"], ids=str)
def test_a_retry_after_the_models_answer_does_not_ask_again(path: TaskPath, route: str) -> None:
    path.sweep()
    batch, asked = path.received(), len(path.model.history)
    path.twin.faults.add(Fault(route=route, status=503))
    assert len(path.run(batch)) == 6
    assert path.run(batch) == []
    assert len(path.model.history) == asked + 6


@pytest.mark.parametrize("count", [1])
def test_a_reply_that_cannot_be_used_does_not_stand_in_the_way_of_a_replay(path: TaskPath) -> None:
    path.pipeline(PLAIN.replace("failed:", "# failed:"))
    path.sweep()
    path.model.enqueue(Text('{"answer": "Unicorn", "confidence": 1}'))
    assert path.run(path.received()) == []
    boto3.client("dynamodb").delete_item(TableName="claims", Key=_only_claim())
    path.sweep()
    asked = len(path.model.history)
    assert path.run(path.received()) == []
    assert len(path.model.history) == asked + 1


def _with_a_pathway_for_it() -> str:
    return PLAIN.replace("failed: Other", "over_budget: Dog\n      failed: Other")


def _only_claim() -> dict[str, Any]:
    (claim,) = boto3.client("dynamodb").scan(TableName="claims")["Items"]
    return {"task": claim["task"], "stage": claim["stage"]}


def _table() -> SpendTable:
    return SpendTable(boto3.client("dynamodb"), "spend", lambda: datetime.now(UTC))


def _reserve_all() -> Reserved:
    made = _table().reserve(MODEL, 1_000_000, 1_000_000)
    assert isinstance(made, Reserved)
    return made


def _spend_all() -> None:
    _table().settle(_reserve_all(), 1_000_000)
