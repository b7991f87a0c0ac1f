"""Secrets Manager (moto)."""

import boto3
import pytest

from encord_lambda.aws.secrets import secret
from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.errors import Misconfigured


def test_a_secrets_text_is_read_without_the_white_space_around_it(requests: SignedRequests) -> None:
    arn = boto3.client("secretsmanager").create_secret(Name="key", SecretString="\n sk-1234 \n")["ARN"]

    assert secret(requests, arn) == "sk-1234"


@pytest.mark.parametrize("value", [{"SecretString": "  \n"}, {"SecretBinary": b"sk-1234"}])
def test_a_secret_without_text_is_the_deployments_fault(requests: SignedRequests, value: dict[str, str]) -> None:
    arn = boto3.client("secretsmanager").create_secret(Name="key", **value)["ARN"]  # type: ignore[arg-type]

    with pytest.raises(Misconfigured) as trouble:
        secret(requests, arn)

    assert trouble.value.reason == f"the secret {arn} is empty or binary: store the key as text"
    assert "sk-1234" not in str(trouble.value)


def test_a_missing_secret_is_the_deployments_fault(requests: SignedRequests) -> None:
    with pytest.raises(Misconfigured, match="cannot read the secret gone: ResourceNotFoundException"):
        secret(requests, "gone")
