"""What notifications are answered with, without AWS: it says what was asked of it."""

from datetime import datetime
from uuid import UUID

from encord_lambda.config import PipelineConfig
from encord_lambda.dispatch import task_ready
from encord_lambda.dispatch.known_secrets import KnownSecrets
from encord_lambda.dispatch.notification import TaskReady
from encord_lambda.errors import Trouble
from encord_lambda.outcomes import Outcome
from tests.task_ready.signed import NOW, PROJECT, SECRET, Json

STAGE_OF = """
  - project: {project}
    stage: Agent 1
    agent: {{kind: classify, model: openai:m, classification: Animal}}
    pathways: {{otherwise: Other}}
"""


class Scene:
    """One container's notifications. `secret` is what Secrets Manager says now, `trouble` what EventBridge says."""

    def __init__(self, *projects: UUID) -> None:
        self.now, self.secret = NOW, SECRET
        self.projects = list(projects or [PROJECT])
        self.trouble: Trouble | None = None
        self.fetched = self.read = 0
        self.told: list[TaskReady] = []
        self._desk = task_ready.Desk(KnownSecrets(self._fetch), task_ready.Served(self), self)

    def answer(self, event: object, now: datetime | None = None) -> tuple[int, list[Outcome]]:
        """The status and the outcomes."""
        reply, outcomes = task_ready.answer(event, lambda: self._desk, now or self.now)
        return reply["statusCode"], outcomes

    def reply(self, event: Json) -> task_ready.Reply:
        return task_ready.answer(event, lambda: self._desk, self.now)[0]

    def current(self) -> PipelineConfig:
        self.read += 1
        stages = "".join(STAGE_OF.format(project=project) for project in self.projects)
        return PipelineConfig.parse("p.yaml", f"version: 1\nstages:{stages}" if stages else "version: 1")

    def tell(self, ready: TaskReady) -> None:
        if self.trouble:
            raise self.trouble
        self.told.append(ready)

    def _fetch(self) -> str:
        self.fetched += 1
        return self.secret
