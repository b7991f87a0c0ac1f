"""What `replay` and `explain` say when AWS cannot be asked, or has something else."""

from uuid import UUID

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from encord_lambda import cli
from tests.cli.deployed import Deployed, deployed

COMMANDS = [["replay"], ["explain", str(UUID(int=1))]]
pytestmark = pytest.mark.parametrize("command", COMMANDS, ids=["replay", "explain"])


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line of trouble."""
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("encord-lambda: ")
    return line.removeprefix("encord-lambda: ")


@pytest.mark.usefixtures("logged_out")
def test_no_credentials(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(command) == 2

    assert told(capsys).startswith("AWS cannot be asked: Unable to locate credentials. Log in, for example with")


@pytest.mark.usefixtures("logged_out")
def test_no_region(command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    assert cli.main(command) == 2

    assert told(capsys).startswith("AWS cannot be asked: You must specify a region. Log in")


@pytest.mark.usefixtures("logged_out")
def test_a_region_that_cannot_be(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu west")

    assert cli.main(command) == 2

    assert told(capsys).startswith("AWS cannot be asked: Provided region_name 'eu west' doesn't match")


@pytest.mark.usefixtures("logged_out")
def test_a_profile_that_does_not_exist(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")

    assert cli.main(command) == 2

    assert told(capsys).startswith("AWS cannot be asked: The config profile (elsewhere) could not be found. Log in")


def test_no_such_stack(command: list[str], stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    assert stack.outputs
    assert cli.main([*command, "--stack", "annotation"]) == 2

    assert told(capsys) == (
        "there is no stack 'annotation' in eu-west-1, in the account of these credentials: name yours with --stack, "
        "or its region with AWS_REGION"
    )


def test_a_stack_of_an_older_version(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking, what = ("RunTasksLogs", "resource") if command[0] == "explain" else ("RegistrationsQueue", "output")
    with deployed(monkeypatch, lacking):
        assert cli.main([*command, *(["--queue", "registrations"] if what == "output" else [])]) == 2

    said = told(capsys)
    assert said.startswith(f"the stack 'encord-lambda' has no {what} {lacking}")
    assert "it is of an older version of encord-lambda" in said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "AccessDenied",
            "cannot look up the stack 'encord-lambda': AccessDenied: may not cloudformation:DescribeStacks",
        ),
        ("ExpiredToken", "AWS cannot be asked: may not cloudformation:DescribeStacks. Log in, for example with"),
    ],
)
def test_credentials_that_may_not(
    command: list[str], code: str, said: str, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.outputs
    boto3.setup_default_session()
    assert boto3.DEFAULT_SESSION

    def refuse(**_: object) -> None:
        error = {"Code": code, "Message": "may not cloudformation:DescribeStacks"}
        raise ClientError({"Error": error}, "DescribeStacks")  # type: ignore[typeddict-item]

    boto3.DEFAULT_SESSION.events.register("before-call.cloudformation.DescribeStacks", refuse)

    assert cli.main(command) == 2

    assert told(capsys).startswith(said)


def test_a_failed_deployment_has_nothing_to_offer(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        body = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}'
        boto3.client("cloudformation").create_stack(StackName="encord-lambda", TemplateBody=body)

        assert cli.main(command) == 2

    assert told(capsys).startswith("the stack 'encord-lambda' has no ")
