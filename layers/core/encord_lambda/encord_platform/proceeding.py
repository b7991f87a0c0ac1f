"""Tasks leave an agent stage: all with one request, whose refusal or lost answer is looked into, not guessed at."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from encord.exceptions import RateLimitExceededError
from encord.workflow import AgentStage
from encord.workflow.stages.agent import AgentTask

from encord_lambda.encord_platform.together import Request, by_halves, troubles
from encord_lambda.errors import Deferred, Gone, Misconfigured, Reject, Retry, Trouble


def agent_task(stage: AgentStage, task: UUID) -> AgentTask:
    """A task of the stage as the SDK's own object, without listing it: fit to proceed, and for nothing else."""
    known: dict[str, Any] = {"uuid": task}
    made = AgentTask.model_construct(**known)
    made._stage_uuid, made._workflow_client = stage.uuid, stage._workflow_client
    return made


@dataclass(frozen=True, slots=True)
class Departure:
    """How tasks leave the stage with this title: `send` moves all of them or none."""

    title: str
    send: Request
    returned: Callable[[Collection[UUID]], Mapping[UUID, bool]]
    """Of those that wait at the stage now, whether they changed since: then they may have been away."""

    def of(self, tasks: Sequence[UUID]) -> dict[UUID, Trouble]:
        """Send the tasks on; returns what could not be moved, and raises no trouble.

        A request that is refused moved nobody, or was sent twice on its way: those that are not there are Gone, those
        that may have come back are decided about anew, and the others are sent again. A request without an answer
        may have moved them: those that are gone then are taken for moved.
        """
        try:
            self.send(tasks)
        except Reject as refusal:
            return self._refused(tasks, refusal)
        except Retry as trouble:
            return self._settled(dict.fromkeys(tasks, trouble))
        return {}

    def _refused(self, tasks: Sequence[UUID], refusal: Reject) -> dict[UUID, Trouble]:
        try:
            returned = self.returned(tasks)
        except Trouble as unknown:
            return dict.fromkeys(tasks, unknown)
        here = [task for task in tasks if returned.get(task) is False]
        others = {
            task: self._back(refusal.reason) if task in returned else self._left() for task in tasks if task not in here
        }
        again = troubles(here, self.send) if others else by_halves(here, refusal, self.send)
        return others | self._settled(again)

    def _settled(self, refused: dict[UUID, Trouble]) -> dict[UUID, Trouble]:
        """What is left of troubles once it is known who is still there; all of them if that cannot be known."""
        doubtful = [task for task, why in refused.items() if isinstance(why, Reject) or _may_be_done(why)]
        if not doubtful:
            return refused
        try:
            returned = self.returned(doubtful)
        except Trouble:
            return refused
        rejected = [task for task in doubtful if isinstance(refused[task], Reject)]
        # Who was refused alone and is not there all the same was moved by somebody else meanwhile.
        moved_by_others = {task: self._left() for task in rejected if task not in returned}
        back = {task: self._back(refused[task].reason) for task in rejected if returned.get(task)}
        standing = {task: why for task, why in refused.items() if task in returned or task not in doubtful}
        return standing | moved_by_others | back

    def _back(self, refusal: str) -> Trouble:
        said = f"came back to the stage '{self.title}' meanwhile, or was changed there; it is decided about anew"
        return Retry(f"{said} (Encord said: {refusal})")

    def _left(self) -> Trouble:
        return Gone(f"has left the stage '{self.title}'")


def _may_be_done(trouble: Trouble) -> bool:
    """Whether Encord may have done what it was asked to: not if it was never asked, or refused for now."""
    never = isinstance(trouble, Deferred | Misconfigured) or isinstance(trouble.__cause__, RateLimitExceededError)
    return isinstance(trouble, Retry) and not never
