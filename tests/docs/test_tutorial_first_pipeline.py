"""docs/tutorial-first-pipeline.md: its commands are typed as they stand, and what it shows is what they print."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from encord_lambda.dispatch import sweep
from sandbox.model_server.server import Server
from sandbox.scenario import standing
from tests.docs import markdown
from tests.docs.desktop import Desktop, desktop
from tests.docs.typing_shell import Shell, shell
from tests.functions.upload_stack import RECORDS, UPLOADS
from tests.task_path.conftest import aws, model

__all__ = ["aws", "model"]  # fixtures

PAGE = markdown.ROOT / "docs" / "tutorial-first-pipeline.md"
REGISTRATIONS, STAGES = (block.text for block in markdown.blocks(PAGE, "yaml"))
DIFFERS = (
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME"),
    (r"\d+\.\d+ s of models", "SECONDS of models"),
    (r"searching .*\n", ""),  # on standard error, which the page does not show
)


@pytest.fixture
def desk(aws: str, model: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    monkeypatch.setattr(sweep, "GATHER_SECONDS", 0)  # nobody else consumes here
    with desktop(monkeypatch, aws, model) as built:
        yield built


@pytest.fixture
def bash(aws: str, desk: Desktop, tmp_path: Path) -> Iterator[Shell]:
    """A shell where the `export` lines of `make sandbox` were typed."""
    (tmp_path / "first.yaml").write_text(REGISTRATIONS)
    (tmp_path / "key").write_text(desk.uploads.twin.key)
    exports = [line for line in standing.ADDRESSES.splitlines() if line.startswith("  export")]
    values = {
        "endpoint": aws,
        "region": "eu-west-1",
        "encord": desk.uploads.twin.url,
        "key": tmp_path / "key",
        "uploads": UPLOADS,
        "records": RECORDS,
    }
    with shell(aws, tmp_path) as typing:
        typing.type("\n".join(exports).format(**values))
        yield typing


def like(text: str, home: Path) -> str:
    """What is the same in every run."""
    for pattern, name in DIFFERS:
        text = re.sub(pattern, name, text)
    return text.replace(str(home), "/home/you").strip()


def test_the_commands_work_as_they_stand(desk: Desktop, bash: Shell, tmp_path: Path) -> None:
    upload, damage, configure, letters, explain, mend, again = (block.text for block in markdown.blocks(PAGE))
    bash.type(upload)
    desk.upload_comes("first/good.jpg", "first/bad.jpg")
    bash.type(damage)
    (tmp_path / "first.yaml").write_text(REGISTRATIONS + STAGES)
    printed = [bash.type(configure).partition("\n")[0]]
    desk.sweep_comes()
    assert desk.stands() == {"first/good.jpg": "Annotate cats", "first/bad.jpg": "Agent 1"}

    printed += [bash.type(letters), bash.type(explain)]
    bash.type(mend)
    desk.tasks_come()
    assert set(desk.stands().values()) == {"Annotate cats"}

    printed.append(bash.type(again))
    shown = [block.text for block in markdown.blocks(PAGE, "text")]
    assert [like(text, tmp_path) for text in printed] == [like(text, tmp_path) for text in shown]
