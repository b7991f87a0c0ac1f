"""`encord-lambda calibrate`: kept data units and shadow decisions from S3, beside the ontology in Encord."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
import pytest

from encord_lambda import cli
from encord_lambda.aws.objects import Objects
from encord_lambda.aws.shadows import ShadowRecords
from encord_lambda.benchmark import reviewed
from encord_lambda.benchmark.reviewed import KeptLabel, KeptSubmission, ReviewedUnit
from encord_lambda.benchmark.submissions import Rater
from encord_lambda.labels.proposals import Label, Proposal
from sandbox.encord_twin import Twin
from tests.cli.encord import PETS
from tests.cli.shadows import HERE, THERE, animal, decided, thing
from tests.cli.test_shadow_report import state
from tests.fakes.local_aws import emptied, local_aws

BUCKET = "records"
UNITS = 60
PIPELINE = f"""\
version: 1
stages:
  # People look at what this one is not sure of.
  - project: {PETS}
    stage: Draw
    agent:
      kind: prelabel
      detector: {{kind: http, url: "https://detector.test"}}
      classes: {{thing: Thing}}
      accept: 0.95 # a guess
      review: 0.4
    pathways: {{otherwise: Annotate}}
  - project: {PETS}
    stage: Agent 1
    shadow: true
    agent: {{kind: classify, model: "openai:a", classification: Animal, unsure_below: 0.99}}
    pathways: {{otherwise: Other, unsure: Other}}
benchmarks:
  - {{name: pets, production: {PETS}, stage: Review, ground_truth: {PETS}}}
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with local_aws() as started:
        yield started


@pytest.fixture
def objects(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Objects:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emptied(endpoint))
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    return Objects(s3, BUCKET)


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    file = tmp_path / "pipeline.yaml"
    file.write_text(PIPELINE)
    return file


def kept(number: int, given: list[Proposal]) -> ReviewedUnit:
    """A data unit with a cat, and what a live agent gave for it."""
    truth = (Label(animal("Cat", 1.0), "person", "aaaaaaaa"), Label(thing(HERE, 1.0), "person", "bbbbbbbb"))
    labels = [Label(one, "agent", f"{place:08}") for place, one in enumerate(given)]
    return ReviewedUnit(
        version=1,
        data=UUID(int=number + 1),
        title=f"{number}.jpg",
        width=100,
        height=100,
        frames=1,
        truth=tuple(map(KeptLabel.of, truth)),
        submissions=(KeptSubmission.of(Rater("agents", "model"), labels),) if labels else (),
        updated_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


@pytest.fixture
def benchmark(objects: Objects) -> Objects:
    """Boxes of a live agent, wrong in every sixth picture at 0.5; answers of one in the shadow, all right at 0.9."""
    for number in range(UNITS):
        box = thing(THERE, 0.5) if number % 6 == 0 else thing(HERE, 0.9)
        unit = kept(number, [box])
        objects.write(reviewed.key("pets", unit.data), unit.model_dump_json().encode())
    decisions = [decided(UUID(int=number + 1), animal("Cat", 0.9)) for number in range(UNITS)]
    elsewhere = decided(UUID(int=999), animal("Dog", 1.0))
    refused = decided(UUID(int=1), stage=UUID(int=5), rejected=True)
    ShadowRecords(objects).keep([*decisions, elsewhere, refused])
    return objects


def run(access: list[str], pipeline: Path, *more: str, name: str = "pets") -> int:
    where = ["--pipeline", str(pipeline), "--records", f"s3://{BUCKET}"]
    return cli.main(["calibrate", name, *where, "--precision", "0.9", *access, *more])


def as_json(access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert run(access, pipeline, "--json", *more) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.usefixtures("benchmark")
def test_each_stage_has_thresholds_by_its_own_judgements(
    access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing, answering = as_json(access, pipeline, capsys)["stages"]

    [box] = drawing["thresholds"]
    assert (drawing["stage"], drawing["tasks"], drawing["changes"]) == ("Draw", UNITS, {"accept.Thing": 0.5})
    assert (box["label"], box["judged"], box["accepted"], box["errors"]) == ("Thing", 60, 50, 0)
    assert box["precision_at_least"] > 0.9
    assert (answering["stage"], answering["tasks"], answering["changes"]) == ("Agent 1", UNITS, {"unsure_below": 0.9})
    assert [one["label"] for one in answering["thresholds"]] == ["all answers", "Cat"]


def test_what_is_no_data_unit_is_warned_of_and_what_has_no_truth_any_more_is_not_judged(
    benchmark: Objects, access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    benchmark.write(f"{reviewed.prefix('pets')}notes.txt", b"mine")
    withdrawn = kept(1, [thing(THERE, 1.0)]).with_truth(None)
    benchmark.write(reviewed.key("pets", withdrawn.data), withdrawn.model_dump_json().encode())

    assert run(access, pipeline, "--json") == 0

    said = capsys.readouterr()
    assert "notes.txt is no data unit of a benchmark of this version" in said.err
    assert [one["tasks"] for one in json.loads(said.out)["stages"]] == [UNITS - 1, UNITS - 1]


@pytest.mark.usefixtures("benchmark")
def test_what_it_saves_and_costs_is_told_beside_today(
    access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing, _ = as_json(access, pipeline, capsys, "--seconds-per-review", "36")["stages"]
    rows = {one["precision"]: one for one in drawing["what_if"]}
    assert list(rows) == [None, 0.9, 0.95, 0.98, 0.99]
    assert (rows[None]["accepted"], rows[0.9]["accepted"], rows[0.9]["wrong"]) == (0, 50, 0)
    assert rows[0.9]["hours_saved_per_1000"] == pytest.approx(1000 * 50 / 60 / 100)
    assert 0 < rows[0.9]["errors_per_1000_at_most"] < 60


@pytest.mark.usefixtures("benchmark")
def test_tables_and_the_change_are_printed_and_nothing_is_changed(
    access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str], twin: Twin
) -> None:
    before = state(twin)
    assert run(access, pipeline) == 0
    output = capsys.readouterr()
    assert "Stage 'Draw' (prelabel): 60 tasks judged" in output.out
    assert "  Thing     0.5   0.95     0.4    0.4      60        50       0  ≥ 0.9161\n" in output.out
    assert "  0.9 (asked)          50 of 60  83.3 %    0.0            48.5          4.6\n" in output.out
    assert "-      accept: 0.95 # a guess\n+      accept: {default: 0.95, Thing: 0.5} # a guess\n" in output.out
    assert '+    agent: {kind: classify, model: "openai:a", classification: Animal, unsure_below: 0.9}\n' in output.out
    assert pipeline.read_text() == PIPELINE
    assert state(twin) == before


@pytest.mark.usefixtures("benchmark")
def test_the_change_may_go_into_a_file(
    access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(access, pipeline, "--patch", str(tmp_path / "limits.diff")) == 0
    assert "+++" not in capsys.readouterr().out
    assert (tmp_path / "limits.diff").read_text().count("\n+ ") == 2


@pytest.mark.usefixtures("benchmark")
def test_too_few_judgements_are_told_of(access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--pipeline", str(pipeline), "--records", f"s3://{BUCKET}"]
    assert cli.main(["calibrate", "pets", *where, "--precision", "0.99", *access]) == 0
    output = capsys.readouterr()
    assert "too few: 437 faultless ones are needed; today's limit stays" in output.out  # 0.99 ** 437 < 0.05 / 4
    assert output.err == "the limits of pipeline.yaml are what they should be\n"


@pytest.mark.usefixtures("benchmark")
@pytest.mark.parametrize("second", ["escalate: [", "agree: {detector: "])
def test_where_limits_decide_who_is_believed_they_stay_and_it_is_said(
    second: str, access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    detector = '{kind: http, url: "https://detector.test"}'
    cascade = PIPELINE.replace('"openai:a"', '["openai:a", "openai:b"]')
    end = "]" if second.endswith("[") else "}"
    pipeline.write_text(
        cascade.replace(f"detector: {detector}", f"detector: {detector}\n      {second}{detector}{end}")
    )

    for stage in as_json(access, pipeline, capsys, "--precision", "0.5")["stages"]:
        assert "which of several models or detectors is believed" in stage["why_none"]
        assert (stage["tasks"], stage["thresholds"], stage["changes"]) == (UNITS, [], {})
        assert [one["precision"] for one in stage["what_if"]] == [None]
    assert run(access, pipeline) == 0
    output = capsys.readouterr()
    assert output.out.count("today's stay. Calibrate each of them by itself") == 2
    assert output.err == ""


@pytest.mark.usefixtures("objects")
def test_nothing_to_judge_is_said(access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(access, pipeline) == 1
    assert "nothing in the benchmark 'pets' can be judged" in capsys.readouterr().err


@pytest.mark.usefixtures("objects")
def test_an_unknown_benchmark_or_stack_is_named(
    access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(access, pipeline, name="cars") == 2
    assert "pipeline.yaml has no benchmark 'cars'; it has: pets" in capsys.readouterr().err
    stackless = ["calibrate", "pets", "--pipeline", str(pipeline), "--precision", "0.9", *access]
    assert cli.main([*stackless, "--stack", "nowhere"]) == 2
    assert "there is no stack 'nowhere'" in capsys.readouterr().err


def test_a_profile_that_does_not_exist_is_named(
    access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")
    assert run(access, pipeline) == 2
    assert "The config profile (elsewhere) could not be found. Log in" in capsys.readouterr().err


@pytest.mark.usefixtures("objects")
def test_a_bucket_that_does_not_exist_is_named(
    access: list[str], pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(access, pipeline, "--records", "s3://elsewhere") == 2
    assert "cannot list s3://elsewhere/benchmarks/pets/units/: NoSuchBucket" in capsys.readouterr().err


def test_without_the_libraries_it_is_said_what_to_install(
    pipeline: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("encord_lambda.benchmark.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    assert run([], pipeline) == 2
    assert "calibrate needs scipy" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--precision", "1", "1 is not between 0 and 1"),
        ("--precision", "98", "98 is not between 0 and 1"),
        ("--precision", "98%", "'98%' is no number"),
        ("--precision", "nan", "nan is not between 0 and 1"),
        ("--confidence", "0", "0 is not between 0 and 1"),
        ("--seconds-per-review", "-1", "-1 is no number of seconds"),
        ("--seconds-per-review", "inf", "inf is no number of seconds"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    pipeline: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, told: str
) -> None:
    with pytest.raises(SystemExit):
        run([], pipeline, f"{option}={value}")
    assert told in capsys.readouterr().err
