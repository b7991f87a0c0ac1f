"""Who works with whom at the desk: what the `encord-lambda` commands use. Lambda never imports it."""

from typing import TYPE_CHECKING
from uuid import UUID

from encord_lambda.letters import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from encord.user_client import EncordUserClient
    from pydantic import JsonValue

    from encord_lambda.aws.benchmark_records import BenchmarkRecords
    from encord_lambda.aws.bucket import Bucket
    from encord_lambda.aws.claims import TaskClaims
    from encord_lambda.aws.dead_letters import DeadLetters
    from encord_lambda.aws.log_lines import LogLines
    from encord_lambda.aws.shadows import ShadowRecords
    from encord_lambda.aws.stack import Stack
    from encord_lambda.checking.survey import Named, Survey
    from encord_lambda.cli.key import Key
    from encord_lambda.config import PipelineConfig
    from encord_lambda.config_benchmark import Benchmark
    from encord_lambda.encord_platform.standing import StandingRows
    from encord_lambda.registration.judging import Judge
    from encord_lambda.registration.manifests.manifest import Manifest

TASK_LOGS = ("SweepStagesLogs", "RunTasksLogs")
"""The log groups of the functions that write about tasks."""
UPLOAD_LOGS = ("RegisterUploadsLogs", "TrackRegistrationsLogs")
"""The log groups of the functions that write about uploads."""


def survey(named: "Named", key: "Key") -> "Survey":
    """What Encord has of what a pipeline.yaml names, for `encord-lambda check`.

    Raises:
        Misconfigured: The key is none, or Encord does not know it.
        Retry: Encord cannot be reached.
    """
    from encord_lambda.encord_platform import survey as encord

    return encord.survey(_at_the_desk(key, "check"), named)


def shadows_at(bucket: str, project: UUID, key: "Key") -> "tuple[ShadowRecords, StandingRows]":
    """Shadow decisions and the label rows they are compared with, for `encord-lambda shadow-report`.

    Raises:
        Misconfigured: The AWS profile does not exist, or no such region can be; or the key is none.
    """
    import boto3

    from encord_lambda.aws.objects import Objects
    from encord_lambda.aws.shadows import ShadowRecords
    from encord_lambda.aws.stack import logged_in
    from encord_lambda.encord_platform.standing import StandingRows

    with logged_in():
        records = ShadowRecords(Objects(boto3.client("s3"), bucket))
    return records, StandingRows(_at_the_desk(key, "shadow-report"), project)


def benchmark_at(
    bucket: str, benchmark: "Benchmark", key: "Key"
) -> "tuple[BenchmarkRecords, ShadowRecords, StandingRows]":
    """What is kept of benchmarks and of agents in the shadow, and the ground truth, for `encord-lambda calibrate`.

    Raises:
        Misconfigured: The AWS profile does not exist, or no such region can be; or the key is none.
    """
    import boto3

    from encord_lambda.aws.benchmark_records import BenchmarkRecords
    from encord_lambda.aws.bulk import BULK
    from encord_lambda.aws.objects import Objects
    from encord_lambda.aws.shadows import ShadowRecords
    from encord_lambda.aws.stack import logged_in
    from encord_lambda.encord_platform.standing import StandingRows

    with logged_in():
        records = Objects(boto3.client("s3", config=BULK), bucket)
    truth = StandingRows(_at_the_desk(key, "calibrate"), benchmark.ground_truth)
    return BenchmarkRecords(records), ShadowRecords(records), truth


def stack(name: str) -> "Stack":
    """A deployed stack.

    Raises:
        Misconfigured: No region is set, or none that can be, or the AWS profile does not exist.
    """
    import boto3

    from encord_lambda.aws.stack import Stack, logged_in

    with logged_in():
        return Stack(boto3.client("cloudformation"), name)


def dead_letters(of: "Stack", origin: Origin) -> "DeadLetters":
    """The dead letters of one of the stack's queues.

    Raises:
        Misconfigured: AWS cannot be asked, or has no such stack.
    """
    import boto3

    from encord_lambda.aws.dead_letters import DeadLetters

    title = origin.capitalize()
    return DeadLetters(boto3.client("sqs"), of.output(f"{title}DeadLettersUrl"), of.output(f"{title}QueueUrl"))


def claims(of: "Stack") -> "TaskClaims":
    """The stack's task claims.

    Raises:
        Misconfigured: AWS cannot be asked, or has no such stack.
    """
    import boto3

    from encord_lambda.aws.claims import TaskClaims

    return TaskClaims(boto3.client("dynamodb"), of.output("TaskClaimsTableName"))


def logs(of: "Stack", groups: "Sequence[str]") -> "LogLines":
    """What the stack's functions wrote into some of its log groups.

    Raises:
        Misconfigured: AWS cannot be asked, or has no such stack.
    """
    import boto3

    from encord_lambda.aws.log_lines import LogLines

    return LogLines(boto3.client("logs"), [of.resource(group) for group in groups])


def bucket(name: str) -> "Bucket":
    """A bucket of uploads.

    Raises:
        Misconfigured: No region is set, or none that can be, or the AWS profile does not exist.
    """
    import boto3

    from encord_lambda.aws.bucket import Bucket
    from encord_lambda.aws.stack import logged_in

    with logged_in():
        return Bucket(boto3.client("s3"), name)


def judge(pipeline: "PipelineConfig") -> "Judge":
    """Who decides about objects as the deployed functions do."""
    import boto3

    from encord_lambda import wiring_registration
    from encord_lambda.registration.judging import Judge

    return Judge(pipeline, wiring_registration.eyes(boto3.client("s3")))


def data_upload_items(manifest: "Manifest") -> dict[str, "JsonValue"]:
    """A manifest as the SDK writes its own DataUploadItems."""
    from encord_lambda.encord_platform import upload_items

    return upload_items.data_upload_items(manifest).to_dict()


def _at_the_desk(key: "Key", command: str) -> "EncordUserClient":
    from encord_lambda.encord_platform.client import connect

    return connect(key.domain, key.text, command, key.origin)
