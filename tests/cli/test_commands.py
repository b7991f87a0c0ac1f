"""All commands alike: what their help says, that machines can read them, and how they end."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from encord_lambda import cli
from encord_lambda.cli import check
from tests.cli.encord import PETS

PIPELINE = f"""\
version: 1
registrations:
  - {{prefix: pets/, integration: aws, folder: {PETS}}}
benchmarks:
  - {{name: pets, production: {PETS}, stage: Review, ground_truth: {PETS}}}
"""
KEPT_FROM_WORK = {
    "calibrate": ["pets", "--pipeline", "{pipeline}", "--precision", "0.9", "--records", "s3://records"],
    "check": ["{pipeline}", "--encord"],
    "doctor": [],
    "explain": [str(UUID(int=1))],
    "manifest build": ["s3://uploads/pets/", "--pipeline", "{pipeline}", "--dry-run"],
    "manifest check": ["no-such-file.json"],
    "manifest convert": ["no-such-file.json", "--to", "csv"],
    "replay": [],
    "shadow-report": ["--records", "s3://records", "--project", str(PETS)],
}
"""Each command as it is said without AWS credentials, without a key for Encord, or of a file that there is not."""


def commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that does something, by its name."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield name.strip(), parser
    for action in below:
        for word, command in action.choices.items():
            yield from commands(command, f"{name} {word}")


COMMANDS = dict(commands(cli._parser()))
each_command = pytest.mark.parametrize("name", COMMANDS)


@each_command
def test_the_help_says_what_it_does_what_each_option_is_and_how_it_ends(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*name.split(), "--help"])

    said = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    assert " ".join(str(COMMANDS[name].description).split())[:60] in said
    assert re.search(r"Exit status: 0 if .+[,;] 1 if .+[,;] 2 if .+", said)
    assert [action.dest for action in COMMANDS[name]._actions if not action.help] == []


@each_command
def test_machines_can_read_it(name: str) -> None:
    assert "--json" in COMMANDS[name]._option_string_actions


@each_command
def test_an_option_that_there_is_not_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*name.split(), "--no-such-option"])

    assert ended.value.code == 2
    assert re.search(r"^encord-lambda.*: error: ", capsys.readouterr().err, re.MULTILINE)


@pytest.mark.usefixtures("logged_out")
@each_command
def test_what_keeps_it_from_its_work_is_one_line_and_status_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(PIPELINE)

    status = cli.main([*name.split(), *(word.format(pipeline=file) for word in KEPT_FROM_WORK[name])])

    output = capsys.readouterr()
    [line] = [line for line in output.err.splitlines() if not line.startswith("searching ")]
    assert status == 2
    assert line.startswith("encord-lambda: ")
    assert output.out == ""


def test_ctrl_c_is_status_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "text", interrupted)

    assert cli.main(["check", "pipeline.yaml"]) == 130
    assert capsys.readouterr().err == "encord-lambda: interrupted\n"


def test_the_help_of_all_names_each_command_and_every_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])

    said = capsys.readouterr().out
    assert {name.split()[0] for name in COMMANDS} <= set(re.findall(r"^    ([a-z-]+) ", said, re.MULTILINE))
    assert all(f"{status} " in said.partition("Exit status")[2] for status in (0, 1, 2, 130))


def test_without_a_command_it_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([])

    assert ended.value.code == 2
    assert "required: COMMAND" in capsys.readouterr().err
