"""docs/twin.md: its commands work, and what it links to is there."""

import json
import subprocess

import pytest
from encord import EncordUserClient

from sandbox.encord_twin import Fault, Twin, serve
from tests.docs import markdown
from tests.docs.markdown import ROOT

PAGE = ROOT / "docs" / "twin.md"
COMMANDS = [block.text for block in markdown.blocks(PAGE, "sh") if block.text.startswith("curl")]


def typed(command: str, twin: Twin) -> str:
    words = ["/usr/bin/env", "bash", "-c", command.replace("http://127.0.0.1:8765", twin.url)]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout


def test_the_world_of_the_page_is_built_and_its_faults_are_ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    world, faults = COMMANDS
    with serve() as twin:
        ids = json.loads(typed(world, twin))
        client = EncordUserClient.create_with_ssh_private_key(twin.key, domain=twin.url)
        stage = client.get_project(ids["projects"]["Pets"]).workflow.get_stage(name="Agent 1")
        assert [task.data_title for task in stage.get_tasks()] == ["1.jpg"]
        assert json.loads(typed(faults, twin)) is None
        assert twin.faults.left() == 1
        assert len(twin.faults.as_json()) == 2


def test_every_fault_of_the_page_exists() -> None:
    table = PAGE.read_text().split("| key | what happens |")[1].split("```")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    keys = {word for cell in cells for word in cell.split("`")[1::2]}
    assert keys | {"route", "times"} == set(Fault.model_fields)
