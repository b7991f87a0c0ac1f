"""What each function reads from its environment; no other module touches `os.environ`.

One frozen model per function. A field's name in upper case is the variable's name, and a template test compares
both ways, so nothing is set in vain and nothing is missing.
"""

import os
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from encord_lambda.errors import Misconfigured


class Settings(BaseModel):
    """What every function knows: the Encord domain, where its key is, and where pipeline.yaml lives."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    function: ClassVar[str]
    """The function's folder under `functions/`, as Encord sees it in the user agent of every request."""

    encord_domain: str
    encord_key_secret: str
    pipeline_config: str


class RegistrationSettings(Settings):
    """What both functions know that register: each makes whatever step of a job is next."""

    records_bucket: str
    registrations_queue_url: str
    registrations_table: str


class RegisterUploads(RegistrationSettings):
    """Environment of `functions/register_uploads`."""

    function = "register_uploads"


class TrackRegistrations(RegistrationSettings):
    """Environment of `functions/track_registrations`."""

    function = "track_registrations"


class SweepStages(Settings):
    """Environment of `functions/sweep_stages`."""

    function = "sweep_stages"

    tasks_queue_url: str
    claims_table: str


class TaskReady(Settings):
    """Environment of `functions/task_ready`."""

    function = "task_ready"

    webhook_secret: str
    """Empty where nobody is to be heard."""


class ModelSettings(Settings):
    """What a function knows that calls a model on media."""

    model_timeout: ClassVar[float]
    """Seconds that one call to a model may take; well below the function's own timeout."""

    openai_key_secret: str
    openai_base_url: str
    allow_private_media: Literal["true", "false"]
    spend_table: str


class RunTasks(ModelSettings):
    """Environment of `functions/run_tasks`."""

    function = "run_tasks"
    model_timeout = 60.0

    claims_table: str
    tasks_queue_url: str
    tasks_dead_letters_url: str
    records_bucket: str
    """For decisions of agents in the shadow."""
    detector_token_secret: str
    """Empty where detectors ask for no token."""


class EditorSettings(ModelSettings):
    """What both functions know that run editor agents: the one while somebody waits, the other afterwards."""

    agent_seconds: ClassVar[float]
    """Seconds that an agent may take, opening the label row included. One call to a model may take all of them: who is
    too slow is not to be taken for somebody who is in trouble."""

    calls_queue_url: str


class EditorAgent(EditorSettings):
    """Environment of `functions/editor_agent`."""

    function = "editor_agent"
    agent_seconds = 24.0
    """An HTTP API gives up after 30, and the labels have to be saved, or the call queued, by then."""
    model_timeout = agent_seconds

    editor_origins: str
    """Those of the Label Editors whose pages may call, with commas between them."""
    distribution_secret: str = Field(repr=False)
    """What the stack's distribution adds to each request; empty where there is none, for there is no web ACL."""

    @property
    def origins(self) -> frozenset[str]:
        """The same, one by one."""
        return frozenset(one.strip() for one in self.editor_origins.split(",")) - {""}


class FinishCalls(EditorSettings):
    """Environment of `functions/finish_calls`."""

    function = "finish_calls"
    agent_seconds = 240.0
    model_timeout = agent_seconds

    calls_dead_letters_url: str


class Aws(BaseModel):
    """Who we are to AWS, as Lambda tells each function."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    aws_default_region: str
    aws_access_key_id: str
    aws_secret_access_key: str = Field(repr=False)
    aws_session_token: str = Field(default="", repr=False)
    aws_endpoint_url: str = ""
    """Where all of AWS is on a single machine; empty for AWS itself."""


class ScoreBenchmark(Settings):
    """Environment of `functions/score_benchmark`."""

    function = "score_benchmark"

    records_bucket: str
    claims_table: str
    """For which tasks live agents are done with."""
    allow_private_media: Literal["true", "false"]


class Desk(BaseModel):
    """What the `encord-lambda` command knows from its environment. The key's two are those of Encord's SDK."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    encord_domain: str = "https://api.encord.com"
    encord_ssh_key_file: str = ""
    encord_ssh_key: str = Field(default="", repr=False)


def read[S: BaseModel](model: type[S]) -> S:
    """A function's settings, or the desk's, from the environment.

    Raises:
        Misconfigured: A variable is missing or has a value outside its choices; names every one of them.
    """
    environment = {name.lower(): value for name, value in os.environ.items()}
    try:
        return model.model_validate(environment)
    except ValidationError as error:
        faults = ", ".join(f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise Misconfigured(f"environment of {model.__name__}: {faults}") from None
