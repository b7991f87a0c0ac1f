"""New limits in the text of pipeline.yaml: only numbers change, and what cannot be changed is told."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.benchmark.calibrated import StageCalibration, patched
from encord_lambda.benchmark.patch import Patch
from encord_lambda.config import PipelineConfig
from encord_lambda.config_classify import Classify
from encord_lambda.config_prelabel import Prelabel

GIT = shutil.which("git") or "git"
PRELABEL = """\
version: 1  # ours
stages:
  # The pets of the shelter.
  - project: 00000000-0000-0000-0000-000000000009
    stage: Draw
    agent:
      kind: prelabel
      detector: {{kind: http, url: "https://detector.test"}}   # of the lab
      classes: {{cat: Cat, dog: "Big Dog", other: "yes"}}
{limits}
    pathways: {{otherwise: Annotate}}
limits: {{model_calls: 10}}
"""
CLASSIFY = """\
version: 1
stages:
  - project: 00000000-0000-0000-0000-000000000009
    stage: Ask
    agent:
{agent}
    pathways: {{otherwise: Annotate{more}}}
"""


def applied(text: str, tmp_path: Path, **changes: object) -> tuple[str, Patch]:
    """The file once what was printed has been done, or as it is where nothing was."""
    pipeline = PipelineConfig.parse("pipeline.yaml", text)
    before = pipeline.stages[0].agent
    assert isinstance(before, Prelabel | Classify)
    after = before.model_copy(update=changes)
    made = patched("pipeline.yaml", text, pipeline, [StageCalibration(0, "Draw", before, after, 1, (), ())])
    file, diff = tmp_path / "pipeline.yaml", tmp_path / "diff"
    file.write_text(text, newline="")
    diff.write_text(made.diff, newline="")
    if made.diff:
        subprocess.run([GIT, "apply", "-p0", str(diff)], check=True, cwd=tmp_path, capture_output=True)
    return file.read_bytes().decode(), made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "      accept: 0.95  # high\n      review: 0.5",
            "      accept: {default: 0.95, Big Dog: 0.8, Cat: 0.9}  # high\n      review: 0.5",
            id="one number for all",
        ),
        pytest.param(
            "      accept: {default: 0.95, Cat: 0.99}  # high\n      review: 0.5",
            "      accept: {default: 0.95, Cat: 0.9, Big Dog: 0.8}  # high\n      review: 0.5",
            id="a flow mapping",
        ),
        pytest.param(
            "      accept:\n        # the rest\n        default: .95\n        Cat: 0.990 # tuned\n      review: 0.5",
            "      accept:\n        # the rest\n        default: .95\n        Cat: 0.9 # tuned\n        Big Dog: 0.8\n"
            "      review: 0.5",
            id="a block mapping",
        ),
    ],
)
def test_limits_are_put_in_their_places_and_all_else_stays(before: str, after: str, tmp_path: Path) -> None:
    accept = {"default": 0.95, "Cat": 0.9, "Big Dog": 0.8}
    changed, _ = applied(PRELABEL.format(limits=before), tmp_path, accept=accept)
    assert changed == PRELABEL.format(limits=after)


def test_titles_that_yaml_would_read_otherwise_are_quoted(tmp_path: Path) -> None:
    text = PRELABEL.format(limits="      accept: 0.95\n      review: 0.5")
    changed, _ = applied(text, tmp_path, accept={"default": 0.95, "yes": 0.9})
    assert 'accept: {default: 0.95, "yes": 0.9}' in changed


def test_both_limits_change_at_once(tmp_path: Path) -> None:
    text = PRELABEL.format(limits="      accept: 0.95\n      review: 0.5")
    changed, _ = applied(text, tmp_path, accept={"default": 0.95, "Cat": 0.9}, review={"default": 0.5, "Cat": 0.6})
    assert "      accept: {default: 0.95, Cat: 0.9}\n      review: {default: 0.5, Cat: 0.6}\n" in changed


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    "agent",
    [
        "      kind: classify # ask\n      classification: Animal\n      unsure_below: 0.5 # why",
        "      kind: classify # ask\n      model: openai:a\n      classification: [Animal, Seen]",
        "      {kind: classify, model: 'openai:a', classification: Animal}",
    ],
    ids=["there", "not there", "flow"],
)
def test_unsure_below_is_changed_or_added(agent: str, end: str, tmp_path: Path) -> None:
    if "model" not in agent:
        agent += "\n      model: openai:a"
    text = CLASSIFY.format(agent=agent, more=", unsure: Annotate").replace("\n", end)
    changed, _ = applied(text, tmp_path, unsure_below=0.83)
    assert PipelineConfig.parse("pipeline.yaml", changed).stages[0].agent.unsure_below == 0.83  # type: ignore[union-attr]
    assert [line for line in text.split(end) if line not in changed.split(end)] in (
        [],
        ["      unsure_below: 0.5 # why"],
        ["      {kind: classify, model: 'openai:a', classification: Animal}"],
    )


def test_a_file_without_a_last_line_end_can_be_changed(tmp_path: Path) -> None:
    agent = "      model: openai:a\n      classification: Animal\n      kind: classify"
    text = CLASSIFY.format(agent=agent, more="")
    before, _, _ = text.partition("    agent:\n")
    ways = "    pathways: {otherwise: Annotate, unsure: Annotate}\n"
    changed, _ = applied(f"{before}{ways}    agent:\n{agent}", tmp_path, unsure_below=0.83)
    assert changed == f"{before}{ways}    agent:\n{agent}\n      unsure_below: 0.83"


@pytest.mark.parametrize(
    ("text", "change", "told"),
    [
        pytest.param(
            PRELABEL.format(limits="      review: &limits {default: 0.5}\n      accept: *limits"),
            {"accept": {"default": 0.5, "Cat": 0.9}},
            ["not written in a way that this command can change", "stages[0].agent.accept:  Cat: 0.9"],
            id="an alias of a mapping",
        ),
        pytest.param(
            PRELABEL.format(
                limits="      review: {default: 0.5, Cat: &cat 0.6}\n      accept: {default: 0.95, Cat: *cat}"
            ),
            {"accept": {"default": 0.95, "Cat": 0.9}},
            ["found undefined alias", "stages[0].agent.accept:  Cat: 0.9"],
            id="an alias of a number",
        ),
        pytest.param(
            CLASSIFY.format(agent="      kind: classify\n      model: openai:a\n      classification: Animal", more=""),
            {"unsure_below": 0.8},
            ["pathways needs `unsure`", "stages[0].agent:  unsure_below: 0.8"],
            id="no pathway",
        ),
    ],
)
def test_what_cannot_be_changed_is_told(text: str, change: dict[str, object], told: list[str], tmp_path: Path) -> None:
    changed, made = applied(text, tmp_path, **change)
    assert changed == text
    assert [each for each in told if each not in made.by_hand] == [], made.by_hand


def test_without_a_change_there_is_no_patch(tmp_path: Path) -> None:
    _, made = applied(PRELABEL.format(limits="      accept: 0.95\n      review: 0.5"), tmp_path)
    assert made == Patch()


@given(st.sampled_from(["Cat", "Big Dog", "yes"]), st.floats(0.5, 1), st.sampled_from(["0.95", "{default: 0.95}"]))
def test_what_is_written_is_what_was_meant(title: str, value: float, before: str) -> None:
    text = PRELABEL.format(limits=f"      accept: {before}\n      review: 0.5")
    pipeline = PipelineConfig.parse("pipeline.yaml", text)
    agent = pipeline.stages[0].agent
    assert isinstance(agent, Prelabel)
    after = agent.model_copy(update={"accept": {"default": 0.95, title: value}})
    made = patched("pipeline.yaml", text, pipeline, [StageCalibration(0, "Draw", agent, after, 1, (), ())])
    assert made.diff
    assert not made.by_hand
