"""One group of tasks at one agent stage: list, open, decide, save, proceed; each step one request for all of them.

A task in trouble falls out alone. Save comes before proceed, and a crash in between is repaired by the next try: the
same labels in place of themselves, then the pathway.
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from encord_lambda import config
from encord_lambda.agents import appointing
from encord_lambda.agents.agent import Agent, DataUnit, Decision, Tools
from encord_lambda.dispatch.claims import Claim, Held, State
from encord_lambda.dispatch.messages import TaskMessage
from encord_lambda.errors import Misconfigured, OverBudget, Reject, Retry, Skip, Trouble
from encord_lambda.labels.proposals import Proposal, Written
from encord_lambda.outcomes import Decided, Labelled, Postponed, Rejected, Result, Routed, Skipped

RESERVE_SECONDS = 30.0
"""Kept back for saving and proceeding, each of which may take one of the SDK's timeouts."""


class LabelRow(Protocol):
    """A label row, open for reading and writing."""

    def unit(self, frame: int = 0) -> DataUnit:
        """What an agent is shown of it."""
        ...

    def write(self, proposals: tuple[Proposal, ...], agent: Agent) -> Written:
        """Put an agent's proposals in, in place of all it wrote before. Nothing is saved yet."""
        ...


class Stage[Row: LabelRow](Protocol):
    """An agent stage of a project."""

    title: str
    pathways: frozenset[str]

    def waiting(self, data: Collection[UUID]) -> set[UUID]:
        """The tasks of these data units that wait here."""
        ...

    def rows(self, data: Collection[UUID], branch: str, *, opened: bool) -> dict[UUID, Row]:
        """Label rows by data unit; an unknown data unit is left out. Only an opened one has media and labels."""
        ...

    def save(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Save rows, by task; returns what could not be saved."""
        ...

    def proceed(self, moves: Mapping[UUID, str]) -> dict[UUID, Trouble]:
        """Send tasks along pathways; returns what could not be moved."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """A task's message and the claim that lets us work on it; the claim's owner is the message's id."""

    message: TaskMessage
    claim: Claim


class StageRun[Row: LabelRow]:
    """The jobs of one (project, stage, branch), until each has an outcome. `open` holds those that have none yet."""

    def __init__(self, jobs: list[Job], claims: Held, result: Result, time_left: Callable[[], float]) -> None:
        self.open = {job.message.task: job for job in jobs}
        self._claims, self._result, self._time_left = claims, result, time_left
        self._moves: dict[UUID, tuple[str, str]] = {}

    def run(self, stage: Stage[Row], configured: config.Stage, tools: Tools, at_once: int) -> None:
        """Take every open job to its outcome. `at_once` is how many model calls may be under way.

        Raises:
            Trouble: A step failed for all jobs that are still open.
        """
        _check_pathways(stage, configured)
        agent = appointing.agent(configured)
        self._keep_waiting(stage)
        rows = self._rows(stage, configured, opened=agent.looks)
        units = self._attempt(configured, lambda task: rows[task].unit())
        decisions = self._decided(configured, units, lambda unit: agent.decide(unit, tools), at_once)
        self._result.outcomes += [_decided(task, stage.title, made) for task, made in decisions.items()]
        self._drop_lost()
        written = self._attempt(configured, lambda task: rows[task].write(decisions[task].proposals, agent))
        self._save(stage, configured, {task: rows[task] for task, w in written.items() if w.changed})
        for task in written.keys() & self.open.keys() - self._moves.keys():
            self._labelled(stage.title, task, written[task])
            self._moves[task] = _move(configured, decisions[task], written[task])
        self._proceed(stage)

    def fall_out(self, task: UUID, trouble: Trouble) -> None:
        """End a job in trouble: its message stays for a retry or the dead-letter queue, or goes if nothing is left."""
        job = self.open.pop(task)
        if isinstance(trouble, Skip):
            self._result.outcomes.append(Skipped(str(task), trouble.reason))
            self._claims.finish([job.claim], State.DONE)
            return
        self._result.keep.append(job.claim.owner)
        if isinstance(trouble, Reject):
            self._result.outcomes.append(Rejected(str(task), trouble.reason))
            self._claims.finish([job.claim], State.REJECTED)
        else:
            self._result.outcomes.append(Postponed(str(task), trouble.reason))

    def _refuse(self, configured: config.Stage, task: UUID, trouble: Trouble) -> None:
        """As `fall_out`, but what can never work, or not today, takes the pathway for that where there is one."""
        if isinstance(trouble, Reject) and configured.failed:
            self._result.outcomes.append(Rejected(str(task), trouble.reason))
            self._moves[task] = (configured.failed, trouble.reason)
        elif isinstance(trouble, OverBudget) and configured.over_budget:
            self._moves[task] = (configured.over_budget, trouble.reason)
        else:
            self.fall_out(task, trouble)

    def _keep_waiting(self, stage: Stage[Row]) -> None:
        if self.open:
            waiting = stage.waiting({job.message.data for job in self.open.values()})
            for task in self.open.keys() - waiting:
                self.fall_out(task, Skip(f"has left the stage '{stage.title}'"))

    def _rows(self, stage: Stage[Row], configured: config.Stage, *, opened: bool) -> dict[UUID, Row]:
        if not self.open:
            return {}
        first = next(iter(self.open.values()))
        found = stage.rows({job.message.data for job in self.open.values()}, first.message.branch, opened=opened)
        rows = {task: found[job.message.data] for task, job in self.open.items() if job.message.data in found}
        for task in self.open.keys() - rows.keys():
            self._refuse(configured, task, Reject("Encord has no label row for its data unit"))
        return rows

    def _attempt[T](self, configured: config.Stage, step: Callable[[UUID], T]) -> dict[UUID, T]:
        """Do a step for each job that is not on its way yet; who fails falls out."""
        done = {}
        for task in self.open.keys() - self._moves.keys():
            try:
                done[task] = step(task)
            except Trouble as trouble:
                self._refuse(configured, task, trouble)
        return done

    def _decided(
        self,
        configured: config.Stage,
        units: Mapping[UUID, DataUnit],
        decide: Callable[[DataUnit], Decision],
        at_once: int,
    ) -> dict[UUID, Decision]:
        pool = ThreadPoolExecutor(at_once)
        futures = {task: pool.submit(decide, unit) for task, unit in units.items()}
        wait(futures.values(), timeout=max(self._time_left() - RESERVE_SECONDS, 0.0))
        pool.shutdown(wait=False, cancel_futures=True)
        return self._attempt(configured, lambda task: _in_time(futures[task]))

    def _drop_lost(self) -> None:
        """Who lost the lease meanwhile must not write: another worker has the task."""
        standing = self._claims.read([job.claim.key for job in self.open.values()])
        for task, job in list(self.open.items()):
            claim = standing.get(job.claim.key)
            if claim is None or claim.token != job.claim.token:
                del self.open[task]
                self._moves.pop(task, None)
                self._result.outcomes.append(Skipped(str(task), "its lease ran out and another worker has it"))

    def _save(self, stage: Stage[Row], configured: config.Stage, rows: dict[UUID, Row]) -> None:
        for task, trouble in stage.save(rows).items():
            self._refuse(configured, task, trouble)

    def _labelled(self, stage: str, task: UUID, written: Written) -> None:
        if written.changed:
            self._result.outcomes.append(
                Labelled(task, stage, written.added, written.replaced, written.kept, written.outside)
            )

    def _proceed(self, stage: Stage[Row]) -> None:
        moves = {task: pathway for task, (pathway, _) in self._moves.items() if task in self.open}
        refused = stage.proceed(moves)
        gone = set(refused) - stage.waiting({self.open[task].message.data for task in refused}) if refused else set()
        for task, trouble in refused.items():
            self.fall_out(task, Skip(f"has left the stage '{stage.title}'") if task in gone else trouble)
        moved = [self.open.pop(task) for task in moves.keys() - refused.keys()]
        for job in moved:
            pathway, reason = self._moves[job.message.task]
            self._result.outcomes.append(Routed(job.message.task, stage.title, pathway, reason))
        self._claims.finish([job.claim for job in moved], State.DONE)


def _decided(task: UUID, stage: str, made: Decision) -> Decided:
    took = made.usage
    return Decided(
        task, stage, made.answer, made.confidence, took.seconds, took.input_tokens, took.output_tokens, took.usd
    )


def _move(configured: config.Stage, decision: Decision, written: Written) -> tuple[str, str]:
    """Pathway and reason: an answer that stands goes before the agent's."""
    if written.standing is not None:
        reason = f"'{written.standing}' was answered before and stands; {decision.reason}"
        return configured.pathway(written.standing), reason
    return configured.pathway(decision.answer), decision.reason


def _in_time(decided: Future[Decision]) -> Decision:
    if not decided.done() or decided.cancelled():
        raise Retry("the function's time ran out before the model answered")
    return decided.result()


def _check_pathways[Row: LabelRow](stage: Stage[Row], configured: config.Stage) -> None:
    if unknown := sorted(configured.taken - stage.pathways):
        known = ", ".join(f"'{name}'" for name in sorted(stage.pathways))
        raise Misconfigured(f"pipeline.yaml: stage '{stage.title}' has no pathway '{unknown[0]}'; it has: {known}")
