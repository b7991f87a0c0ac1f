"""`python -m sandbox.encord_twin`, as a newcomer gets it wrong."""

import socket
import sys

import pytest

from sandbox.encord_twin import __main__ as command_line


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What is said last before the program ends with status 2."""
    monkeypatch.setattr(sys, "argv", ["twin", *options])
    with pytest.raises(SystemExit) as end:
        command_line.main()
    assert end.value.code == 2
    return capsys.readouterr().err.splitlines()[-1].partition("error: ")[2]


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--port", "99999", "must be 0 to 65535, not 99999"),
        ("--port", "http", "invalid int value: 'http'"),
        ("--task-page-size", "0", "must be at least 1, not 0"),
        ("--job-seconds", "-1", "must be at least 0, not -1"),
        ("--notify-every", "0", "must be at least 0.1, not 0"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str, value: str, complaint: str
) -> None:
    assert refused(monkeypatch, capsys, option, value) == f"argument {option}: {complaint}"


def test_a_taken_port_is_named_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        complaint = refused(monkeypatch, capsys, "--port", str(port))

    assert complaint == f"--port {port}: Address already in use; 0 takes a free one"


def test_an_endpoint_that_is_no_url_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(monkeypatch, capsys, "--s3-endpoint", "nonsense") == "--s3-endpoint: Invalid endpoint: nonsense"
