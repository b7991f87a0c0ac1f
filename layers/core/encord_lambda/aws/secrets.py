"""Secrets Manager. A secret's value appears in no message and no log line."""

from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.errors import Misconfigured


def secret(aws: SignedRequests, arn: str) -> str:
    """The text of a secret.

    Raises:
        Misconfigured: It cannot be read, or it is empty or binary.
    """
    told = aws.call(f"read the secret {arn}", "secretsmanager", "secretsmanager.GetSecretValue", {"SecretId": arn})
    if not (value := told.get("SecretString", "").strip()):
        raise Misconfigured(f"the secret {arn} is empty or binary: store the key as text")
    return str(value)
