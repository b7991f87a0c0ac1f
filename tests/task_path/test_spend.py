"""Budgets on the task path: what happens when the day's money is gone, and that nothing is paid for twice."""

from datetime import UTC, datetime

import boto3
import pytest

from encord_lambda.aws.spend import SpendTable
from sandbox.encord_twin import Fault
from sandbox.scenario.world import PIPELINE
from tests.task_path.conftest import TaskPath

BUDGET = """
budgets:
  openai:gpt-4o-mini: {{usd_per_day: {usd}, usd_per_million_input_tokens: 0.15, usd_per_million_output_tokens: 0.60}}
"""
PLAIN = PIPELINE.read_text()


def spent() -> int:
    """All that is in the books, in micro-USD."""
    items = boto3.client("dynamodb").scan(TableName="spend")["Items"]
    return sum(int(item["spent"]["N"]) for item in items if "spent" in item)


def test_the_days_books_hold_what_the_tokens_cost(path: TaskPath) -> None:
    path.pipeline(PLAIN + BUDGET.format(usd=1))
    path.sweep()
    assert path.run(path.received()) == []
    assert 0 < spent() < 6 * 10_000


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
    path.pipeline(PLAIN.replace("failed: Other", "over_budget: Dog\n      failed: Other") + BUDGET.format(usd=1))
    path.sweep()
    _spend_all()
    assert path.run(path.received()) == []
    assert len(path.tasks()["Annotate dogs"]) == 6
    assert not any(row["classifications"] for row in path.answers().values())


@pytest.mark.parametrize("route", ["labelrow POST", "/actions"], ids=str)
def test_a_retry_after_the_models_answer_does_not_ask_again(path: TaskPath, route: str) -> None:
    path.sweep()
    batch, asked = path.received(), len(path.model.history)
    path.twin.faults.add(Fault(route=route, status=503))
    assert len(path.run(batch)) == 6
    assert path.run(batch) == []
    assert len(path.model.history) == asked + 6


def _spend_all() -> None:
    table = SpendTable(boto3.client("dynamodb"), "spend", lambda: datetime.now(UTC))
    table.correct("openai:gpt-4o-mini", f"{datetime.now(UTC):%Y-%m-%d}", 1_000_000)
