"""`encord-lambda replay` says which options cannot be."""

import pytest

from encord_lambda import cli
from tests.cli.deployed import STAGE


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--task", "4711"], "argument --task: invalid UUID value: '4711'"),
        (["--queue", "letters"], "'letters' is no queue; there are tasks, uploads, registrations, calls\n"),
        (["--queue", "uploads", "--task", str(STAGE)], "--task: only letters of the tasks queue are about a task"),
    ],
)
def test_options_that_cannot_be_are_refused(options: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        cli.main(["replay", *options])

    assert refused.value.code == 2
    assert told in capsys.readouterr().err
