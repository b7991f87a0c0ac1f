"""What machines read of the commands that mostly write lines: one JSON document on standard output, whatever comes."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
import pytest

from encord_lambda import cli
from tests.cli.deployed import Deployed, a_message

PIPELINE = (
    "version: 1\nregistrations:\n  - {prefix: pets/, integration: aws, folder: 5f0e1d2c-0000-4000-8000-000000000001}\n"
)


def read(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_check_tells_each_file_with_its_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(PIPELINE)
    bad.write_text("version: 1\nstagse: []\n")

    assert cli.main(["check", "--json", str(good), str(bad)]) == 1

    first, second = read(capsys)
    assert first == {
        "file": str(good),
        "faults": [],
        "remarks": [],
        "counts": "1 registration, 0 stages, 0 editor agents",
        "compared": False,
        "ok": True,
    }
    assert not second["ok"]
    assert [fault.startswith(f"{bad}:2: stagse: ") for fault in second["faults"]] == [True]


def test_replay_tells_what_it_would_do_and_what_it_did(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    tasks = [UUID(int=1), UUID(int=2)]
    stack.reject(*map(a_message, tasks), reason="the picture is damaged")
    plan = {"again": 2, "running": 0, "outdated": 0, "malformed": 0}
    letters = [{"reason": "the picture is damaged", "subjects": [str(task) for task in tasks]}]

    assert cli.main(["replay", "--json"]) == 0
    assert read(capsys) == {"queue": "tasks", "done": False, "letters": letters, "fates": plan, "stayed": 0}

    assert cli.main(["replay", "--json", "--yes"]) == 0
    assert read(capsys) == {"queue": "tasks", "done": True, "letters": letters, "fates": plan, "stayed": 0}
    assert stack.tasks("TasksQueueUrl") == tasks

    assert cli.main(["replay", "--json"]) == 1
    assert read(capsys)["letters"] == []


def test_convert_tells_what_was_converted_and_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://media.s3.eu-west-1.amazonaws.com/a.jpg"
    source, target = tmp_path / "a.json", tmp_path / "a.csv"
    source.write_text(json.dumps({"images": [{"objectUrl": url}], "skip_duplicate_urls": True}))

    assert cli.main(["manifest", "convert", str(source), "--to", "csv", "--out", str(target), "--json"]) == 0
    told = read(capsys)
    assert (told["ok"], told["refused"], told["items"]) == (True, "", {"images": 1})
    assert url in target.read_text()

    source.write_text(json.dumps({"images": [{"objectUrl": url, "clientMetadata": {"a": {"b": 1}}}]}))
    assert cli.main(["manifest", "convert", str(source), "--to", "csv", "--out", str(target), "--json"]) == 1
    told = read(capsys)
    assert not told["ok"]
    assert told["refused"]


def test_convert_does_not_mix_what_it_tells_with_what_it_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["manifest", "convert", str(tmp_path / "a.json"), "--to", "csv", "--json"])

    assert ended.value.code == 2
    assert "--json: say --out, too" in capsys.readouterr().err


def test_build_tells_what_becomes_of_each_registration(
    stack: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.outputs
    file, s3 = tmp_path / "pipeline.yaml", boto3.client("s3")
    file.write_text(PIPELINE)
    s3.create_bucket(Bucket="media", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="media", Key="pets/a.jpg", Body=b"\xff\xd8\xff\xe0 a")
    s3.put_object(Bucket="media", Key="pets/b.jpg", Body=b"")

    assert cli.main(["manifest", "build", "s3://media/pets/", "--pipeline", str(file), "--dry-run", "--json"]) == 0

    [told] = read(capsys)
    [reason] = told.pop("refused")
    assert "empty" in reason
    assert told == {
        "registration": "pets/",
        "objects": 2,
        "bytes": 6,
        "items": {"images": 1},
        "jobs": "1 upload job",
        "unread": {},
        "waiting": {},
        "skipped": {},
    }
