"""Clients that others wrote, or that do as a browser does, against the editor API: served on loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import boto3
import pytest

from encord_lambda.config_editor import SECRETS
from sandbox.encord_twin import BrowserCall, EditorAnswer, WorkflowCall
from sandbox.scenario.world import PIPELINE, PROJECT
from tests.conformance.editor_app import HOST, served
from tests.task_path.conftest import TaskPath
from tests.task_path.editor import SECRET, app, payload, written

CLI = Path(sys.executable).with_name("encord-agents")
CAT = "pets/000 Cat.jpg"
ANIMAL = f"""
  animal:
    kind: classify
    model: openai:gpt-4o
    classification: Animal
    signing_secret: {SECRETS}animal
    pathways: {{Cat: Cat, Dog: Dog, otherwise: Other}}
"""


@pytest.fixture
def count() -> int:
    return 1


@pytest.fixture
def port(path: TaskPath) -> Iterator[int]:
    path.pipeline(PIPELINE.read_text() + ANIMAL)
    boto3.client("secretsmanager").create_secret(Name=f"{SECRETS}animal", SecretString=SECRET)
    with served(app()) as port:
        yield port


def browse(path: TaskPath, port: int, address: str, **changes: object) -> EditorAnswer:
    call = BrowserCall.model_validate(
        {"url": f"http://{HOST}:{port}{address}", "project": PROJECT, "data_hash": data(path), **changes}
    )
    return path.twin.call_editor_agent(call)


def data(path: TaskPath) -> UUID:
    return UUID(payload(path, CAT)["dataHash"])


@pytest.mark.parametrize("address", ["/", "/agents/describe-scene"])
def test_a_browser_asks_first_calls_and_reads_the_answer(path: TaskPath, port: int, address: str) -> None:
    assert browse(path, port, address) == EditorAnswer(status=200)
    assert len(written(path, CAT)) == 1


@pytest.mark.parametrize("header", ["X-Encord-Editor-Agent", "X-Encord-Agent"])
def test_an_address_is_tried_with_either_header(path: TaskPath, port: int, header: str) -> None:
    assert browse(path, port, "/agents/describe-scene", test=header) == EditorAnswer(status=200)
    assert written(path, CAT) == []


@pytest.mark.parametrize(
    ("address", "changes", "status", "says"),
    [
        ("/agents/sing", {}, 404, "there is no editor agent 'sing'"),
        ("/agents/animal", {}, 401, "takes calls with its token or Encord's signature only"),
        ("/agents/describe-scene", {"frame": 9}, 422, "there is no frame 9"),
        ("/agents/describe-scene", {"object_hashes": ["nowhere1"]}, 422, "save your work and try again"),
        ("/elsewhere", {}, 404, "an agent's is /agents/ and its name"),
    ],
)
def test_a_browser_shows_why_a_call_was_refused(
    path: TaskPath, port: int, address: str, changes: dict[str, object], status: int, says: str
) -> None:
    answer = browse(path, port, address, **changes)

    assert (answer.status, says in (answer.message or "")) == (status, True)


def test_a_workflow_calls_signed_and_the_task_takes_the_decided_pathway(path: TaskPath, port: int) -> None:
    call = WorkflowCall(
        trigger="workflow",
        url=f"http://{HOST}:{port}/agents/animal",
        project=PROJECT,
        data_hash=data(path),
        secret=SECRET,
    )
    answer = path.twin.call_editor_agent(call)

    assert (answer.decision, answer.pathway, answer.trouble) == ("Cat", "Cat", "")
    assert path.tasks()["Agent 1"] == []


@pytest.mark.parametrize(("target", "status"), [("agents/describe-scene", "200"), ("agents/sing", "404")])
def test_encord_agents_command_line_tool_tries_an_agent(path: TaskPath, port: int, target: str, status: str) -> None:
    url = f"https://app.encord.com/label_editor/{PROJECT}/{data(path)}/0"
    run = subprocess.run(
        [str(CLI), "test", "local", target, url, "--port", str(port)],
        # Wide enough that no cell of the table is broken.
        env={**os.environ, "COLUMNS": "400", "TERM": "dumb", "NO_PROXY": "127.0.0.1,localhost"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    line = next(line for line in run.stdout.splitlines() if "status code" in line)
    assert line.replace("│", " ").split()[-1] == status
    assert bool(written(path, CAT)) is (status == "200")
