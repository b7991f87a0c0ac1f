"""`encord-lambda check` reads the prompts that lie beside a pipeline.yaml."""

from pathlib import Path

import pytest

from encord_lambda import cli

PIPELINE = """\
version: 1
stages:
  - project: 027e0c65-0000-4000-8000-000000000001
    stage: Agent 1
    agent: {kind: classify, model: openai:m, classification: Animal, prompt: prompts/animals.md}
    pathways: {otherwise: Other}
editor_agents:
  describe: {kind: describe, model: openai:m, classification: Scene, prompt: prompts/scene.md}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pipeline.yaml").write_text(PIPELINE)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "animals.md").write_text("$questions")
    (tmp_path / "prompts" / "scene.md").write_text("$question")
    return tmp_path


def test_good_prompts_are_no_news(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(folder / "pipeline.yaml")]) == 0
    assert capsys.readouterr().err == ""


def test_every_faulty_prompt_is_one_line_with_its_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "prompts" / "animals.md").write_text("Look.")
    (folder / "prompts" / "scene.md").unlink()

    assert cli.main(["check", str(folder / "pipeline.yaml")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{folder / 'prompts' / 'animals.md'}: a prompt of classify needs `$questions`, and says it nowhere",
        f"{folder / 'prompts' / 'scene.md'}: cannot be read: No such file or directory",
    ]
