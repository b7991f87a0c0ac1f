"""A served twin, and an environment without keys."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from sandbox.encord_twin import Twin
from tests.cli import encord
from tests.cli.deployed import Deployed, deployed


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("ENCORD_SSH_KEY_FILE", "ENCORD_SSH_KEY", "ENCORD_DOMAIN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def twin() -> Iterator[Twin]:
    with encord.served() as running:
        yield running


@pytest.fixture
def access(twin: Twin, tmp_path: Path) -> list[str]:
    """The options that lead to the twin."""
    return ["--key-file", str(encord.key_file(twin, tmp_path)), "--domain", twin.url]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """A deployed stack, empty."""
    with deployed(monkeypatch) as made:
        yield made


@pytest.fixture
def logged_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """AWS knows nobody here, whoever is at the keyboard."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
