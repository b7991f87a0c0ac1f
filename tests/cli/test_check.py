"""`encord-lambda check`: one line per good file, one line per fault, and never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from encord_lambda import cli

ROOT = Path(__file__).parents[2]
FAULTY = """\
version: 1
registrations:
  - prefix: pets/
    integration: aws-prod
    folder: not-a-uuid
stages:
  - project: 9807ec70-0000-4000-8000-000000000001
    stage: Agent 1
    agent: {kind: classify, model: gpt-4o-mini, classification: Animal}
    pathwys: {Cat: Cat}
"""


@pytest.fixture
def write(tmp_path: Path) -> Path:
    return tmp_path / "pipeline.yaml"


def test_a_good_file_is_one_line_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(ROOT / "sandbox" / "pipeline.yaml")
    assert cli.main(["check", file]) == 0
    output = capsys.readouterr()
    assert output.out == f"{file}: ok — 1 registration, 1 stage, 1 editor agent\n"
    assert output.err == ""


def test_every_fault_is_one_line_with_its_place(write: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write.write_text(FAULTY)
    assert cli.main(["check", str(write)]) == 1
    output = capsys.readouterr()
    places = [line.removeprefix(str(write)).split(": ")[:2] for line in output.err.splitlines()]
    assert sorted(places) == [
        [":10", "stages[0].pathwys"],
        [":5", "registrations[0].folder"],
        [":9", "stages[0].agent.model"],
    ]
    assert output.out == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1: expected a mapping"),
        (b"version: [1\n", ":2: not valid YAML"),
        (b"version: 1\nstages: []\nstages: []\n", ":3: the key 'stages' stands twice"),
        (b"version: 2\n", ":1: version: Input should be 1"),
        (b"version: 1\nlimits: {model_calls: 0}\n", ":2: limits.model_calls: "),
        (b"# caf\xe9\nversion: 1\n", ":1: not UTF-8 text: byte 0xe9"),
        (b"version: 1\n# \xff\n", ":2: not UTF-8 text: byte 0xff"),
        ("version: 1\n".encode("utf-16"), ":1: not UTF-8 text: byte 0xff"),
        (b"version: \x00\n", ":1: not valid YAML: special characters"),
        (bytes(range(256)), ":2: not UTF-8 text: byte 0x80"),
    ],
)
def test_what_is_no_pipeline_is_one_clear_line(
    content: bytes, message: str, write: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write.write_bytes(content)
    assert cli.main(["check", str(write)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{write}{message}")


def test_a_byte_order_mark_does_no_harm(write: Path) -> None:
    write.write_text("version: 1\n", encoding="utf-8-sig")
    assert cli.main(["check", str(write)]) == 0


def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "missing.yaml")
    assert cli.main(["check", missing, str(tmp_path), "a\0b"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{missing}: cannot be read: No such file or directory",
        f"{tmp_path}: cannot be read: Is a directory",
        "a\0b: cannot be read: embedded null byte",
    ]


def test_a_faulty_file_does_not_keep_the_next_from_being_checked(
    write: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write.write_text("version: 1\n")
    assert cli.main(["check", "no-such-file", str(write)]) == 1
    output = capsys.readouterr()
    assert len(output.err.splitlines()) == 1
    assert output.out == f"{write}: ok — 0 registrations, 0 stages, 0 editor agents\n"


def test_the_terminal_need_not_know_the_dash(write: Path) -> None:
    write.write_text("version: 1\n")
    done = _run("check", str(write), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{write}: ok ")


@pytest.mark.parametrize(("arguments", "status"), [(["--version"], 0), (["--help"], 0), (["check"], 2), ([], 2)])
def test_the_command_explains_itself(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == status
    output = capsys.readouterr()
    assert "encord-lambda" in output.out + output.err


def test_the_installed_command_and_the_module_are_the_same() -> None:
    installed = subprocess.run(
        [Path(sys.executable).with_name("encord-lambda"), "--version"], capture_output=True, text=True, check=True
    )
    assert installed.stdout == _run("--version").stdout == "encord-lambda 0.1.0\n"


def test_it_loads_neither_the_sdks_nor_boto3() -> None:
    """It is typed by hand and often: importing those takes seconds."""
    program = "import sys, encord_lambda.cli; print(*{'boto3', 'encord', 'openai', 'fastapi'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "encord_lambda.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
