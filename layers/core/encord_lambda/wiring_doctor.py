"""Who works with whom in `encord-lambda doctor`, which looks at what is deployed and changes nothing."""

from typing import TYPE_CHECKING, Final

from encord_lambda import wiring_desk

if TYPE_CHECKING:
    from encord.user_client import EncordUserClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

    from encord_lambda.aws.deployment import Deployment
    from encord_lambda.checking.survey import Named, Survey
    from encord_lambda.config_prelabel import RemoteDetector
    from encord_lambda.doctor.reachable import Pinged

PATIENCE: Final = 20.0
"""Seconds that a model or a detector is waited for."""


def deployment(name: str) -> "Deployment":
    """A deployed stack.

    Raises:
        Misconfigured: No region is set, or none that can be, or the AWS profile does not exist.
    """
    import boto3

    from encord_lambda.aws.deployment import Clients, Deployment

    stack = wiring_desk.stack(name)
    clients = Clients(
        boto3.client("s3"),
        boto3.client("sqs"),
        boto3.client("lambda"),
        boto3.client("events"),
        boto3.client("scheduler"),
        boto3.client("secretsmanager"),
    )
    return Deployment(stack, clients)


class Encord:
    """The platform that a stack works with."""

    def __init__(self, stack: "Deployment") -> None:
        self._stack = stack

    def check(self, key: str) -> None:
        """Return if Encord knows this key."""
        from encord_lambda.encord_platform import survey

        survey.check(self._client(key))

    def survey(self, named: "Named", key: str) -> "Survey":
        """What Encord has of what is named."""
        from encord_lambda.encord_platform import survey

        return survey.survey(self._client(key), named)

    def _client(self, key: str) -> "EncordUserClient":
        from encord_lambda.encord_platform.client import connect

        return connect(self._stack.parameter("EncordDomain"), key, "doctor", "the secret in EncordKeySecretArn")


class Far:
    """What a stack asks over the internet, asked from here with the stack's own secrets."""

    def __init__(self, stack: "Deployment") -> None:
        self._stack = stack

    def ping(self, url: str, origin: str) -> "Pinged":
        """Try the editor agents' address as a page of this origin does."""
        from encord_lambda.aws import editor_address

        return editor_address.ping(url, origin)

    def model(self, name: str) -> str:
        """What there is to say of a model that can be asked, without its being asked."""
        from encord_lambda.models import trying

        key, base_url = self._secret("OpenAiKeySecretArn"), self._stack.parameter("OpenAiBaseUrl")
        return trying.look_up(name, key, base_url, PATIENCE)

    def detector(self, detector: "RemoteDetector") -> str:
        """What a detector says about a grey picture."""
        from encord_lambda.models import trying
        from encord_lambda.models.posting import Poster
        from encord_lambda.models.remote_detectors import RemoteDetectors

        allow_private = self._stack.parameter("AllowPrivateMedia") == "true"
        poster = Poster(self._secret("DetectorTokenSecretArn"), PATIENCE, allow_private=allow_private)
        seen = RemoteDetectors(poster, _sagemaker).detect(detector, trying.grey_picture())
        return f"answers within {seen.usage.seconds:.1f} s"

    def _secret(self, parameter: str) -> str:
        name = self._stack.parameter(parameter)
        return self._stack.secret(name).text if name else ""


def _sagemaker() -> "SageMakerRuntimeClient":
    import boto3

    from encord_lambda.models.sagemaker_detector import impatient

    return boto3.client("sagemaker-runtime", config=impatient(PATIENCE))
