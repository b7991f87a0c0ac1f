"""`encord-lambda manifest build`: a bucket that was there before the stack (moto), and what is made of it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from encord_lambda import cli
from encord_lambda.registration import backfilling
from encord_lambda.registration.directories import completeness

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
FOLDER = "f01de000-0000-4000-8000-000000000001"
PIPELINE = f"""\
version: 1
registrations:
  - {{prefix: pets/, integration: aws, folder: {FOLDER}, jobs: {{images: 2}}}}
  - {{prefix: sets/, integration: aws, folder: {FOLDER}, group: {{kind: image_group}}}}
"""
STACK = '{"Resources": {"Any": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"UploadsBucketName": {"Value": "media"}}}'


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator["S3Client"]:
    """Two buckets, empty, and a stack that looks at the first."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(completeness, "SETTLING", timedelta(0))  # what these tests put came only just now
    with mock_aws():
        client = boto3.client("s3")
        for name in ("media", "elsewhere"):
            client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        boto3.client("cloudformation").create_stack(StackName="encord-lambda", TemplateBody=STACK)
        yield client


@pytest.fixture
def pipeline(tmp_path: Path) -> str:
    file = tmp_path / "pipeline.yaml"
    file.write_text(PIPELINE)
    return str(file)


def put(s3: "S3Client", *keys: str, body: bytes = JPEG) -> None:
    for key in keys:
        s3.put_object(Bucket="media", Key=key, Body=body)


def keys(s3: "S3Client") -> list[str]:
    return [found["Key"] for found in s3.list_objects_v2(Bucket="media").get("Contents", [])]


def build(address: str, pipeline: str, *words: str) -> int:
    return cli.main(["manifest", "build", address, "--pipeline", pipeline, *words])


def test_a_dry_run_tells_what_would_be_registered(
    s3: "S3Client", pipeline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, "pets/a b.jpg", "pets/b.jpg", "pets/sub/c.jpg")
    put(s3, "pets/x.exe", "pets/liar.png")
    put(s3, "pets/manifests/old.csv", body=b"ObjectURL\n")
    put(s3, "pets/manifests/old.csv.receipt.json", body=b"{}")
    put(s3, "pets/", "pets/empty.jpg", body=b"")
    put(s3, "sets/one/_COMPLETE", "sets/one/1.jpg", "sets/one/2.jpg", "sets/two/1.jpg")
    put(s3, "other/z.jpg")
    before = keys(s3)

    assert build("s3://media", pipeline, "--dry-run") == 0

    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert lines[:4] == [
        f"s3://media/ in eu-west-1, by {pipeline}",
        "registration 'pets/': 9 objects",
        "  items     3 images; 0.0 MB",
        "  jobs      2 upload jobs",
    ]
    assert "  refused   3" in lines
    assert "  skipped   3" in lines
    assert "        1  an import manifest, not media" in lines
    assert "           pets/empty.jpg" in lines
    sets = lines.index("registration 'sets/': 4 objects")
    assert lines[sets + 1 : sets + 6] == [
        "  items     1 image group; 0.0 MB",
        "  jobs      1 upload job",
        "  waiting   1",
        "        1  its directory has no _COMPLETE yet",
        "           sets/two/1.jpg",
    ]
    assert "other/" not in output.out
    assert output.err == ""
    assert keys(s3) == before


def test_manifests_are_written_where_copying_puts_them_in_place(
    s3: "S3Client", pipeline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, "pets/a b.jpg", "sets/one/_COMPLETE", "sets/one/10.jpg", "sets/one/9.jpg")
    out = tmp_path / "out"

    assert build("s3://media/", pipeline, "--out", str(out)) == 0

    written = {str(file.relative_to(out).parent): file for file in out.rglob("*.json")}
    assert sorted(written) == ["pets/manifests", "sets/manifests"]
    [image] = json.loads(written["pets/manifests"].read_text())["images"]
    assert image["objectUrl"] == "https://media.s3.eu-west-1.amazonaws.com/pets/a%20b.jpg"
    assert image["clientMetadata"]["encord_lambda.source"]["key"] == "pets/a b.jpg"
    assert f"1 upload job, written below {out}/pets/manifests" in capsys.readouterr().out
    for file in written.values():
        assert cli.main(["manifest", "check", str(file), "--bucket", "media"]) == 0
    assert "1 image group in 1 upload job" in capsys.readouterr().out


def test_manifests_are_submitted_once(s3: "S3Client", pipeline: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The second run sees no more than the first: what the first wrote is left out."""
    put(s3, *(f"pets/{number}.jpg" for number in range(5)))

    assert build("s3://media/pets/", pipeline, "--submit") == 0
    assert "3 upload jobs, submitted below pets/manifests/\n" in capsys.readouterr().out
    first = {found["Key"]: found["LastModified"] for found in s3.list_objects_v2(Bucket="media")["Contents"]}
    assert len([key for key in first if key.startswith("pets/manifests/backfill-")]) == 3

    assert build("s3://media/pets/", pipeline, "--submit") == 0
    assert "3 upload jobs, submitted below pets/manifests/ (3 of them earlier)\n" in capsys.readouterr().out
    assert {found["Key"]: found["LastModified"] for found in s3.list_objects_v2(Bucket="media")["Contents"]} == first


def test_only_objects_below_the_prefix_are_looked_at(
    s3: "S3Client", pipeline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, "pets/2030/a.jpg", "pets/2031/a.jpg", "pets/2031/b.jpg")

    assert build("s3://media/pets/2031/", pipeline, "--dry-run") == 0

    assert "registration 'pets/': 2 objects" in capsys.readouterr().out


def test_an_object_is_of_the_registration_with_the_longest_prefix(
    s3: "S3Client", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, "pets/a.jpg", "pets/raw/b.jpg", "pets/raw/c.jpg")
    file = tmp_path / "pipeline.yaml"
    file.write_text(f"{PIPELINE}  - {{prefix: pets/raw/, integration: aws, folder: {FOLDER}}}\n")

    assert build("s3://media/pets/", str(file), "--dry-run") == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == ["registration 'pets/': 1 object", "  items     1 image; 0.0 MB"]
    assert lines[4:6] == ["registration 'pets/raw/': 2 objects", "  items     2 images; 0.0 MB"]


def test_more_than_a_page_and_a_batch(
    s3: "S3Client", pipeline: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(backfilling, "BATCH", 7)
    put(s3, *(f"pets/{number:04}.jpg" for number in range(20)))
    put(s3, *(f"sets/x/{number:04}.jpg" for number in range(20)), "sets/x/_COMPLETE")

    assert build("s3://media/", pipeline, "--dry-run") == 0

    output = capsys.readouterr().out
    assert "20 images" in output
    assert "  jobs      10 upload jobs" in output
    assert "1 image group" in output
    assert "waiting" not in output


def test_nothing_below_the_prefix(s3: "S3Client", pipeline: str, capsys: pytest.CaptureFixture[str]) -> None:
    put(s3, "pets/a.jpg")

    assert build("s3://media/pets/2031/", pipeline, "--dry-run") == 1

    assert capsys.readouterr().out.splitlines()[1:] == ["registration 'pets/': 0 objects", "  nothing is there"]


def test_nothing_to_register(s3: "S3Client", pipeline: str, capsys: pytest.CaptureFixture[str]) -> None:
    put(s3, "pets/a.exe", "pets/b.exe")

    assert build("s3://media/pets/", pipeline, "--dry-run") == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[2:4] == ["  nothing to register", "  refused   2"]
    assert lines[5] == "           pets/a.exe, pets/b.exe"


def test_objects_that_cannot_be_read_are_told_and_the_rest_goes_on(
    s3: "S3Client", pipeline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, "pets/a.jpg", "pets/b.jpg")
    boto3.setup_default_session()
    assert boto3.DEFAULT_SESSION

    def refuse(params: dict[str, str], **_: object) -> None:
        if params["url_path"].endswith("b.jpg"):
            error = {"Code": "InvalidObjectState", "Message": "is archived"}
            raise ClientError({"Error": error}, "GetObject")  # type: ignore[typeddict-item]

    boto3.DEFAULT_SESSION.events.register("before-call.s3.GetObject", refuse)

    assert build("s3://media/pets/", pipeline, "--dry-run") == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "  items     1 image; 0.0 MB"
    assert lines[4:] == [
        "  unread    1",
        "        1  cannot read it: InvalidObjectState: is archived",
        "           pets/b.jpg",
    ]


@pytest.mark.parametrize(
    ("address", "words", "said"),
    [
        ("s3://medai/pets/", ["--dry-run"], "there is no bucket 'medai': is its name spelt as in S3?"),
        ("s3://media/dogs/", ["--dry-run"], "no registration takes what is below 'dogs/'; their prefixes are: 'pets/'"),
        ("s3://media/sets/o", ["--dry-run"], "'sets/o' would cut one in two: let it end with a slash"),
        ("s3://elsewhere/pets/", ["--submit"], "looks at the bucket media, and nobody would read import manifests in"),
        ("s3://media/pets/", ["--submit", "--stack", "other"], "there is no stack 'other' in eu-west-1"),
        ("s3://media/pets/", ["--out", "/dev/null"], "/dev/null/pets/manifests: cannot be made: "),
    ],
)
def test_what_cannot_be_done_is_one_line(
    address: str, words: list[str], said: str, s3: "S3Client", pipeline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, "pets/a.jpg")

    assert build(address, pipeline, *words) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("encord-lambda: ")
    assert said in line


@pytest.mark.parametrize("prefix", ["/pets/", "pets//", "../", "pets/./"])
@pytest.mark.usefixtures("s3")
def test_a_prefix_that_is_no_path_is_no_folder(prefix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(f"version: 1\nregistrations: [{{prefix: {prefix}, integration: aws, folder: {FOLDER}}}]\n")

    assert build(f"s3://media/{prefix}", str(file), "--out", str(tmp_path / "out")) == 2

    assert f"the prefix '{prefix}' can be no folder: take --submit" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_faulty_pipeline(s3: "S3Client", tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert s3
    file = tmp_path / "pipeline.yaml"
    file.write_text("version: 2\n")

    assert build("s3://media/", str(file), "--dry-run") == 2

    assert f"encord-lambda: {file}:1: version: " in capsys.readouterr().err


def test_no_credentials(
    pipeline: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)

    assert build("s3://media/pets/", pipeline, "--dry-run") == 2

    assert "AWS cannot be asked: Unable to locate credentials. Log in" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["s3://media/", "--pipeline", "p.yaml"],
        ["s3://media/", "--pipeline", "p.yaml", "--dry-run", "--submit"],
        ["s3://media/", "--dry-run"],
        ["media/pets", "--pipeline", "p.yaml", "--dry-run"],
        ["s3://Media/", "--pipeline", "p.yaml", "--dry-run"],
        ["s3:///pets", "--pipeline", "p.yaml", "--dry-run"],
    ],
)
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["manifest", "build", *words])

    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith("usage: encord-lambda manifest build")
