"""Resources that CloudFormation could not make, or has not made yet, have no name; no reader breaks on that."""

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.stack import Stack
from encord_lambda.errors import Misconfigured

FAILED = {
    "LogicalResourceId": "RunTasksFunction",
    "ResourceType": "AWS::Lambda::Function",
    "ResourceStatus": "CREATE_FAILED",
}
AT = "2026-11-21T12:00:00Z"


@pytest.fixture
def stubbed() -> tuple[Stack, Stubber]:
    client = boto3.client("cloudformation", region_name="eu-west-1", aws_access_key_id="-", aws_secret_access_key="-")
    return Stack(client, "pets"), Stubber(client)


def test_only_what_was_made_is_listed(stubbed: tuple[Stack, Stubber]) -> None:
    stack, stub = stubbed
    made = {**FAILED, "ResourceStatus": "CREATE_COMPLETE", "PhysicalResourceId": "pets-run"}
    summaries = [{**one, "LastUpdatedTimestamp": AT} for one in (FAILED, made)]
    with stub:
        stub.add_response("list_stack_resources", {"StackResourceSummaries": summaries}, {"StackName": "pets"})

        assert stack.all_of("AWS::Lambda::Function") == ["pets-run"]


def test_what_was_not_made_is_told_with_its_state(stubbed: tuple[Stack, Stubber]) -> None:
    stack, stub = stubbed
    with stub:
        stub.add_response("describe_stack_resource", {"StackResourceDetail": {**FAILED, "LastUpdatedTimestamp": AT}})

        with pytest.raises(Misconfigured, match="'pets' has not made its RunTasksFunction: CREATE_FAILED"):
            stack.resource("RunTasksFunction")
