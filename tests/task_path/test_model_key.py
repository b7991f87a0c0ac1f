"""The language model's key is read when a model is first asked, and once."""

import pytest

from encord_lambda.aws import secrets
from encord_lambda.aws.signed_requests import SignedRequests
from sandbox.scenario.world import PROJECT
from tests.task_path.conftest import TaskPath


def test_a_pipeline_without_a_language_model_needs_no_key_for_one(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_KEY_SECRET", "no such secret")
    agent = "{kind: route, rules: [{title: '*Cat*', take: Cat}], otherwise: Other}"
    path.pipeline(f"version: 1\nstages:\n  - {{project: {PROJECT}, stage: Agent 1, agent: {agent}}}\n")
    path.sweep()

    assert path.run(path.received()) == []
    assert path.tasks()["Agent 1"] == []


def test_a_key_that_cannot_be_read_leaves_the_tasks_and_names_its_secret(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_KEY_SECRET", "no such secret")
    path.sweep()

    assert len(path.run(path.received())) == 6
    postponed = [record.__dict__["reason"] for record in caplog.records if record.message == "Postponed"]
    assert all("no such secret" in reason for reason in postponed)


def test_threads_that_need_the_model_at_once_connect_it_once(path: TaskPath, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    secret = secrets.secret

    def counted(aws: SignedRequests, arn: str) -> str:
        read.append(arn)
        return secret(aws, arn)

    monkeypatch.setattr(secrets, "secret", counted)
    path.sweep()

    assert path.run(path.received()) == []
    assert ["OPENAI" in arn for arn in read].count(True) == 1
