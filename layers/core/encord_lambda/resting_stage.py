"""Agent stages that ask nothing of Encord while Encord rests: one circuit breaker for all its projects."""

from collections.abc import Callable, Collection, Mapping
from typing import Final
from uuid import UUID

from encord_lambda import breakers
from encord_lambda.agent_stage import LabelRow, Stage, Visit
from encord_lambda.breakers import Breaker, Breakers, Says
from encord_lambda.errors import Deferred, Misconfigured, Retry, Trouble
from encord_lambda.execution import Stages

ENCORD: Final = "Encord"


class RestingStages[Row: LabelRow]:
    """Finds agent stages, behind the breaker."""

    def __init__(self, stages: Stages[Row], known: Breakers) -> None:
        self._stages, self._encord = stages, known.of(ENCORD)

    def stage(self, project: UUID, uuid: UUID) -> "RestingStage[Row]":
        """The agent stage with this id.

        Raises:
            Deferred: Encord rests.
            Trouble: As `stages` do.
        """
        found = self._encord.ask(lambda: self._stages.stage(project, uuid), _if_it_fails)
        return RestingStage(found, self._encord)


class RestingStage[Row: LabelRow]:
    """An agent stage, behind the breaker. What would ask for no task at all is not asked."""

    def __init__(self, stage: Stage[Row], encord: Breaker) -> None:
        self._stage, self._encord = stage, encord
        self.title, self.pathways = stage.title, stage.pathways

    def waiting(self, data: Collection[UUID]) -> set[UUID]:
        """As the stage's.

        Raises:
            Deferred: Encord rests.
            Trouble: As the stage does.
        """
        return self._encord.ask(lambda: self._stage.waiting(data), _verdict) if data else set()

    def rows(self, data: Collection[UUID], branch: str) -> dict[UUID, Row]:
        """As the stage's; raises as `waiting`."""
        return self._encord.ask(lambda: self._stage.rows(data, branch), _verdict)

    def open(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """As the stage's; raises as `waiting`."""
        return self._each(rows, lambda: self._stage.open(rows))

    def open_afresh(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """As the stage's; raises as `waiting`."""
        return self._each(rows, lambda: self._stage.open_afresh(rows))

    def save(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """As the stage's; raises as `waiting`."""
        return self._each(rows, lambda: self._stage.save(rows))

    def proceed(self, moves: Mapping[UUID, str], visits: Mapping[UUID, Visit]) -> dict[UUID, Trouble]:
        """As the stage's, which raises no trouble: while Encord rests, every task is deferred."""
        try:
            return self._each(moves, lambda: self._stage.proceed(moves, visits))
        except Deferred as deferred:
            return dict.fromkeys(moves, deferred)

    def _each(self, tasks: Collection[UUID], ask: Callable[[], dict[UUID, Trouble]]) -> dict[UUID, Trouble]:
        if not tasks:
            return {}

        def learn(ending: object) -> Retry | Says:
            return _verdict_of_all(ending, len(tasks)) if isinstance(ending, Mapping) else _verdict(ending)

        return self._encord.ask(ask, learn)


def _verdict(ending: object) -> Retry | Says:
    """That a key may not see one project, or that a project has no such stage, says nothing of the other projects."""
    return Says.ANSWERED if isinstance(ending, Misconfigured) else breakers.verdict(ending)


def _if_it_fails(ending: object) -> Retry | Says:
    """A project may be known from before, so that nobody was asked for it."""
    verdict = _verdict(ending)
    return verdict if isinstance(verdict, Retry) else Says.NOTHING


def _verdict_of_all(refused: Mapping[UUID, Trouble], tasks: int) -> Retry | Says:
    """Encord failed if it failed all tasks."""
    verdicts = [_verdict(trouble) for trouble in refused.values()]
    failures = [verdict for verdict in verdicts if isinstance(verdict, Retry)]
    return max(failures, key=lambda one: one.after) if len(failures) == tasks else Says.ANSWERED
