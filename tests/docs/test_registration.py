"""docs/registration.md: its commands are typed as they stand, and what it shows is what they print."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from encord_lambda import cli
from encord_lambda.config_registration import Registration
from encord_lambda.registration.media import MEDIA_TYPES
from sandbox import ministack
from tests.docs import markdown
from tests.docs.typing_shell import Shell, shell
from tests.fakes.local_aws import emptied, local_aws

PAGE = markdown.ROOT / "docs" / "registration.md"
FOLDER = "f01de000-0000-4000-8000-000000000001"
PIPELINE = f"version: 1\nregistrations: [{{prefix: pets/, integration: aws, folder: {FOLDER}}}]\n"
STACK = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"UploadsBucketName": {"Value": "my-media"}},
}
GOOD = """\
ObjectURL,Image group title,Create video
https://my-media.s3.eu-west-1.amazonaws.com/g/1.jpg,g,false
https://my-media.s3.eu-west-1.amazonaws.com/g/2.jpg,g,false
"""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket with objects, and the stack that looks at it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with local_aws() as url:
        session = boto3.session.Session("test", "test", region_name=ministack.REGION)
        s3 = session.client("s3", endpoint_url=emptied(url))
        s3.create_bucket(Bucket="my-media", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        for key, body in (
            ("a.jpg", b"\xff\xd8\xff"),
            ("b.jpg", b"\xff\xd8\xff"),
            ("empty.jpg", b""),
            (".hidden", b"1"),
        ):
            s3.put_object(Bucket="my-media", Key=f"pets/{key}", Body=body)
        formation = session.client("cloudformation", endpoint_url=url)
        formation.create_stack(StackName="encord-lambda", TemplateBody=json.dumps(STACK))
        yield url


@pytest.fixture
def bash(endpoint: str, tmp_path: Path) -> Iterator[Shell]:
    """A shell at home, where the reader's files are."""
    (tmp_path / "pipeline.yaml").write_text(PIPELINE)
    (tmp_path / "good.csv").write_text(GOOD)
    with shell(endpoint, tmp_path) as typing:
        typing.type('export PATH="$PWD/.venv/bin:$PWD/.toolchain/bin:$PATH"; cd "$HOME"')
        yield typing


def test_the_commands_work_as_they_stand(bash: Shell, tmp_path: Path) -> None:
    printed = {block.text: bash.type(block.text) for block in markdown.blocks(PAGE)}

    [shown] = [block.text for block in markdown.blocks(PAGE, "text") if block.text.startswith("s3://")]
    [dry_run] = [text for command, text in printed.items() if "--dry-run" in command]
    assert dry_run == shown.strip()
    assert (tmp_path / "again.csv").read_text() == GOOD
    assert len(list((tmp_path / "plan" / "pets" / "manifests").iterdir())) == 1
    [submitted] = [text for command, text in printed.items() if "--submit" in command]
    assert "1 upload job, submitted below pets/manifests/" in submitted


def test_the_faults_are_those_of_the_manifest_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [manifest] = markdown.blocks(PAGE, "csv")
    [command] = markdown.blocks(PAGE, "console")
    [shown] = [block.text for block in markdown.blocks(PAGE, "text") if block.text.startswith("import.csv")]
    monkeypatch.chdir(tmp_path)
    Path("import.csv").write_text(manifest.text)

    assert cli.main(command.text.split()[2:]) == 1

    output = capsys.readouterr()
    assert output.err + output.out == shown


def test_every_extension_is_in_the_table() -> None:
    rows = [line.split("|")[2] for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    told = {f".{word}" for row in rows for word in row.split("`")[1::2]}
    assert told == {ext for kind in MEDIA_TYPES if kind.section != "scenes" for ext in kind.extensions}


def test_what_it_shows_of_pipeline_yaml_is_right() -> None:
    import yaml

    [block] = markdown.blocks(PAGE, "yaml")
    about = {"prefix": "pets/", "integration": "aws", "folder": FOLDER}
    assert Registration.model_validate({**about, **yaml.safe_load(block.text)}).group.quiet_minutes == 30
