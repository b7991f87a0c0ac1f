"""docs/tutorial-agent.md: its files, written from its blocks, pass their test and do in the twin what the page says."""

import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from encord_lambda import cli
from sandbox.encord_twin import ItemSpec, MemoryObjects, World
from sandbox.scenario.world import DESCRIPTION
from tests.docs import markdown
from tests.task_path.conftest import URL, TaskPath, aws, model, path, pets
from tests.unit.custom import own

__all__ = ["aws", "model", "path"]  # fixtures

PAGE = markdown.ROOT / "docs" / "tutorial-agent.md"
AGENT, TEST = (block.text for block in markdown.blocks(PAGE, "python"))
PIPELINE = markdown.blocks(PAGE, "yaml")[0].text
TYPED = "".join(block.text for block in markdown.blocks(PAGE, "console")).splitlines()
MAKING = [line.split("'")[1] for line in TYPED if " -c '" in line]


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[World, MemoryObjects]:
    """The two pictures, as the page has them made, wait at the sandbox's agent stage."""
    monkeypatch.chdir(tmp_path)
    for line in MAKING:
        exec(line, {})  # noqa: S102 - our own page
    shown = {f"pets/{name}": (tmp_path / name).read_bytes() for name in ("bright.jpg", "dark.jpg")}
    start, _ = pets(0)
    items = [ItemSpec(url=URL + title, title=title) for title in shown]
    folder = start.folders[0].model_copy(update={"items": items})
    datasets = [start.datasets[0].model_copy(update={"folders": ["Pets"]})]
    objects = MemoryObjects({URL + title: body for title, body in shown.items()})
    return start.model_copy(update={"folders": [folder], "datasets": datasets}), objects


@pytest.fixture
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The agent in the layer, where the built function finds it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    own.forget()
    own.writer(tmp_path)("exposure", AGENT)
    yield
    own.forget()


def test_the_agents_own_test_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    module, names = types.ModuleType("layers.agents.exposure"), dict[str, Any]()
    exec(AGENT, module.__dict__)  # noqa: S102 - our own page
    monkeypatch.setitem(sys.modules, "layers.agents.exposure", module)
    exec(TEST, names)  # noqa: S102
    tests = [one for name, one in names.items() if name.startswith("test_")]

    for test in tests:
        test()

    assert len(tests) == 2
    for file in ("layers/agents/exposure.py", "tests/test_exposure.py", "exposure.yaml"):
        assert f"`{file}`" in PAGE.read_text()


def test_its_pipeline_yaml_is_checked_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("exposure.yaml").write_text(PIPELINE)

    assert cli.main(["check", "exposure.yaml"]) == 0
    assert capsys.readouterr().out == markdown.blocks(PAGE, "text")[0].text


@pytest.mark.usefixtures("layer")
def test_pictures_are_labelled_and_routed_as_the_page_says(path: TaskPath) -> None:
    path.pipeline(PIPELINE)
    assert path.sweep() == 2

    assert path.run(path.received()) == []

    tasks = path.tasks()
    assert (tasks["Annotate cats"], tasks["Archive"]) == (["pets/bright.jpg"], ["pets/dark.jpg"])
    notes = {title: one["classifications"][0]["answers"][DESCRIPTION] for title, one in path.answers().items()}
    assert {title: note.partition(":")[0] for title, note in notes.items()} == {
        "pets/bright.jpg": "bright",
        "pets/dark.jpg": "dark",
    }
