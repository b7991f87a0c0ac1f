"""What checkov and bandit find is nothing, but for what is passed over with a reason.

Checkov runs once, with nothing passed over, so the same run tells what it finds and what it does no longer find.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sandbox import template as reader

CHECKOV = reader.ROOT / ".venv-checkov" / "bin" / "checkov"
PASSED_OVER = reader.ROOT / ".checkov.yaml"
SOURCES = ("layers/core", "layers/agents", "functions", "sandbox", "toolchain")
SLOPPY = "import subprocess\nsubprocess.run(input(), shell=True)\n"


@pytest.fixture(scope="session")
def found(transformed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What checkov holds against which resources, by its check; far from the repository it knows no skips of ours."""
    if not CHECKOV.exists():
        pytest.fail("needs .venv-checkov: run `python3 toolchain/prepare.py checkov`, or `make test`")
    command: list[str | Path] = [CHECKOV, "-f", transformed, "--framework", "cloudformation", "--skip-download"]
    run = subprocess.run(
        [*command, "-o", "json"],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        capture_output=True,
        text=True,
        check=False,
    )
    results = json.loads(run.stdout)["results"]
    assert not results["parsing_errors"]
    assert len(results["passed_checks"]) > 100
    failed = results["failed_checks"]
    return {check: {one["resource"] for one in failed if one["check_id"] == check} for check in _ids(failed)}


def test_checkov_finds_nothing_but_what_is_passed_over(found: dict[str, set[str]]) -> None:
    assert {check: where for check, where in found.items() if check not in _passed_over()} == {}


def test_nothing_is_passed_over_that_checkov_does_not_find(found: dict[str, set[str]]) -> None:
    assert _passed_over() - set(found) == set()


def test_only_uploads_are_without_versions_and_checks_of_the_distribution_are_of_no_other(
    found: dict[str, set[str]],
) -> None:
    assert found["CKV_AWS_21"] == {"AWS::S3::Bucket.UploadsBucket"}
    assert {where for check in ("CKV_AWS_68", "CKV_AWS_86", "CKV_AWS_174") for where in found[check]} == {
        "AWS::CloudFront::Distribution.Distribution"
    }


def test_whatever_is_passed_over_has_its_reason_beside_it() -> None:
    reasoned = re.findall(r"^  - (CKV\w+) # \S+(?: \S+){3,}$", PASSED_OVER.read_text(), re.MULTILINE)

    assert set(reasoned) == _passed_over()


def test_bandit_finds_nothing_in_the_sources() -> None:
    assert _bandit(*(reader.ROOT / one for one in SOURCES)) == []


def test_bandit_would_find_a_shell_that_runs_what_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "sloppy.py").write_text(SLOPPY)

    assert _bandit(tmp_path) == ["B602"]


def _bandit(*folders: Path) -> list[str]:
    command: list[str | Path] = [sys.executable, "-m", "bandit", "-q", "-c", "pyproject.toml", "-f", "json", "-r"]
    run = subprocess.run([*command, *folders], cwd=reader.ROOT, capture_output=True, text=True, check=False)
    told = json.loads(run.stdout)
    assert not told["errors"]
    return [one["test_id"] for one in told["results"]]


def _passed_over() -> set[str]:
    return set(yaml.safe_load(PASSED_OVER.read_text())["skip-check"])


def _ids(checks: list[dict[str, str]]) -> set[str]:
    return {check["check_id"] for check in checks}
