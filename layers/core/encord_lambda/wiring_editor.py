"""Who works with whom in the two functions that run editor agents. As `wiring`, it imports late: somebody waits."""

import functools
import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from encord_lambda import settings, wiring

if TYPE_CHECKING:
    from encord_lambda.agents.agent import LanguageModel
    from encord_lambda.agents.custom import OwnAgents
    from encord_lambda.config import PipelineConfig
    from encord_lambda.dispatch.known_secrets import KnownSecrets
    from encord_lambda.editor_api.desk import Desk
    from encord_lambda.editor_api.finishing import Bench


def editor_agent() -> "Desk":
    """What `functions/editor_agent` works with; pipeline.yaml as it stands now."""
    return _desk(settings.read(settings.EditorAgent))


def finish_calls() -> "Bench":
    """What `functions/finish_calls` finishes one call with; its agent's time begins now."""
    from encord_lambda.editor_api.finishing import Bench

    here = settings.read(settings.FinishCalls)
    inbox = wiring.inbox(here.calls_queue_url, here.calls_dead_letters_url)
    return Bench(_desk(here), inbox, random.random)


def editor_pipeline() -> "PipelineConfig":
    """pipeline.yaml as it stands now, for what `functions/editor_agent` answers without a desk."""
    return wiring.pipeline_file(settings.read(settings.EditorAgent)).current()


def editor_origins() -> frozenset[str]:
    """Whose pages may call `functions/editor_agent`."""
    return settings.read(settings.EditorAgent).origins


def editor_distribution() -> str:
    """The secret of the distribution that alone may call `functions/editor_agent`; empty where there is none."""
    return settings.read(settings.EditorAgent).distribution_secret


def _desk(here: settings.EditorSettings) -> "Desk":
    """What runs editor agents; their time begins now."""
    from encord_lambda import deadlines
    from encord_lambda.agents.agent import Tools
    from encord_lambda.config_editor import EditorAttributes, EditorClassify, EditorDescribe
    from encord_lambda.editor_api.desk import Desk
    from encord_lambda.media.documents import SignedDocuments
    from encord_lambda.media.images import SignedPictures, cropped

    ends = time.monotonic() + here.agent_seconds
    pipeline, downloads = wiring.pipeline_file(here).current(), wiring.downloads(here)
    asking = (EditorDescribe, EditorClassify, EditorAttributes)
    if any(isinstance(agent, asking) for agent in pipeline.editor_agents.values()):
        wiring.connect_ahead(here)
    tools = Tools(
        _guarded(wiring.model(here), pipeline, here.spend_table),
        SignedPictures(downloads),
        frames=wiring.videos(here),
        documents=SignedDocuments(downloads),
        prompts=wiring.pipeline_file(here).prompts(pipeline),
        crop=cropped,
        own_agents=_own_agents(pipeline),
    )
    tools = deadlines.timed(tools, lambda: ends - time.monotonic())
    return Desk(
        pipeline,
        wiring.projects(here),
        tools,
        _signing_secrets,
        lambda: datetime.now(UTC),
        lambda: wiring.queue(here.calls_queue_url),
    )


def _own_agents(pipeline: "PipelineConfig") -> "OwnAgents | None":
    """What runs custom agents, if there are any."""
    from encord_lambda.config_editor import EditorCustom

    if not any(isinstance(agent, EditorCustom) for agent in pipeline.editor_agents.values()):
        return None
    from encord_lambda.custom.running import LayerAgents

    return LayerAgents()


def _guarded(model: "LanguageModel", pipeline: "PipelineConfig", table: str) -> "LanguageModel":
    """The model within the budgets, if there are any: the client of a table that is not needed takes its time, too."""
    if not pipeline.budgets:
        return model
    from encord_lambda.agents.allowance import Allowance
    from encord_lambda.agents.spending import SpendGuard

    return SpendGuard(model, Allowance(pipeline.budgets, wiring.spend(table)), None)


@functools.lru_cache(maxsize=32)
def _signing_secrets(name: str) -> "KnownSecrets":
    from encord_lambda.dispatch.known_secrets import KnownSecrets

    return KnownSecrets(lambda: wiring.secret(name))
