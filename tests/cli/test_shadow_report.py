"""`encord-lambda shadow-report`: decisions from S3 beside the label rows as they stand in Encord now."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from encord_lambda import cli
from encord_lambda.aws.objects import Objects
from encord_lambda.aws.shadows import ShadowRecords
from encord_lambda.shadow import ShadowDecision
from sandbox.encord_twin import Twin
from tests.cli.encord import NOWHERE, PETS
from tests.cli.shadows import HERE, NEARBY, THERE, Done, People, animal, decided, thing
from tests.fakes.local_aws import emptied, local_aws

BUCKET = "records"
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


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
def people(twin: Twin) -> People:
    return People(twin)


@pytest.fixture
def decisions(objects: Objects, people: People) -> list[ShadowDecision]:
    """Eight data units: four finished and told apart, one unfinished, one refused, one gone, one of no person."""
    data, stage = people.data, people.stage.uuid
    people.do(
        {
            0: Done("Cat", [HERE]),
            1: Done("Dog", [HERE, THERE]),
            2: Done("Cat"),
            3: Done(),
            4: Done("Cat", finish=False),
            5: Done("Dog", [HERE], by_hand=False),
        }
    )
    made = [
        decided(data[0], animal("Cat", 0.97), thing(NEARBY, 0.9), stage=stage),
        decided(data[1], animal("Cat", 0.55), thing(HERE, 0.8), stage=stage),
        decided(data[2], pathway="Other", stage=stage),
        decided(data[3], thing(HERE, 0.4), pathway="Other", stage=stage),
        decided(data[4], animal("Cat", 1.0), stage=stage),
        decided(data[5], animal("Dog", 1.0), thing(HERE, 0.7), stage=stage),
        decided(data[6], pathway=None, rejected=True, stage=stage),
        decided(uuid4(), animal("Cat", 1.0), stage=stage),
    ]
    ShadowRecords(objects).keep(made)
    return made


def run(access: list[str], *more: str) -> int:
    return cli.main(["shadow-report", "--records", f"s3://{BUCKET}", "--project", str(PETS), *access, *more])


def as_json(access: list[str], capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, Any]]:
    assert run(access, "--json", *more) == 0
    output = capsys.readouterr()
    assert output.err == ""
    found: list[dict[str, Any]] = json.loads(output.out)
    return found


def state(twin: Twin) -> Any:
    """All that Encord has."""
    with urllib.request.urlopen(f"{twin.url}/_twin/state") as answer:  # noqa: S310
        return json.load(answer)


@pytest.mark.usefixtures("decisions")
def test_decisions_are_compared_with_what_people_did(access: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    [stage] = as_json(access, capsys)

    counts = {name: stage[name] for name in ("stage", "decisions", "rejected", "unfinished", "gone", "compared")}
    assert counts == {
        "stage": "Agent 1",
        "decisions": 8,
        "rejected": 1,
        "unfinished": 1,
        "gone": 1,
        "compared": 5,
    }
    assert {(way["pathway"], way["stage"]): way["count"] for way in stage["pathways"]} == {
        ("Cat", "Complete"): 3,
        ("Other", "Complete"): 2,
        ("Cat", "Agent 1"): 1,
        (None, "Agent 1"): 1,
    }
    [answers] = stage["classifications"]
    assert (answers["classification"], answers["agreed"], answers["compared"], answers["unjudged"]) == (
        "Animal",
        2,
        4,
        1,
    )
    assert {(pair["proposed"], pair["person"]): pair["count"] for pair in answers["confusion"]} == {
        ("Cat", "Cat"): 1,
        ("Cat", "Dog"): 1,
        (None, "Cat"): 1,
        (None, None): 1,
    }
    assert [(one["least"], one["agreed"], one["compared"]) for one in answers["deciles"]] == [(0.9, 1, 1), (0.5, 0, 1)]
    [objects] = stage["objects"]
    assert (objects["proposed"], objects["people"], objects["matched"], objects["unjudged"]) == (3, 3, 2, 1)
    assert objects["precision"] == objects["recall"] == pytest.approx(2 / 3)
    assert objects["mean_iou"] == pytest.approx((1 + 0.18 / 0.22) / 2)
    assert (objects["accept_above"], objects["accepted"]) == (0.4, 2)


@pytest.mark.usefixtures("decisions")
def test_a_person_reads_the_tables_of_the_documentation(access: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(access) == 0

    assert f"```text\n{capsys.readouterr().out}```" in OPERATIONS.read_text()


@pytest.mark.usefixtures("decisions")
def test_encord_is_asked_four_times_for_all_and_nothing_is_changed(access: list[str], twin: Twin) -> None:
    before, stood = twin.log.count(), state(twin)

    run(access)

    assert twin.log.count() - before == 2 + 1 + 1  # the project; all label rows listed; all labels
    assert state(twin) == stood


@pytest.mark.usefixtures("decisions")
def test_one_stage_is_found_by_its_title(access: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    [stage] = as_json(access, capsys, "--stage", "Agent 1")
    assert stage["decisions"] == 8

    assert run(access, "--stage", "Twin") == 1
    assert "there are no shadow decisions under s3://records/shadow/" in capsys.readouterr().err

    assert run(access, "--stage", "Agent 9") == 2
    assert "no agent stage titled 'Agent 9'; its agent stages: 'Agent 1', 'Twin'" in capsys.readouterr().err


@pytest.mark.usefixtures("decisions")
def test_a_file_that_is_no_decision_is_named_and_the_rest_is_reported(
    objects: Objects, access: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    objects.write(f"shadow/{PETS}/notes.json", b"{}")

    assert run(access) == 0

    output = capsys.readouterr()
    [line] = output.err.splitlines()
    assert line.startswith(f"s3://records/shadow/{PETS}/notes.json is no shadow decision of this version")
    assert "8 decisions" in output.out


@pytest.mark.usefixtures("decisions")
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (["--records", "s3://no-such-bucket"], "cannot list s3://no-such-bucket/shadow/"),
        (["--key-file", "no-such-key"], "no-such-key: cannot be read"),
        (["--domain", "http://127.0.0.1:9"], "cannot open project"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    changed: list[str], told: str, access: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(access, *changed) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert told in line


@pytest.mark.usefixtures("decisions")
def test_the_bucket_is_the_stacks_if_none_is_named(access: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    made = {"Resources": {"Any": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"RecordsBucketName": {"Value": BUCKET}}}
    boto3.client("cloudformation").create_stack(StackName="annotation", TemplateBody=json.dumps(made))
    command = ["shadow-report", "--project", str(PETS), *access]

    assert cli.main([*command, "--stack", "annotation"]) == 0
    assert "8 decisions" in capsys.readouterr().out

    assert cli.main(command) == 2
    assert "there is no stack 'encord-lambda'" in capsys.readouterr().err


@pytest.mark.usefixtures("objects")
def test_a_project_without_decisions_is_said_so(access: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(access, "--project", str(NOWHERE)) == 1

    assert f"there are no shadow decisions under s3://records/shadow/{NOWHERE}/" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (["--records", "records"], "'records' is no bucket's address such as s3://records"),
        (["--records", "s3://records/shadow"], "is no bucket's address"),
        (["--project", "Pets"], "argument --project: invalid UUID value: 'Pets'"),
    ],
)
def test_a_misspelt_option_is_refused_at_once(
    changed: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run([], *changed)

    assert ended.value.code == 2
    assert told in capsys.readouterr().err
