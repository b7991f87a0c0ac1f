"""A visit to a directory: wait on, or make a plan of all that is in it, and carry that out.

Whoever carries a plan out may die on the way. The next visit finds it on file, and does the same again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from encord_lambda.config import PipelineConfig
from encord_lambda.config_registration import Registration
from encord_lambda.errors import Reject, Retry
from encord_lambda.outcomes import Outcome, Postponed, Rejected, Skipped
from encord_lambda.registration.directories import completeness, planning
from encord_lambda.registration.directories.gathering import ROUNDS, Desk, read_plan, send_visit
from encord_lambda.registration.directories.groups import NOTED, Group, GroupKey, GroupMessage, State
from encord_lambda.registration.directories.planning import MOST_LISTED, Listed
from encord_lambda.registration.directories.plans import Plan, Standing
from encord_lambda.registration.events import Upload
from encord_lambda.registration.upload_jobs.receipts import Refusal


def visit(message: GroupMessage, desk: Desk, now: datetime) -> Sequence[Outcome]:
    """Have a directory registered if it is complete; else a later visit, or its marker, is waited for.

    Raises:
        Retry: It could not be done, or somebody else is at it: the message has to come again.
        Reject: pipeline.yaml groups the directory no more, or its plan is lost.
    """
    for _ in range(ROUNDS):
        group = desk.groups.read(message.key)
        if group is None or group.state not in (State.GATHERING, State.PLANNED):
            return [Skipped(message.key.address, "nothing is to be done in the directory")]
        if group.is_leased(now):
            raise Retry(f"{message.key.address} is being put together by another visit")
        outcomes = _Visit(message, group, desk, now).run()
        if outcomes is not None:
            return outcomes
    raise Retry(f"others changed the record of {message.key.address} again and again")


class _Visit:
    """One look at a group as it was read. Steps answer None if it has changed since: it has to be read again."""

    def __init__(self, message: GroupMessage, group: Group, desk: Desk, now: datetime) -> None:
        self._message, self._group, self._desk, self._now = message, group, desk, now
        self._pipeline = desk.pipeline.current()
        self._registration = _registration(group.key, self._pipeline)

    def run(self) -> Sequence[Outcome] | None:
        if self._group.state is State.PLANNED:
            taken = self._group.leased(self._now)
            plan = read_plan(taken, self._desk.records)
            return self._carry_out(taken, plan) if self._desk.groups.swap(taken) else None
        listed = self._listed()
        complete_at = self._complete_at(listed)
        if complete_at is None:
            return self._wait_for_marker(len(listed))
        return self._come_again(complete_at) if complete_at > self._now else self._put_together(listed)

    def _listed(self) -> Sequence[Listed]:
        return self._desk.directories.listed(self._group.key, self._group.region, MOST_LISTED + 1)

    def _complete_at(self, listed: Sequence[Listed]) -> datetime | None:
        """When it is complete if nothing comes any more; None if only a marker can tell."""
        rule = self._registration.group
        marker = self._group.key.directory + rule.marker
        # A directory that is too full to be listed will be refused, and its marker may be among the rest.
        is_marked = len(listed) > MOST_LISTED or any(entry.upload.key == marker for entry in listed)
        # S3 dates a large object by when its upload began; `seen` knows when it was there.
        last = max([self._group.seen + NOTED, *(entry.modified for entry in listed)])
        return completeness.complete_at(rule, last, is_marked=is_marked)

    def _wait_for_marker(self, objects: int) -> Sequence[Outcome] | None:
        """Told before it is so: after it, no visit would come that could make up for it."""
        marker = self._group.key.address + self._registration.group.marker
        reason = f"waits for its marker: upload {marker} once everything is there"
        self._tell(State.WAITING, objects, reason)
        waits = self._desk.groups.swap(self._group.waiting())
        return [Postponed(self._group.key.address, reason)] if waits else None

    def _come_again(self, at: datetime) -> Sequence[Outcome]:
        """One visit is enough: a copy of a message leaves it to the one that is still to come."""
        due = self._group.due
        if due is None or due <= self._now or due == self._message.due:
            send_visit(self._group, at, self._desk, self._now)
        return []

    def _put_together(self, listed: Sequence[Listed]) -> Sequence[Outcome] | None:
        """Settle what becomes of each object; if one was noted since the group was read, the lease is not to be had."""
        taken = self._group.leased(self._now)
        if not self._desk.groups.swap(taken):
            return None
        with self._handed_back(taken):
            plan = planning.plan(taken.key, listed, self._registration, self._pipeline, self._desk.eyes)
            self._desk.records.write(plan.place, plan.json_bytes())
        if plan.place == taken.plan:
            self._tell(State.REFUSED, len(plan.refused), _told(plan))
            self._desk.groups.swap(taken.settled(State.REFUSED))
            return [Skipped(taken.key.address, "nothing in it has changed since it was refused")]
        planned = taken.planned(plan.place, self._now)
        return self._carry_out(planned, plan) if self._desk.groups.swap(planned) else None

    def _carry_out(self, group: Group, plan: Plan) -> Sequence[Outcome]:
        """Refuse, submit, write down. Where somebody else took over in between, he does the same."""
        at = group.planned_at or self._now
        outcomes: list[Outcome] = [Rejected(key, reason) for key, (_, reason) in plan.refused.items()]
        state = State.SUBMITTED if plan.manifest else State.REFUSED
        with self._handed_back(group):
            if plan.refused:
                self._desk.refuse(_refusals(group, plan), self._registration.prefix, at)
            if plan.manifest:
                outcomes += self._desk.submit(plan.manifest.items, self._registration, plan.place, at)
            self._tell(state, len(plan.members) + len(plan.refused), _told(plan))
        self._desk.groups.swap(group.settled(state))
        return outcomes

    @contextmanager
    def _handed_back(self, taken: Group) -> Iterator[None]:
        """Let go of the lease if the block fails, lest the next visit waits for it to end."""
        try:
            yield
        except (Retry, Reject):
            self._desk.groups.swap(taken.released())
            raise

    def _tell(self, state: State, objects: int, reason: str) -> None:
        bucket, directory = self._group.key
        standing = Standing(
            bucket=bucket, directory=directory, state=state, at=self._now, objects=objects, reason=reason
        )
        self._desk.records.write(standing.place, standing.model_dump_json(indent=2).encode())


def _registration(key: GroupKey, pipeline: PipelineConfig) -> Registration:
    registration = pipeline.registration(key.directory)
    if registration is None or registration.group.kind == "none":
        told = "no registration in pipeline.yaml groups it any more"
        raise Reject(f"{key.address} was being gathered, and {told}: put it back and redrive this message")
    return registration


def _refusals(group: Group, plan: Plan) -> Iterator[Refusal]:
    for key, (etag, reason) in plan.refused.items():
        yield Refusal.of(Upload(group.key.bucket, group.region, key, 0, etag=etag), Reject(reason))


def _told(plan: Plan) -> str:
    """What became of it, in words: what was submitted, and the first reason why not all of it."""
    said = [f"submitted as {', '.join(str(item.title) for item in plan.manifest.items)}"] if plan.manifest else []
    return "; ".join([*said, *(f"{key}: {reason}" for key, (_, reason) in list(plan.refused.items())[:1])])
