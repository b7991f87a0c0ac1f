"""A small run of the chaos campaign; `make chaos` runs the large ones."""

import pytest

from sandbox.ministack import PYTHON
from tests.chaos.campaign import run
from tests.chaos.plan import small


@pytest.mark.skipif(not PYTHON.exists(), reason="needs .venv-ministack: python3 toolchain/prepare.py ministack")
def test_a_small_run_breaks_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    findings = run(small(seed=1))

    assert findings.violations == []
    hit = {fault.partition(":")[0] for fault in findings.tally.faults}
    assert {"Encord", "model", "detector", "media", "message", "worker killed", "delivered twice"} <= hit
