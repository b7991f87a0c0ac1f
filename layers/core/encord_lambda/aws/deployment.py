"""A deployed stack as `encord-lambda doctor` looks at it; nothing is changed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from botocore.exceptions import ClientError

from encord_lambda.aws.objects import Objects
from encord_lambda.aws.stack import Stack
from encord_lambda.aws.trouble import translated
from encord_lambda.doctor.deployed import FUNCTIONS, Consumer, CorsRule, QueueState, StoredSecret
from encord_lambda.doctor.results import Unchecked
from encord_lambda.errors import Misconfigured, Reject

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

PIPELINE: Final = "pipeline.yaml"
_DENIED: Final = {"AccessDenied", "AccessDeniedException", "403", "UnauthorizedOperation", "AuthorizationError"}


class Scheduler(Protocol):
    """boto3's client `scheduler`, as far as it is used."""

    def get_paginator(self, operation_name: str) -> Any:
        """Pages of an operation's answers."""


@dataclass(frozen=True, slots=True)
class Clients:
    """boto3's clients, one for each service that is asked."""

    s3: "S3Client"
    sqs: "SQSClient"
    lambda_: "LambdaClient"
    events: "EventBridgeClient"
    scheduler: Scheduler
    secrets: "SecretsManagerClient"


class Deployment:
    """One stack. What the person's credentials may not look at raises Unchecked."""

    def __init__(self, stack: Stack, clients: Clients) -> None:
        self._stack, self._clients = stack, clients
        self.name = stack.name

    def status(self) -> str:
        """CloudFormation's word for it."""
        return self._stack.status

    def parameter(self, key: str) -> str:
        """What it was deployed with; empty if it was not said."""
        return self._stack.parameters.get(key, "")

    def output(self, key: str) -> str:
        """The value of an output."""
        return self._stack.output(key)

    def failing_functions(self) -> Mapping[str, str]:
        """The functions that AWS could not set up, and why."""
        found = {}
        for name in self._functions:
            with looking(f"look at the function {name}"):
                state = self._clients.lambda_.get_function_configuration(FunctionName=name)
            if state.get("State") == "Failed":
                found[name] = state.get("StateReason", "AWS does not say why")
            elif state.get("LastUpdateStatus") == "Failed":
                found[name] = state.get("LastUpdateStatusReason", "AWS does not say why")
        return found

    def queue(self, name: str) -> QueueState:
        """A queue as it stands."""
        told = self._attributes(name)
        return QueueState(
            visibility=int(told["VisibilityTimeout"]),
            waiting=int(told["ApproximateNumberOfMessages"]),
            has_dead_letters="RedrivePolicy" in told,
        )

    def consumers(self, queue: str) -> Sequence[Consumer]:
        """The triggers of the queue's own function."""
        function, arn = self._resource(FUNCTIONS[queue]), self._attributes(queue)["QueueArn"]
        with looking(f"look at the function {function}"):
            timeout = self._clients.lambda_.get_function_configuration(FunctionName=function)["Timeout"]
            found = self._clients.lambda_.list_event_source_mappings(EventSourceArn=arn, FunctionName=function)
        return [
            Consumer(timeout, one.get("MaximumBatchingWindowInSeconds", 0), one["State"])
            for one in found["EventSourceMappings"]
        ]

    def schedules(self, function: str) -> Mapping[str, bool]:
        """The schedules that invoke a function, and whether each is enabled."""
        ending = f":function:{self._resource(function)}"
        with looking("list the schedules"):
            pages = self._clients.scheduler.get_paginator("list_schedules").paginate()
            every = [one for page in pages for one in page["Schedules"]]
        return {one["Name"]: one["State"] == "ENABLED" for one in every if one["Target"]["Arn"].endswith(ending)}

    def rule_is_enabled(self, name: str) -> bool:
        """Whether an EventBridge rule of the default bus is."""
        rule = self._resource(name).rpartition("|")[2]
        with looking(f"look at the EventBridge rule {rule}"):
            return self._clients.events.describe_rule(Name=rule)["State"] == "ENABLED"

    def secret(self, name: str) -> StoredSecret:
        """A secret, by its name or ARN; it must be a text."""
        with looking(f"read the secret {name}"):
            found = self._clients.secrets.get_secret_value(SecretId=name)
        if not (text := found.get("SecretString", "").strip()):
            raise Misconfigured(f"the secret {name} is empty or binary: store the key as text")
        return StoredSecret(text, found["CreatedDate"])

    def pipeline(self) -> str:
        """The text of pipeline.yaml."""
        return self._pipeline

    def prompt(self, file: str) -> bytes:
        """A prompt beside pipeline.yaml."""
        return self._record(file)

    def region(self, bucket: str) -> str:
        """Where a bucket is."""
        with looking(f"look at the bucket {bucket}"):
            return self._clients.s3.head_bucket(Bucket=bucket)["BucketRegion"]

    def sends_events(self, bucket: str) -> bool:
        """Whether a bucket tells EventBridge of its objects."""
        with looking(f"read the notifications of the bucket {bucket}"):
            told = self._clients.s3.get_bucket_notification_configuration(Bucket=bucket)
        return "EventBridgeConfiguration" in told

    def cors(self, bucket: str) -> Sequence[CorsRule]:
        """Which web pages may read a bucket's objects."""
        with looking(f"read the CORS rules of the bucket {bucket}"):
            try:
                rules = self._clients.s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
            except ClientError as error:
                if error.response["Error"].get("Code") != "NoSuchCORSConfiguration":
                    raise
                return ()
        return [CorsRule(rule["AllowedOrigins"], rule["AllowedMethods"]) for rule in rules]

    @cached_property
    def _pipeline(self) -> str:
        return self._record(PIPELINE).decode("utf-8-sig", errors="replace")

    @cached_property
    def _functions(self) -> Sequence[str]:
        return self._stack.all_of("AWS::Lambda::Function")

    def _record(self, key: str) -> bytes:
        records = Objects(self._clients.s3, self.output("RecordsBucketName"))
        with unless_denied():
            try:
                return records.read(key)
            except Reject as missing:
                raise Misconfigured(f"{missing.reason}: upload yours to {records.address(key)}") from missing

    def _attributes(self, queue: str) -> Mapping[Any, str]:
        with looking(f"look at the queue {queue}"):
            url = self.output(f"{queue}Url")
            return self._clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    def _resource(self, logical_id: str) -> str:
        with unless_denied():
            return self._stack.resource(logical_id)


@contextmanager
def looking(doing: str) -> Iterator[None]:
    """As `translated`, for what the person's own credentials may not be allowed to do.

    Raises:
        Unchecked: They are not; says what AWS says.
        Trouble: As `translated`.
    """
    with unless_denied(), translated(doing):
        yield


@contextmanager
def unless_denied() -> Iterator[None]:
    """The same, where the block translates by itself."""
    try:
        yield
    except Misconfigured as refused:
        cause = refused.__cause__
        if isinstance(cause, ClientError) and cause.response["Error"].get("Code") in _DENIED:
            raise Unchecked(f"your AWS credentials {refused.reason}") from None
        raise
