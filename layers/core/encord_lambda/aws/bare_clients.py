"""botocore's clients without boto3, a tenth of whose cold start goes into transfers of files that nobody makes here."""

from functools import cached_property
from typing import TYPE_CHECKING, cast

import botocore.session

from encord_lambda.aws.bulk import IMPATIENT

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient


class BareClients:
    """Of one session, for small requests while somebody waits. Each is made when it is first asked for: 10 to 50 ms."""

    def __init__(self) -> None:
        self._session = botocore.session.get_session()

    @cached_property
    def events(self) -> "EventBridgeClient":
        """EventBridge."""
        return cast("EventBridgeClient", self._session.create_client("events", config=IMPATIENT))

    @cached_property
    def s3(self) -> "S3Client":
        """S3."""
        return cast("S3Client", self._session.create_client("s3", config=IMPATIENT))

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        """Secrets Manager."""
        return cast("SecretsManagerClient", self._session.create_client("secretsmanager", config=IMPATIENT))
