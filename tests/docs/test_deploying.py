"""docs/deploying.md, the environments it tells of, and the workflows that deploy them."""

import json
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import template as reader
from tests.docs import markdown
from tests.docs.markdown import ROOT
from toolchain import environment

PAGE = ROOT / "docs" / "deploying.md"
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "samconfig.toml").read_text())
ENVIRONMENTS = [name for name, one in CONFIG.items() if isinstance(one, dict)]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PARAMETERS: dict[str, Any] = reader.load()["Parameters"]
COLUMNS = ("SweepSchedule", "LogRetentionDays", "ModelCostAlarmUsd", "EditorConcurrency")
_SAM = """
import json, sys
from samcli.cli.types import CfnParameterOverridesType
print(json.dumps(CfnParameterOverridesType().convert(tuple(json.loads(sys.argv[1])), None, None)))
"""
FULL_COMMIT = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")


def workflow(name: str) -> dict[str, Any]:
    """As GitHub reads it: `on` is a word, not a truth."""
    loaded: dict[str, Any] = yaml.load((ROOT / ".github" / "workflows" / name).read_text(), yaml.BaseLoader)  # noqa: S506
    return loaded


SHIP, DEPLOY = workflow("ship.yml")["jobs"], workflow("deploy.yml")["jobs"]
JOBS = {**SHIP, **DEPLOY}


def made(tmp_path: Path, *arguments: str, **variables: str) -> tuple[int, list[list[str]]]:
    """The exit status of `make deploy`, and the words of each `sam` it calls, which does nothing."""
    said, sam = tmp_path / "said", tmp_path / "sam"
    sam.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" --- >>{said}\n')
    sam.chmod(0o755)
    said.touch()
    command = ["make", f"PATH={tmp_path}:{os.environ['PATH']}", "deploy", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)
    return done.returncode, [call.splitlines() for call in said.read_text().split("---\n")[:-1]]


def taken(words: list[str]) -> dict[str, str]:
    """What the real `sam` makes of these words behind its `--parameter-overrides`."""
    command: list[str | Path] = [ROOT / ".venv-sam" / "bin" / "python", "-c", _SAM, json.dumps(words)]
    parsed: dict[str, str] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return parsed


def test_an_environment_is_deployed_with_its_own_parameters_and_yours_win(tmp_path: Path) -> None:
    yours = "A=b B= C='say \"no\"' LogRetentionDays=30"
    status, [_, deployed] = made(tmp_path, "ENVIRONMENT=dev", f"PARAMETERS={yours}")

    assert status == 0
    assert deployed[deployed.index("--config-env") + 1] == "dev"
    parameters = taken(deployed[deployed.index("--parameter-overrides") + 1 :])
    assert parameters.pop("Architecture") in PARAMETERS["Architecture"]["AllowedValues"]
    own = dict(word.split("=", 1) for word in environment.overrides("dev"))
    assert own["SweepSchedule"] == "rate(5 minutes)"
    assert parameters == {**own, "A": "b", "B": "", "C": 'say "no"', "LogRetentionDays": "30"}


def test_what_github_has_as_parameters_is_never_a_command(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    values = {"A": f"`touch {ran}`", "B": f"$(shell touch {ran})", "C": f"$$(touch {ran})", "D": f"x; touch {ran}"}
    parameters = " ".join(f'{name}="{value}"' for name, value in values.items())
    status, [_, deployed] = made(tmp_path, "ENVIRONMENT=stage", PARAMETERS=parameters)

    assert status == 0
    assert not ran.exists()
    assert values.items() <= taken(deployed[deployed.index("--parameter-overrides") + 1 :]).items()
    [deploying] = [step["run"] for step in DEPLOY["deploy"]["steps"] if "run" in step]
    assert "PARAMETERS" not in deploying, "make would expand what it is given as an argument"


def test_nothing_is_built_with_a_parameter_that_is_none(tmp_path: Path) -> None:
    status, calls = made(tmp_path, "ENVIRONMENT=dev", "PARAMETERS=SweepSchedule=rate\\(15 minutes\\)")

    assert status
    assert calls == []


@pytest.mark.parametrize("wrong", ["ENVIRONMENT=production", "ARCHITECTURE=arm"])
def test_nothing_is_built_for_an_environment_or_a_processor_that_does_not_exist(tmp_path: Path, wrong: str) -> None:
    status, calls = made(tmp_path, wrong)

    assert status
    assert calls == []


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environments_differ_in_their_name_and_their_parameters_alone(name: str) -> None:
    deploy = {**CONFIG[name]["deploy"]["parameters"]}
    deploy.pop("parameter_overrides", None)
    stack = CONFIG[name]["global"]["parameters"]["stack_name"]

    assert stack == ("encord-lambda" if name == "default" else f"encord-lambda-{name}")
    assert deploy == {**CONFIG["default"]["deploy"]["parameters"], "s3_prefix": stack}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_sets_parameters_of_the_template_to_values_it_allows(name: str) -> None:
    for word in environment.overrides(name):
        parameter, _, value = word.partition("=")
        assert value in map(str, PARAMETERS[parameter].get("AllowedValues", [value])), word
        assert "Secret" not in parameter
        assert parameter != "AllowPrivateMedia", "that is for the sandbox"


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_page_says_how_an_environment_differs(name: str) -> None:
    set_here = dict(word.split("=", 1) for word in environment.overrides(name))
    assert set(set_here) <= set(COLUMNS), "the page has no column for it"
    schedule, *numbers = (set_here.get(key, str(PARAMETERS[key]["Default"])) for key in COLUMNS)
    sweeps = {"rate(1 minute)": "each minute", "rate(5 minutes)": "every 5 minutes"}[schedule]
    days, dollars, calls = numbers
    stack = CONFIG[name]["global"]["parameters"]["stack_name"]

    row = f"| `{name}` | `{stack}` | {sweeps} | {days} days | ${dollars} | {calls} |"
    assert row in PAGE.read_text().splitlines()


@pytest.mark.parametrize("name", [name for name in ENVIRONMENTS if name != "default"])
def test_every_environment_is_shipped_to_after_all_checks(name: str) -> None:
    job = SHIP[name]
    before = [job["needs"]] if isinstance(job["needs"], str) else job["needs"]

    assert job["with"] == {"environment": name}
    assert set(before) == ({"lint", "test"} if name == "dev" else {ENVIRONMENTS[ENVIRONMENTS.index(name) - 1]})
    assert "pull_request" not in job.get("if", "")
    assert SHIP["dev"]["if"] == "github.event_name == 'push'", "what needs it is skipped with it"


def test_a_deployment_waits_for_who_approves_its_environment() -> None:
    assert DEPLOY["deploy"]["environment"] == "${{ inputs.environment }}"
    assert workflow("ship.yml")["on"]["push"] == {"branches": ["main"]}


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_runs_make_targets_that_exist_and_actions_of_one_commit(file: Path) -> None:
    steps = [step for job in workflow(file.name)["jobs"].values() for step in job.get("steps", [])]
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for step in steps:
        assert ("run" in step) != ("uses" in step)
        assert FULL_COMMIT.fullmatch(step.get("uses", "a/b@" + "0" * 40)), step
        if "run" in step:
            command, target, *_ = shlex.split(step["run"])
            assert (command, target in targets) == ("make", True), step
            assert "${{" not in step["run"], "a value would become a command"


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_holds_no_secret_and_asks_for_little(file: Path) -> None:
    text, whole = file.read_text(), workflow(file.name)

    assert "secrets." not in text
    assert not re.search(r"arn:aws|AKIA|aws-access-key", text)
    assert whole["permissions"] in ({}, {"contents": "read"})
    for name, job in whole["jobs"].items():
        deploys = "uses" in job or name == "deploy"
        assert job.get("permissions") == ({"contents": "read", "id-token": "write"} if deploys else None)


def test_every_variable_of_a_deployment_is_explained() -> None:
    used = set(re.findall(r"vars\.(\w+)", (ROOT / ".github" / "workflows" / "deploy.yml").read_text()))
    rows = "".join(line.split("|")[1] for line in PAGE.read_text().splitlines() if line.startswith("| `"))

    assert used == set(re.findall(r"`([A-Z_]+)`", rows))


def test_the_role_trusts_one_environment_of_one_repository() -> None:
    [block] = markdown.blocks(PAGE, "json")
    [statement] = json.loads(block.text)["Statement"]
    conditions = statement["Condition"]
    subject = conditions["StringEquals"]["token.actions.githubusercontent.com:sub"]

    assert list(conditions) == ["StringEquals"]
    assert conditions["StringEquals"]["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
    assert re.fullmatch(r"repo:[\w-]+/[\w-]+:environment:(\w+)", subject)
    assert subject.rpartition(":")[2] in ENVIRONMENTS
