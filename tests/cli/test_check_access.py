"""`encord-lambda check --encord` without a key, without a network, and with an Encord in trouble: one line each."""

from pathlib import Path

import pytest

from encord_lambda import cli
from sandbox.encord_twin import Fault, Twin
from tests.cli.encord import PETS

PIPELINE = f"""\
version: 1
stages:
  - project: {PETS}
    stage: Agent 1
    agent: {{kind: describe, model: openai:m, classification: Scene}}
    pathways: {{otherwise: Other}}
editor_agents:
  scene: {{kind: describe, model: openai:m, classification: Scene, projects: [{PETS}]}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "pipeline.yaml"
    written.write_text(PIPELINE)
    return written


def check(file: Path, access: list[str]) -> int:
    return cli.main(["check", str(file), "--encord", *access])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "there is no key for Encord: name its file with --key-file"),
        (["--key-file", "no-such-key"], "no-such-key: cannot be read: No such file or directory"),
        (["--key-file", __file__], "is no Ed25519 private key in OpenSSH format"),
    ],
)
def test_without_a_good_key_nothing_is_asked(
    options: list[str], told: str, file: Path, twin: Twin, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(file, [*options, "--domain", twin.url]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert told in line
    assert twin.log.count() == 0


@pytest.mark.parametrize("name", ["ENCORD_SSH_KEY", "ENCORD_SSH_KEY_FILE"])
def test_the_environment_may_hold_the_key_as_for_encords_sdk(
    name: str, file: Path, access: list[str], twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, twin.key if name == "ENCORD_SSH_KEY" else access[1])
    monkeypatch.setenv("ENCORD_DOMAIN", twin.url)

    assert check(file, []) == 0


def test_a_key_that_encord_does_not_know_is_one_line_that_says_which(
    file: Path, access: list[str], twin: Twin, capsys: pytest.CaptureFixture[str]
) -> None:
    twin.store.users.clear()

    assert check(file, access) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert f"(key: {access[1]}; platform: {twin.url})" in line
    assert "PRIVATE" not in line


def test_no_network_is_one_line_that_names_the_address(
    file: Path, access: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(file, [*access, "--domain", "http://127.0.0.1:9"]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("encord-lambda: Encord cannot be asked at http://127.0.0.1:9: cannot open project")


def test_an_encord_in_trouble_is_not_taken_for_a_fault_of_the_file(
    file: Path, access: list[str], twin: Twin, capsys: pytest.CaptureFixture[str]
) -> None:
    twin.faults.add(Fault(route="", status=503))

    assert check(file, access) == 2

    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("domain", ["api.encord.com", "ftp://api.encord.com", "https://api.encord.com/v2", ""])
def test_a_domain_that_is_no_address_is_refused_at_once(
    domain: str, file: Path, access: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        check(file, [*access, "--domain", domain])

    assert ended.value.code == 2
    assert "is no address such as https://api.encord.com" in capsys.readouterr().err


def test_the_environments_domain_must_be_an_address_too(
    file: Path, access: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENCORD_DOMAIN", "api.encord.com")

    assert check(file, access[:2]) == 2

    assert "ENCORD_DOMAIN is 'api.encord.com', which is no address" in capsys.readouterr().err
