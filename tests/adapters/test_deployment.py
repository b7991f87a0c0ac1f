"""What Lambda says of functions that it could not set up: botocore's own answers, for moto sets up everything."""

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from encord_lambda.aws.deployment import Deployment


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"State": "Active", "LastUpdateStatus": "Successful"}, {}),
        ({"State": "Inactive"}, {}),
        ({"State": "Pending", "LastUpdateStatus": "InProgress"}, {}),
        ({"State": "Failed", "StateReason": "no such role"}, {"run": "no such role"}),
        ({"State": "Active", "LastUpdateStatus": "Failed"}, {"run": "AWS does not say why"}),
        ({"LastUpdateStatus": "Failed", "LastUpdateStatusReason": "no such layer"}, {"run": "no such layer"}),
    ],
    ids=["active", "asleep", "pending", "failed", "not updated", "not updated, and why"],
)
def test_a_function_that_failed_is_told_with_why(told: dict[str, str], why: dict[str, str]) -> None:
    client = boto3.client("lambda", region_name="eu-west-1", aws_access_key_id="-", aws_secret_access_key="-")
    stack: Any = SimpleNamespace(name="pets", all_of=lambda _: ["run"])
    clients: Any = SimpleNamespace(lambda_=client)

    with Stubber(client) as stub:
        stub.add_response("get_function_configuration", told, {"FunctionName": "run"})
        assert Deployment(stack, clients).failing_functions() == why
