"""docs/custom-agents.md: its agent passes its own test and does what its pipeline.yaml says."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from encord_lambda import custom
from encord_lambda.agents.agent import Decision, Picture, Tools
from encord_lambda.agents.custom import CustomAgent
from encord_lambda.config import PipelineConfig
from encord_lambda.config_custom import Custom
from encord_lambda.custom import Answer, Classification, Ontology, Option
from encord_lambda.custom.running import LayerAgents
from tests.docs import markdown
from tests.fakes.stages import ScriptedModel
from tests.fakes.units import a_unit
from tests.unit.custom import own

PAGE = markdown.ROOT / "docs" / "custom-agents.md"
AGENT, TEST = (block.text for block in markdown.blocks(PAGE, "python"))
LIGHT = Ontology((Classification("Light", "radio", (Option("Day"), Option("Night"))),))


class Dusk:
    """Every picture is grey, 85 of 255."""

    def read(self, _url: str) -> Picture:
        buffer = io.BytesIO()
        Image.new("RGB", (8, 8), (85, 85, 85)).save(buffer, "PNG")
        return Picture(buffer.getvalue(), "image/png", 8, 8)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[own.Write]:
    """Put an agent into a layer of the test's own."""
    monkeypatch.syspath_prepend(str(tmp_path))
    own.forget()
    yield own.writer(tmp_path)
    own.forget()


def test_its_test_passes_where_the_page_says_the_files_are(tmp_path: Path) -> None:
    for name, text in (("layers/agents/daylight.py", AGENT), ("tests/test_daylight.py", TEST)):
        assert f"`{name}`" in PAGE.read_text()
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--import-mode=importlib", "tests"]

    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "2 passed" in run.stdout, run.stdout + run.stderr


def test_its_agent_does_what_its_pipeline_yaml_says(write: own.Write) -> None:
    write("daylight", AGENT)
    [block] = markdown.blocks(PAGE, "yaml")
    [stage] = PipelineConfig.parse("custom-agents.md", block.text).stages
    assert isinstance(stage.agent, Custom)
    tools = Tools(ScriptedModel(), Dusk(), own_agents=LayerAgents())

    made = CustomAgent(stage.agent).decide(a_unit("dusk.png", "url", LIGHT), tools)

    assert made == Decision((Answer("Light", "Night", 0.9),), "Night", "mean brightness 85", 0.9)
    assert stage.pathway(made.answer) == "Archive"


def test_the_table_names_all_that_an_agent_is_given() -> None:
    rows = "".join(line.split("|")[1] for line in PAGE.read_text().splitlines() if line.startswith("| `."))
    public = {name for name in dir(custom.Given) if not name.startswith("_")} - {"about"}

    assert set(re.findall(r"`\.(\w+)", rows)) == public - {"options_as"}
    assert "`.options_as(Model)`" in PAGE.read_text()
