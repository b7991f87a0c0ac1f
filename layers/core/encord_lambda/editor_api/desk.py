"""Running one agent on one frame, and saving what it made of it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from encord_lambda import deadlines
from encord_lambda.agents.agent import Agent, DataUnit, Decision, Tools
from encord_lambda.agents.calling import called
from encord_lambda.agents.material import DOCUMENTS
from encord_lambda.config import PipelineConfig
from encord_lambda.config_editor import EditorAgent
from encord_lambda.dispatch.call_message import CallMessage, EditorCall
from encord_lambda.editor_api.access import Secrets
from encord_lambda.editor_api.replies import Refusal
from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.encord_platform.workflow import Projects
from encord_lambda.errors import Misconfigured, Retry
from encord_lambda.labels.proposals import Owned, Written

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """What a call came to: the decision, whose message is what the annotator is to be told, and what was saved."""

    decision: Decision
    written: Written = field(default_factory=Written)
    """Attributes that were answered count as added."""


class Calls(Protocol):
    """Where calls wait that nobody waits for."""

    def send(self, messages: Sequence[CallMessage]) -> None:
        """Have these finished.

        Raises:
            Retry: Some were refused.
        """


@dataclass(frozen=True, slots=True)
class Desk:
    """What a call is answered with."""

    pipeline: PipelineConfig
    projects: Projects
    tools: Tools
    secrets: Secrets
    now: Callable[[], datetime]
    """With its time zone."""
    calls: Callable[[], Calls]
    """Set up when there is the first."""

    def configured(self, name: str | None) -> EditorAgent:
        """The agent of this name; without one, the first.

        Raises:
            Refusal: 404; names those there are.
        """
        found = self.pipeline.editor_agent(name)
        if found is None:
            known = ", ".join(self.pipeline.editor_agents) or "none"
            raise Refusal(HTTPStatus.NOT_FOUND, f"there is no editor agent '{(name or '')[:60]}'; there are: {known}")
        return found

    def run(self, configured: EditorAgent, call: EditorCall) -> Done:
        """Have the agent decide, and save its labels.

        Raises:
            Refusal: The project is not served, Encord does not let us see the data unit, or it has no such object.
            Late: The agent's time is over, and nothing was saved; nor will it be, whatever the agent still makes of it.
            Trouble: As the agent and the platform do.
        """
        row = self._opened(configured, call)
        if row.strangers(call.selected):
            text = "an object that you selected is not saved in Encord, or was deleted: save your work and try again"
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, text)
        unit = replace(row.unit(call.frame or 0), alone=True, selected=call.selected)
        agent = called(configured)
        decision = deadlines.decided(lambda: agent.decide(unit, self.tools), self.tools.time_left)
        return _saved(row, agent, decision, unit)

    def queue(self, name: str, call: EditorCall) -> None:
        """Have `functions/finish_calls` run the agent of this name, from the beginning.

        Raises:
            Retry: The call is not queued.
        """
        try:
            self.calls().send([CallMessage(version=1, agent=name, call=call)])
        except Misconfigured as wrong:
            raise Retry(wrong.reason) from wrong  # the agent itself is set up well enough

    def _opened(self, configured: EditorAgent, call: EditorCall) -> Row:
        if not self.pipeline.serves(call.project, configured):
            raise Refusal(HTTPStatus.FORBIDDEN, "pipeline.yaml does not name this project for this agent")
        try:
            row = self.projects.row(call.project, call.data)
        except Misconfigured as unseen:
            _log.warning("Misconfigured: %s", unseen.reason)
            text = "Encord does not let this agent open the project; its owner finds the reason in the log"
            raise Refusal(HTTPStatus.FORBIDDEN, text) from None
        if row is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "this project has no such data unit, or the agent may not see it")
        return row


def _saved(row: Row, agent: Agent, decision: Decision, unit: DataUnit) -> Done:
    """Write the agent's labels, and those only, into the row as it stands now; what a person answered stands."""
    if agent.owned == Owned() and not decision.amendments:
        return Done(decision)
    row.open_afresh()  # while the agent thought, the annotator or somebody else may have saved
    frame = None if unit.facts.data_type in DOCUMENTS else unit.frame
    written = row.write(decision.proposals, agent, frame)
    amended = row.amend(decision.amendments)
    if written.changed or amended:
        row.save()
    written = replace(written, added=written.added + amended)
    if written.standing is None:
        return Done(decision, written)
    title = agent.owned.classifications[0]
    text = f"'{title}' is answered already; delete that answer to have a new one written"
    return Done(replace(decision, answer=written.standing, message=text), written)
