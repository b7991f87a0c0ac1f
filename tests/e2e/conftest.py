"""One run of the demo's scenario, for all tests of this folder."""

from collections.abc import Iterator

import pytest

from sandbox.scenario import servers
from sandbox.scenario.playing import play
from sandbox.scenario.report import Report
from sandbox.scenario.servers import Sandbox
from sandbox.scenario.watching import Sight


class Quiet:
    """Nobody looks on."""

    def say(self, text: str) -> None:
        """What matters is in the report."""

    def watch(self, address: str) -> None:
        """As above."""

    def show(self, sight: Sight) -> None:
        """As above."""


@pytest.fixture(scope="module")
def deployed() -> Iterator[Sandbox]:
    """The real template, deployed; every function is held to its own role."""
    with servers.started(Quiet(), auth=True) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def report(deployed: Sandbox) -> Report:
    """What came of uploading everything."""
    return play(deployed, Quiet())
