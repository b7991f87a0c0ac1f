"""`describe` at an agent stage: the same agent as in the Label Editor writes the text, and the task goes on."""

from sandbox.scenario.world import DESCRIPTION, PROJECT
from tests.task_path.conftest import TaskPath

PIPELINE = f"""
version: 1
stages:
  - project: {PROJECT}
    stage: Agent 1
    agent: {{kind: describe, model: openai:gpt-4o, classification: {DESCRIPTION}}}
    pathways: {{otherwise: Other}}
"""


def test_every_picture_gets_its_description_and_takes_otherwise(path: TaskPath) -> None:
    path.pipeline(PIPELINE)
    path.sweep()

    assert path.run(path.received()) == []

    assert len(path.tasks()["Archive"]) == 6
    for title, row in path.answers().items():
        [written] = row["classifications"]
        assert len(written["answers"][DESCRIPTION]) >= 25, title
