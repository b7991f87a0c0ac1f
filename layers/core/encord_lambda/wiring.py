"""Who works with whom: the only module that chooses adapters.

Everything is built on first use and kept for the container's life. boto3 and the Encord SDK are imported inside,
so that importing a handler stays cheap.
"""

import functools
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from encord_lambda import execution, settings
from encord_lambda.dispatch import sweep
from encord_lambda.registration import following, registering

if TYPE_CHECKING:
    from encord.user_client import EncordUserClient

    from encord_lambda import editor_api
    from encord_lambda.agents.agent import Tools
    from encord_lambda.aws.claims import TaskClaims
    from encord_lambda.aws.objects import PipelineFile
    from encord_lambda.aws.queues import Queue
    from encord_lambda.encord_platform.label_rows import Row
    from encord_lambda.encord_platform.workflow import Projects


@functools.cache
def register_uploads() -> registering.Desk:
    """What `functions/register_uploads` works with."""
    import boto3

    from encord_lambda.aws.first_bytes import UploadedObjects
    from encord_lambda.aws.objects import Objects, PipelineFile
    from encord_lambda.aws.queues import Queue
    from encord_lambda.encord_platform.storage import Storage

    here = settings.read(settings.RegisterUploads)
    s3 = boto3.client("s3")
    return registering.Desk(
        pipeline=PipelineFile(s3, here.pipeline_config),
        uploads=UploadedObjects(s3),
        jobs=Storage(_encord(here, "register_uploads")),
        records=Objects(s3, here.records_bucket),
        queue=Queue(boto3.client("sqs"), here.registrations_queue_url),
    )


@functools.cache
def track_registrations() -> following.Desk:
    """What `functions/track_registrations` works with."""
    import boto3

    from encord_lambda.aws.objects import Objects
    from encord_lambda.aws.queues import Queue
    from encord_lambda.encord_platform.storage import Storage

    here = settings.read(settings.TrackRegistrations)
    return following.Desk(
        jobs=Storage(_encord(here, "track_registrations")),
        records=Objects(boto3.client("s3"), here.records_bucket),
        queue=Queue(boto3.client("sqs"), here.registrations_queue_url),
    )


def sweep_stages() -> sweep.Sweeper:
    """What `functions/sweep_stages` works with; pipeline.yaml as it stands now."""
    pipeline, stages, claims, outbox = _sweep_parts()
    return sweep.Sweeper(pipeline.current(), stages, claims, outbox)


def run_tasks() -> "execution.Workbench[Row]":
    """What `functions/run_tasks` works with; pipeline.yaml as it stands now."""
    pipeline, stages, claims, tools = _run_parts()
    return execution.Workbench(pipeline.current(), stages, claims, tools)


def editor_agent() -> "editor_api.Desk":
    """What `functions/editor_agent` works with; pipeline.yaml as it stands now."""
    from encord_lambda import editor_api

    pipeline, projects, tools = _editor_parts()
    return editor_api.Desk(pipeline.current(), projects, tools)


@functools.cache
def _sweep_parts() -> "tuple[PipelineFile, Projects, TaskClaims, Queue]":
    import boto3

    from encord_lambda.aws.claims import TaskClaims
    from encord_lambda.aws.objects import PipelineFile
    from encord_lambda.aws.queues import Queue
    from encord_lambda.encord_platform.workflow import Projects

    here = settings.read(settings.SweepStages)
    return (
        PipelineFile(boto3.client("s3"), here.pipeline_config),
        Projects(_encord(here, "sweep_stages")),
        TaskClaims(boto3.client("dynamodb"), here.claims_table, _now),
        Queue(boto3.client("sqs"), here.tasks_queue_url),
    )


@functools.cache
def _run_parts() -> "tuple[PipelineFile, Projects, TaskClaims, Tools]":
    import boto3

    from encord_lambda.aws.claims import TaskClaims
    from encord_lambda.aws.objects import PipelineFile
    from encord_lambda.encord_platform.workflow import Projects

    here = settings.read(settings.RunTasks)
    return (
        PipelineFile(boto3.client("s3"), here.pipeline_config),
        Projects(_encord(here, "run_tasks")),
        TaskClaims(boto3.client("dynamodb"), here.claims_table, _now),
        _tools(here),
    )


@functools.cache
def _editor_parts() -> "tuple[PipelineFile, Projects, Tools]":
    import boto3

    from encord_lambda.aws.objects import PipelineFile
    from encord_lambda.encord_platform.workflow import Projects

    here = settings.read(settings.EditorAgent)
    pipeline = PipelineFile(boto3.client("s3"), here.pipeline_config)
    return pipeline, Projects(_encord(here, "editor_agent")), _tools(here)


def _tools(here: settings.ModelSettings) -> "Tools":
    import boto3

    from encord_lambda.agents.agent import Tools
    from encord_lambda.aws.secrets import secret
    from encord_lambda.media.download import Downloads
    from encord_lambda.media.images import SignedPictures
    from encord_lambda.models.openai_model import OpenAiModel

    key = secret(boto3.client("secretsmanager"), here.openai_key_secret)
    pictures = SignedPictures(Downloads(allow_private=here.allow_private_media == "true"))
    return Tools(OpenAiModel(key, here.openai_base_url), pictures)


def _now() -> datetime:
    return datetime.now(UTC)


def _encord(here: settings.Settings, function: str) -> "EncordUserClient":
    import boto3

    from encord_lambda.aws.secrets import secret
    from encord_lambda.encord_platform.client import connect

    key = secret(boto3.client("secretsmanager"), here.encord_key_secret)
    return connect(here.encord_domain, key, function)
