"""Who works with whom: the only module that chooses adapters.

Everything is built on first use and kept for the container's life. boto3 and the Encord SDK are imported inside,
so that importing a handler stays cheap.
"""

import contextlib
import functools
import gc
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from encord_lambda import settings
from encord_lambda.errors import Trouble

if TYPE_CHECKING:
    from encord.user_client import EncordUserClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

    from encord_lambda import execution
    from encord_lambda.agents.resting_models import RestingModel
    from encord_lambda.aws.answers_table import AnswersTable
    from encord_lambda.aws.claims import TaskClaims
    from encord_lambda.aws.inbox import TasksInbox
    from encord_lambda.aws.kept_doubts import DoubtRecords
    from encord_lambda.aws.pipeline_file import PipelineFile
    from encord_lambda.aws.queues import Queue
    from encord_lambda.aws.shadows import ShadowRecords
    from encord_lambda.aws.signed_requests import SignedRequests
    from encord_lambda.aws.spend import SpendTable
    from encord_lambda.breakers import Breakers
    from encord_lambda.dispatch import sweep
    from encord_lambda.encord_platform.label_rows import Row
    from encord_lambda.encord_platform.workflow import Projects
    from encord_lambda.media.download import Downloads
    from encord_lambda.media.video import SignedVideos
    from encord_lambda.models.openai_model import OpenAiModel
    from encord_lambda.models.remote_detectors import RemoteDetectors

_building = threading.Lock()


def sweep_stages() -> "sweep.Sweeper":
    """What `functions/sweep_stages` works with; pipeline.yaml as it stands now."""
    from encord_lambda.dispatch import sweep

    here = settings.read(settings.SweepStages)
    outbox = queue(here.tasks_queue_url)
    sweeper = sweep.Sweeper(pipeline_file(here).current(), projects(here), _claims(here.claims_table), outbox)
    _spare_what_stays()
    return sweeper


def run_tasks() -> "execution.Workbench[Row]":
    """What `functions/run_tasks` works with; pipeline.yaml as it stands now."""
    from encord_lambda import execution
    from encord_lambda.agents.agent import Tools
    from encord_lambda.agents.allowance import Allowance
    from encord_lambda.agents.resting_models import RestingDetectors
    from encord_lambda.agents.spending import Books
    from encord_lambda.config_budgets import MODEL, asked
    from encord_lambda.custom.running import LayerAgents
    from encord_lambda.media.documents import SignedDocuments
    from encord_lambda.media.images import SignedPictures
    from encord_lambda.resting_stage import RestingStages

    here = settings.read(settings.RunTasks)
    pipeline, media = pipeline_file(here).current(), downloads(here)
    if any(name.startswith(MODEL) for name in asked(pipeline.stages)):
        connect_ahead(here)
    tools = Tools(
        model(here),
        SignedPictures(media),
        RestingDetectors(_detectors(here), _breakers()),
        videos(here),
        documents=SignedDocuments(media),
        prompts=pipeline_file(here).prompts(pipeline),
        own_agents=LayerAgents(),
        books=Books(Allowance(pipeline.budgets, spend(here.spend_table)), _answers(here.spend_table)),
        doubts=_doubts(here.records_bucket),
    )
    return execution.Workbench(
        pipeline,
        RestingStages(projects(here), _breakers()),
        _claims(here.claims_table),
        inbox(here.tasks_queue_url, here.tasks_dead_letters_url),
        tools,
        _shadows(here.records_bucket),
        random.random,
    )


@functools.cache
def pipeline_file(here: settings.Settings) -> "PipelineFile":
    """pipeline.yaml, as a function knows it."""
    from encord_lambda.aws.pipeline_file import PipelineFile

    return PipelineFile(_aws(), here.pipeline_config)


@functools.cache
def projects(here: settings.Settings) -> "Projects":
    """Encord's projects."""
    from encord_lambda.encord_platform.workflow import Projects

    return Projects(encord_client(here))


@functools.cache
def _claims(table: str) -> "TaskClaims":
    import boto3

    from encord_lambda.aws.bulk import BULK
    from encord_lambda.aws.claims import TaskClaims

    return TaskClaims(boto3.client("dynamodb", config=BULK), table)


@functools.cache
def _breakers() -> "Breakers":
    from encord_lambda.breakers import Breakers

    return Breakers(time.monotonic, random.random)


@functools.cache
def inbox(queue: str, dead_letters: str) -> "TasksInbox":
    """A queue that a function receives from, and its dead letters."""
    import boto3

    from encord_lambda.aws.bulk import BULK
    from encord_lambda.aws.inbox import TasksInbox

    return TasksInbox(boto3.client("sqs", config=BULK), queue, dead_letters)


@functools.cache
def _shadows(bucket: str) -> "ShadowRecords":
    import boto3

    from encord_lambda.aws.objects import Objects
    from encord_lambda.aws.shadows import ShadowRecords

    return ShadowRecords(Objects(boto3.client("s3"), bucket))


@functools.cache
def _doubts(bucket: str) -> "DoubtRecords":
    import boto3

    from encord_lambda.aws.kept_doubts import DoubtRecords
    from encord_lambda.aws.objects import Objects

    return DoubtRecords(Objects(boto3.client("s3"), bucket), time.monotonic)


@functools.cache
def queue(url: str) -> "Queue":
    """A queue, for sending."""
    from encord_lambda.aws.queues import Queue

    return Queue(_aws(), url)


def model(here: settings.ModelSettings) -> "RestingModel":
    """Language models, each left alone while it fails."""
    from encord_lambda.agents.resting_models import RestingModel
    from encord_lambda.models.on_first_use import OnFirstUse

    return RestingModel(OnFirstUse(lambda: connected(here)), _breakers())


def connected(here: settings.ModelSettings) -> "OpenAiModel":
    """The language model's client, made once, whichever threads ask for it."""
    return _in_turn(lambda: _openai(here))()


@functools.cache
def connect_ahead(here: settings.ModelSettings) -> None:
    """Have OpenAI's SDK imported and the key read while a first call waits for Encord and the media: 0.2 or 0.3 s."""

    def connect() -> None:
        with contextlib.suppress(Trouble):  # whoever asks the model is told of it
            connected(here)

    threading.Thread(target=connect, daemon=True).start()


@functools.cache
def _openai(here: settings.ModelSettings) -> "OpenAiModel":
    from encord_lambda.models.openai_model import OpenAiModel

    return OpenAiModel(secret(here.openai_key_secret), here.openai_base_url, here.model_timeout)


@functools.cache
def downloads(here: settings.ModelSettings) -> "Downloads":
    """What fetches media."""
    from encord_lambda.media.download import Downloads

    return Downloads(allow_private=here.allow_private_media == "true")


@functools.cache
def videos(here: settings.ModelSettings) -> "SignedVideos":
    """Kept, since what an earlier invocation left behind holds its places on the disk until it is thawed and ends."""
    from encord_lambda.media.video import SignedVideos

    return SignedVideos(downloads(here))


@functools.cache
def _detectors(here: settings.RunTasks) -> "RemoteDetectors":
    from encord_lambda.models.posting import Poster
    from encord_lambda.models.remote_detectors import RemoteDetectors

    token = secret(here.detector_token_secret) if here.detector_token_secret else ""
    poster = Poster(token, here.model_timeout, allow_private=here.allow_private_media == "true")
    return RemoteDetectors(poster, _in_turn(lambda: _sagemaker(here.model_timeout)))


@functools.cache
def _sagemaker(timeout: float) -> "SageMakerRuntimeClient":
    import boto3

    from encord_lambda.models.sagemaker_detector import impatient

    return boto3.client("sagemaker-runtime", config=impatient(timeout))


@functools.cache
def spend(table: str) -> "SpendTable":
    """What models cost."""
    import boto3

    from encord_lambda.aws.bulk import BULK
    from encord_lambda.aws.spend import SpendTable

    return SpendTable(boto3.client("dynamodb", config=BULK), table, lambda: datetime.now(UTC))


@functools.cache
def _answers(table: str) -> "AnswersTable":
    from encord_lambda.aws.answers_table import AnswersTable

    return AnswersTable(_aws(), table, lambda: datetime.now(UTC))


@functools.cache
def _spare_what_stays() -> None:
    """Have the collector leave out what was imported and built by now: a fifteenth of a large sweep's time."""
    gc.freeze()


def _in_turn[Built](build: Callable[[], Built]) -> Callable[[], Built]:
    """The same for threads: neither boto3 nor a cache keeps two of them from building at once."""

    def built() -> Built:
        with _building:
            return build()

    return built


def encord_client(here: settings.Settings) -> "EncordUserClient":
    """Encord's client, with the key of the service account."""
    from encord_lambda.encord_platform.client import connect

    return connect(here.encord_domain, secret(here.encord_key_secret), here.function)


def secret(name: str) -> str:
    """A secret's text, by its name or ARN."""
    from encord_lambda.aws import secrets

    return secrets.secret(_aws(), name)


@functools.cache
def _aws() -> "SignedRequests":
    from encord_lambda.aws.signed_requests import SignedRequests

    return SignedRequests(settings.read(settings.Aws))
