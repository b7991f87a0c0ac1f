"""One group of tasks at one agent stage: list, open, decide, save, proceed; each step one request for all of them.

Models may take minutes, and saving replaces a whole label row: so rows are opened afresh once all is decided, and what
a person saved meanwhile stands. Save comes before proceed, and a crash in between is repaired by the next try: the same
labels in place of themselves, then the pathway.
"""

from collections.abc import Mapping, Set
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from encord_lambda import config, deadlines
from encord_lambda.agent_stage import LabelRow, Stage, Visit
from encord_lambda.agents import appointing
from encord_lambda.agents.agent import Agent, DataUnit, Decision, Tools
from encord_lambda.agents.turns import limited
from encord_lambda.dispatch.claims import State
from encord_lambda.errors import Deferred, Gone, Misconfigured, Reject, Retry, Trouble
from encord_lambda.labels.proposals import Written
from encord_lambda.outcomes import Decided, Labelled, Routed, Shadowed, TakenUp
from encord_lambda.shadow import Shadows, shadow_decision
from encord_lambda.task_group import Move, TaskGroup


@dataclass(frozen=True, slots=True)
class Means:
    """What a group is worked on with."""

    tools: Tools
    at_once: int
    """How many model calls may be under way."""
    time_left: deadlines.TimeLeft
    """The group's own, until all is decided."""
    shadows: Shadows
    taken_up: datetime
    """When the batch was taken up."""


@dataclass(frozen=True, slots=True)
class Listing[Row: LabelRow]:
    """A stage, its agent as configured, and label rows by data unit as they were listed."""

    stage: Stage[Row]
    configured: config.Stage
    rows: Mapping[UUID, Row]


class StageRun[Row: LabelRow]:
    """Takes the open jobs of a group to their outcomes."""

    def __init__(self, listing: Listing[Row], group: TaskGroup, means: Means) -> None:
        self._stage, self._configured, self._listed = listing.stage, listing.configured, listing.rows
        self._group, self._means = group, means
        self._agent: Agent = appointing.agent(listing.configured)

    def run(self) -> None:
        """Take every open job to its outcome.

        Raises:
            Trouble: A step failed for all jobs that are still open.
        """
        self._group.tell(self._taken_up())
        rows = self._rows()
        if not self._group.open:
            return
        decisions = self._decided(self._group.attempt(self._configured, lambda task: rows[task].unit()))
        written = self._written(rows, decisions)
        if self._configured.shadow:
            self._move(decisions, written)
            self._write_down(decisions)
        else:
            self._save(rows, written)
            self._move(decisions, written)
            self._proceed()

    def _taken_up(self) -> TakenUp:
        tasks = {task: job.message.data for task, job in self._group.open.items()}
        rows = [self._listed.get(data) for data in tasks.values()]
        items = tuple(row.item if row else None for row in rows)
        return TakenUp(self._configured.project, self._stage.title, tuple(tasks), tuple(tasks.values()), items)

    def _rows(self) -> dict[UUID, Row]:
        """The rows of the tasks that still wait here, open if the agent looks at them."""
        jobs = self._group.open.items()
        rows = {task: self._listed[job.message.data] for task, job in jobs if job.message.data in self._listed}
        self._let_go({task for task in self._group.open if task not in rows or not rows[task].waits_as(task)})
        for task in self._group.open.keys() - rows.keys():
            self._group.refuse(self._configured, task, Reject("Encord has no label row for its data unit"))
        here = {task: row for task, row in rows.items() if task in self._group.open}
        if self._agent.looks and here:
            self._refuse(self._stage.open(here))
        return here

    def _let_go(self, doubtful: Set[UUID]) -> None:
        """Drop those of these tasks that do not wait here any more; who says so is the stage itself."""
        if doubtful:
            waiting = self._stage.waiting({self._group.open[task].message.data for task in doubtful})
            for task in doubtful - waiting:
                self._group.fall_out(task, Gone(f"has left the stage '{self._stage.title}'"))

    def _decided(self, units: Mapping[UUID, DataUnit]) -> dict[UUID, Decision]:
        if not units:
            return {}
        deadlines.check(self._means.time_left)
        tools = self._tools()
        # Twice as many as may ask: some fetch pictures and keep the books while the models answer others.
        pool = ThreadPoolExecutor(2 * self._means.at_once)
        futures = {task: pool.submit(self._agent.decide, unit, tools) for task, unit in units.items()}
        wait(futures.values(), timeout=max(self._means.time_left(), 0.0))
        pool.shutdown(wait=False, cancel_futures=True)
        decisions = self._group.attempt(self._configured, lambda task: _in_time(futures[task]))
        self._group.tell(*(_told(task, self._stage.title, made) for task, made in decisions.items()))
        return decisions

    def _tools(self) -> Tools:
        tools = limited(deadlines.timed(self._means.tools, self._means.time_left), self._means.at_once)
        return tools.books.around(tools) if tools.books else tools

    def _written(self, rows: Mapping[UUID, Row], decisions: Mapping[UUID, Decision]) -> dict[UUID, Written]:
        """What became of the proposals in the rows as they stand now; nothing is saved yet."""
        self._refuse(self._opened_afresh({task: rows[task] for task in decisions.keys() & self._group.open.keys()}))
        return self._group.attempt(
            self._configured, lambda task: rows[task].write(decisions[task].proposals, self._agent)
        )

    def _opened_afresh(self, rows: Mapping[UUID, Row]) -> dict[UUID, Trouble]:
        """Have rows as they stand now, of the tasks that are still ours; one service is asked while the other is."""
        with ThreadPoolExecutor(1) as beside:
            dropped = beside.submit(self._group.drop_lost)
            writes = self._agent.owned.classifications or self._agent.owned.objects
            refused = self._stage.open_afresh(rows) if writes and rows else {}
        dropped.result()
        return {task: trouble for task, trouble in refused.items() if task in self._group.open}

    def _save(self, rows: Mapping[UUID, Row], written: Mapping[UUID, Written]) -> None:
        changed = {task: rows[task] for task, became in written.items() if became.changed}
        refused = self._stage.save(changed)
        self._refuse(refused)
        for task in changed.keys() - refused.keys():
            became = written[task]
            self._group.tell(
                Labelled(task, self._stage.title, became.added, became.replaced, became.kept, became.outside)
            )

    def _move(self, decisions: Mapping[UUID, Decision], written: Mapping[UUID, Written]) -> None:
        for task in written.keys() & self._group.open.keys() - self._group.moves.keys():
            self._group.moves[task] = _move(self._configured, decisions[task], written[task])

    def _write_down(self, decisions: Mapping[UUID, Decision]) -> None:
        """Keep what would have been done; nothing is done."""
        moves, title = dict(self._group.moves), self._stage.title
        self._means.shadows.keep(
            [
                shadow_decision(self._group.open[task].message, title, move, decisions.get(task), self._means.taken_up)
                for task, move in moves.items()
            ]
        )
        self._group.tell(*(Shadowed(task, title, move.pathway, move.reason) for task, move in moves.items()))
        self._group.finish(moves, State.SHADOWED)

    def _proceed(self) -> None:
        moves = {task: move.pathway for task, move in self._group.moves.items() if move.pathway is not None}
        messages = {task: self._group.open[task].message for task in moves}
        refused = self._stage.proceed(
            moves, {task: Visit(message.data, message.updated_at) for task, message in messages.items()}
        )
        for task, trouble in refused.items():
            self._group.fall_out(task, trouble)
        moved = moves.keys() - refused.keys()
        self._group.tell(
            *(Routed(task, self._stage.title, moves[task], self._group.moves[task].reason) for task in moved)
        )
        self._group.finish(moved)

    def _refuse(self, refused: Mapping[UUID, Trouble]) -> None:
        for task, trouble in refused.items():
            self._group.refuse(self._configured, task, trouble)


def _told(task: UUID, stage: str, made: Decision) -> Decided:
    took = made.usage
    return Decided(
        task, stage, made.answer, made.confidence, took.seconds, took.input_tokens, took.output_tokens, took.usd
    )


def _move(configured: config.Stage, decision: Decision, written: Written) -> Move:
    """An answer that stands goes before the agent's."""
    reason = decision.reason
    if written.standing is not None:
        reason = f"'{written.standing}' was answered before and stands; {reason}"
    if not written.changed and (written.kept or written.outside):
        reason = f"{reason}; nothing was written: {_given_way(written)}"
    return Move(configured.pathway(decision.answer if written.standing is None else written.standing), reason)


def _given_way(written: Written) -> str:
    kept = f"{written.kept} gave way to labels that stand there" if written.kept else ""
    outside = f"{written.outside} lie outside the picture" if written.outside else ""
    return ", ".join(filter(None, (kept, outside)))


def _in_time(decided: Future[Decision]) -> Decision:
    """What was decided.

    Raises:
        Retry: It is not done yet; Deferred if it was not even begun.
        Exception: As the agent.
    """
    if decided.cancelled():
        raise Deferred(deadlines.LATE)
    if not decided.done():
        raise Retry(deadlines.LATE)
    return decided.result()


def check_pathways[Row: LabelRow](stage: Stage[Row], configured: config.Stage) -> None:
    """Whether the stage has all the pathways that pipeline.yaml names.

    Raises:
        Misconfigured: It lacks one; says which it has.
    """
    if unknown := sorted(configured.taken - stage.pathways):
        known = ", ".join(f"'{name}'" for name in sorted(stage.pathways))
        raise Misconfigured(f"pipeline.yaml: stage '{stage.title}' has no pathway '{unknown[0]}'; it has: {known}")
