"""Events and visits in any order, twice, at once, of workers that die: each object ends in one item or is refused."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from encord_lambda.config_registration import Grouping
from encord_lambda.errors import Retry
from encord_lambda.registration.directories.groups import GroupKey, State
from tests.fakes.gathering import BUCKET, JPEG, Crash, World, etag

DIRECTORIES = ("runs/1/", "runs/2/")
BODIES = (JPEG, JPEG + b"other", b"no image")
MARKED = Grouping(kind="image_group")
QUIET = Grouping(kind="image_group", quiet_minutes=5)


@dataclass(frozen=True)
class Put:
    directory: str
    name: str
    body: bytes


@dataclass(frozen=True)
class Delete:
    directory: str
    name: str


@dataclass(frozen=True)
class Wait:
    seconds: int


@dataclass(frozen=True)
class Tell:
    """Some of the events are processed, or some that were before, told twice."""

    which: frozenset[int]
    again: bool = False


@dataclass(frozen=True)
class Visit:
    """A message that is due within some seconds is processed when it is; it may be under way twice."""

    which: int
    within: int = 0


@dataclass(frozen=True)
class Meeting:
    """While a step is at its so-many-th request, others happen, or its worker dies."""

    step: Tell | Visit
    request: int
    others: tuple["Step", ...] = ()
    """None: it dies."""


type Step = Put | Delete | Wait | Tell | Visit | Meeting

PLACES = {"directory": st.sampled_from(DIRECTORIES), "name": st.sampled_from(["1.jpg", "2.jpg", "10.jpg"])}
PUTS = st.builds(Put, **PLACES, body=st.sampled_from(BODIES[:2]))
BROKEN = st.builds(Put, **PLACES, body=st.just(BODIES[2]))
MARKERS = st.builds(Put, PLACES["directory"], st.just("_COMPLETE"), st.just(b""))
TELLS = st.builds(Tell, st.frozensets(st.integers(0, 9), min_size=1, max_size=4), st.booleans())
VISITS = st.builds(Visit, st.integers(0, 3), st.sampled_from([0, 40, 400]))
WAITS = st.builds(Wait, st.sampled_from([1, 15, 40, 100]))
BRIEF = st.one_of(PUTS, MARKERS, TELLS, st.builds(Visit, st.integers(0, 3)), WAITS)
MEETINGS = st.builds(Meeting, TELLS | VISITS, st.integers(1, 12), st.lists(BRIEF, max_size=3).map(tuple))
LONG = st.builds(Wait, st.sampled_from([400, 1000, 2000]))
STEPS = st.lists(
    st.one_of(PUTS, PUTS, MARKERS, TELLS, TELLS, VISITS, VISITS, WAITS, MEETINGS, MEETINGS, LONG, BROKEN)
    | st.builds(Delete, **PLACES),
    max_size=40,
)

FIRST = Tell(frozenset({0}))
AN_OBJECT_COMES_WHILE_THE_NEXT_VISIT_IS_ARRANGED: list[Step] = [
    *(Put("runs/1/", "1.jpg", JPEG), FIRST, Wait(305), Put("runs/1/", "2.jpg", JPEG), Wait(15)),
    Meeting(Visit(0), 4, (FIRST,)),
]
A_MARKER_COMES_WHILE_IT_IS_LOOKED_FOR: list[Step] = [
    *(Put("runs/1/", "1.jpg", JPEG), FIRST, Wait(40)),
    Meeting(Visit(0), 3, (Put("runs/1/", "_COMPLETE", b""), FIRST)),
]
AN_OBJECT_COMES_WHILE_THE_PLAN_IS_MADE: list[Step] = [
    *(Put("runs/1/", "1.jpg", JPEG), Put("runs/1/", "_COMPLETE", b""), FIRST, FIRST, Wait(40)),
    *(Meeting(Visit(0), number, (Put("runs/1/", f"{number}.jpg", JPEG), FIRST)) for number in (3, 4, 5)),
]


class Schedule:
    """Makes the steps."""

    def __init__(self, group: Grouping) -> None:
        self.world = World(group)
        self.told = list(self.world.events)

    def make(self, step: Step) -> None:
        """A step; Retry and the death of a worker are those of the step alone."""
        match step:
            case Put(directory, name, body):
                self.told.append(self.world.put(directory + name, body))
            case Delete(directory, name):
                self.world.bucket.pop(directory + name, None)
            case Wait(seconds):
                self.world.wait(seconds)
            case Meeting(inner, request, others):
                self.world.before[self.world.calls + request] = partial(self._meanwhile, others)
                self.make(inner)
                self.world.before.clear()
            case Tell() | Visit():
                with suppress(Retry, Crash):
                    self._work(step)

    def _work(self, step: Tell | Visit) -> None:
        if isinstance(step, Visit):
            due = [due for due in self.world.messages if due.at <= self.world.now + timedelta(seconds=step.within)]
            if due:
                chosen = due[step.which % len(due)]
                self.world.now = max(self.world.now, chosen.at)
                self.world.visit(chosen)
        elif events := self.told if step.again else self.world.events:
            self.world.tell(*dict.fromkeys(events[number % len(events)] for number in sorted(step.which)))

    def _meanwhile(self, others: tuple[Step, ...]) -> None:
        if not others:
            raise Crash
        for step in others:
            self.make(step)

    def end(self) -> None:
        """All that comes at last, comes; by then nobody dies any more."""
        if self.world.registration.group.quiet_minutes is None:
            for directory in DIRECTORIES:
                if f"{directory}_COMPLETE" not in self.world.bucket:
                    self.make(Put(directory, "_COMPLETE", b""))
        for _ in range(20):
            try:
                self.world.tell_all()
                self.world.run(hours=0.5)
            except Retry:
                self.world.wait(1800)


@pytest.mark.parametrize("group", [MARKED, QUIET], ids=["marker", "quiet"])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
@example(steps=AN_OBJECT_COMES_WHILE_THE_NEXT_VISIT_IS_ARRANGED)
@example(steps=A_MARKER_COMES_WHILE_IT_IS_LOOKED_FOR)
@example(steps=AN_OBJECT_COMES_WHILE_THE_PLAN_IS_MADE)
def test_each_object_is_in_one_item_or_refused(group: Grouping, steps: list[Step]) -> None:
    schedule = Schedule(group)
    for step in steps:
        schedule.make(step)
    schedule.end()

    world = schedule.world
    assert (world.events, world.messages) == ([], [])
    for directory in DIRECTORIES:
        causes = [cause for cause, items in world.submitted.items() if items[0].title == directory[:-1]]
        assert len(causes) <= 1
    for key, (body, _) in world.bucket.items():
        ends_once(world, key, body)


def ends_once(world: World, key: str, body: bytes) -> None:
    """An object that is still there is part of the item its directory became, or somebody was told why not."""
    directory, _, name = key.rpartition("/")
    group, plan = world.groups.read(GroupKey(BUCKET, directory + "/")), world.plan(directory + "/")
    if name == "_COMPLETE" or (body == BODIES[2] and plan is None):
        return
    assert group
    assert plan
    assert group.state in (State.SUBMITTED, State.REFUSED)
    reasons = world.refused.get((key, etag(body)), [])
    if plan.members.get(key) == etag(body):
        assert group.state is State.SUBMITTED
        assert [key] == [part for parts in world.parts() for part in parts if part == key]
        assert not [reason for reason in reasons if "after its directory was registered" in reason]
    else:
        assert reasons


@pytest.mark.parametrize("group", [MARKED, QUIET], ids=["marker", "quiet"])
@pytest.mark.parametrize("request_", range(1, 31))
def test_a_worker_may_die_at_any_request(group: Grouping, request_: int) -> None:
    schedule = Schedule(group)
    schedule.make(Put("runs/1/", "1.jpg", JPEG))
    schedule.make(Put("runs/1/", "2.jpg", JPEG))
    schedule.make(Put("runs/1/", "_COMPLETE", b""))
    schedule.world.before[request_] = partial(schedule._meanwhile, ())
    for _ in range(4):
        try:
            schedule.world.tell_all()
            schedule.world.run(hours=0.5)
        except (Crash, Retry):
            schedule.world.wait(1800)

    assert schedule.world.parts() == [["runs/1/1.jpg", "runs/1/2.jpg"]]
    assert (schedule.world.refused, schedule.world.events, schedule.world.messages) == ({}, [], [])
