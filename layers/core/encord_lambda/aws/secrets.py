"""Secrets Manager. A secret's value appears in no message and no log line."""

from typing import TYPE_CHECKING

from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Misconfigured

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def secret(client: "SecretsManagerClient", arn: str) -> str:
    """The text of a secret.

    Raises:
        Misconfigured: It cannot be read, or it is empty or binary.
    """
    with translated(f"read the secret {arn}"):
        value = client.get_secret_value(SecretId=arn).get("SecretString", "").strip()
    if not value:
        raise Misconfigured(f"the secret {arn} is empty or binary: store the key as text")
    return value
