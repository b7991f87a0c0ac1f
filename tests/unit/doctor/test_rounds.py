"""What CloudFormation and Lambda say of a deployment, and what the editor agents' address answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.doctor import reachable, rounds
from encord_lambda.doctor.deployed import Deployed
from encord_lambda.doctor.reachable import Far, Pinged
from encord_lambda.doctor.results import Prior, Result, Verdict

ORIGIN = "https://app.encord.com"
PIPELINE = PipelineConfig.parse(
    "pipeline.yaml",
    "version: 1\neditor_agents: {a: {kind: describe, model: openai:m, classification: Scene}}\n",
)


@dataclass
class AStack:
    """A stack, by what AWS says of it; and the address of its editor agents."""

    is_at: str = "UPDATE_COMPLETE"
    failing: Mapping[str, str] = field(default_factory=dict)
    answer: Pinged = field(default_factory=lambda: Pinged(200, ORIGIN))
    name: str = "pets"

    def status(self) -> str:
        return self.is_at

    def failing_functions(self) -> Mapping[str, str]:
        return self.failing

    def parameter(self, key: str) -> str:
        return "https://api.encord.com" if key == "EncordDomain" else ""

    def output(self, key: str) -> str:
        return f"https://{key}"

    def ping(self, url: str, origin: str) -> Pinged:
        assert (url, origin) == ("https://EditorApiUrl", ORIGIN)
        return self.answer


def looked_at(stack: AStack, subject: str) -> list[Result]:
    nobody: Any = None
    every = rounds.checks(cast("Deployed", stack), nobody, nobody, datetime(2026, 11, 21, tzinfo=UTC))
    return [result for check in every if check.subject == subject for result in check.results()]


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("CREATE_COMPLETE", Verdict.OK),
        ("UPDATE_COMPLETE", Verdict.OK),
        ("UPDATE_IN_PROGRESS", Verdict.WARNING),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", Verdict.WARNING),
        ("UPDATE_ROLLBACK_COMPLETE", Verdict.FAULT),
        ("ROLLBACK_COMPLETE", Verdict.FAULT),
        ("DELETE_FAILED", Verdict.FAULT),
    ],
)
def test_a_stack_is_well_when_its_last_deployment_succeeded(status: str, verdict: Verdict) -> None:
    [result] = looked_at(AStack(status), "stack")

    assert result.verdict is verdict
    assert f"pets: {status}" in result.told


def test_each_function_that_aws_could_not_set_up_is_told_with_why() -> None:
    [result] = looked_at(AStack(failing={"pets-RunTasks": "the role cannot be assumed"}), "functions")

    assert (result.verdict, result.subject) == (Verdict.FAULT, "pets-RunTasks")
    assert "AWS could not set it up: the role cannot be assumed" in result.told


@pytest.mark.parametrize(
    ("answer", "verdict", "said"),
    [
        (Pinged(200, ORIGIN), Verdict.OK, "answers Encord's test"),
        (Pinged(200, "*"), Verdict.OK, "answers Encord's test"),
        (Pinged(200, ""), Verdict.FAULT, "may not read the answers"),
        (Pinged(200, "https://elsewhere.com"), Verdict.FAULT, "may not read the answers"),
        (Pinged(403, ""), Verdict.FAULT, "refuses pages of https://app.encord.com"),
        (Pinged(500, ORIGIN), Verdict.FAULT, "answers 500 to Encord's test, not 200"),
    ],
    ids=lambda value: value.status if isinstance(value, Pinged) else "",
)
def test_the_address_must_answer_and_the_page_be_let_to_read_it(answer: Pinged, verdict: Verdict, said: str) -> None:
    stack = AStack(answer=answer)
    pipeline = Prior("pipeline.yaml", lambda: PIPELINE)
    [check] = [
        one
        for one in reachable.checks(cast("Deployed", stack), cast("Far", stack), pipeline, "")
        if one.subject == reachable.ADDRESS
    ]

    [result] = check.results()

    assert result.verdict is verdict
    assert said in result.told
