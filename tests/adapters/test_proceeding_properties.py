"""Whatever happens between us and the platform, what is said of a task is what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from encord.exceptions import RateLimitExceededError
from hypothesis import example, given
from hypothesis import strategies as st

from encord_lambda.encord_platform.client import trouble
from encord_lambda.encord_platform.proceeding import Departure
from encord_lambda.errors import Deferred, Reject, Retry, Skip

TASKS = [UUID(int=n) for n in range(1, 13)]
type Event = Literal["lost", "reset", "busy", "rests", "intruder"] | None
EVENTS: tuple[Event, ...] = ("lost", "reset", "busy", "rests", "intruder", None)


@dataclass
class Platform:
    """Moves all tasks of a request or none; `events` say what happens to the requests, one after the other."""

    here: set[UUID]
    bad: set[UUID]
    """Tasks whose pathway there is not."""
    events: list[Event] = field(default_factory=list)
    moved: list[UUID] = field(default_factory=list)
    unsure: set[UUID] = field(default_factory=set)
    """Tasks of requests that got no answer."""
    unanswered: set[UUID] = field(default_factory=set)
    """Tasks that nobody could be asked about."""
    back: set[UUID] = field(default_factory=set)
    """Tasks that wait here again, for another visit."""

    def send(self, tasks: Sequence[UUID]) -> None:
        event = self._event()
        if event == "intruder":
            self.here -= {tasks[0]}
        if event in ("lost", "reset"):
            self.unsure |= set(tasks)
        if event == "reset":
            raise Retry("connection reset")
        self._turn_away(event)
        if set(tasks) & self.bad or set(tasks) - self.here:
            raise Reject("some of the tasks cannot go")
        self.here -= set(tasks)
        self.moved += tasks
        if event == "lost":
            raise Retry("connection lost")

    def returned(self, tasks: Collection[UUID]) -> dict[UUID, bool]:
        event = self._event()
        if event in ("lost", "reset", "busy", "rests"):
            self.unanswered |= set(tasks)
            raise Retry("no answer")
        return {task: task in self.back for task in self.here & set(tasks)}

    def _event(self) -> Event:
        return self.events.pop(0) if self.events else None

    def _turn_away(self, event: Event) -> None:
        if event == "rests":
            raise Deferred("Encord rests")
        if event == "busy":
            busy = RateLimitExceededError()
            raise trouble("proceed", busy) from busy


subsets = st.sets(st.sampled_from(TASKS), max_size=4)


@example(stale=set(), bad={TASKS[1]}, events=[None, None, "intruder"])
@given(subsets, subsets, st.lists(st.sampled_from(EVENTS), max_size=12))
def test_what_is_said_of_a_task_is_what_became_of_it(stale: set[UUID], bad: set[UUID], events: list[Event]) -> None:
    platform = Platform(set(TASKS) - stale, bad, list(events))

    said = Departure("Agent 1", platform.send, platform.returned).of(TASKS)

    assert len(platform.moved) == len(set(platform.moved))
    assert platform.here <= said.keys()
    assert set(TASKS) - said.keys() <= platform.unsure.union(platform.moved)
    for task, why in said.items():
        assert task not in platform.moved or (isinstance(why, Retry) and task in platform.unanswered)
        if isinstance(why, Skip):
            assert task not in platform.here
        if isinstance(why, Reject):
            assert task in platform.bad | platform.unanswered or "intruder" in events


@given(subsets, subsets)
def test_without_trouble_on_the_way_everybody_is_moved_stale_or_refused(stale: set[UUID], bad: set[UUID]) -> None:
    platform = Platform(set(TASKS) - stale, bad)

    said = Departure("Agent 1", platform.send, platform.returned).of(TASKS)

    assert {task for task, why in said.items() if isinstance(why, Skip)} == stale
    assert {task for task, why in said.items() if isinstance(why, Reject)} == bad - stale
    assert set(platform.moved) == set(TASKS) - stale - bad


@given(subsets, subsets, subsets)
def test_who_came_back_meanwhile_is_not_sent_on_by_the_decision_of_before(
    stale: set[UUID], bad: set[UUID], back: set[UUID]
) -> None:
    """As when a proxy sends a request twice, and the refusal of the second is all we hear of it."""
    platform = Platform(set(TASKS) - stale, bad, back=back)
    sent: list[UUID] = []

    def send(tasks: Sequence[UUID]) -> None:
        first = not sent
        sent.extend(tasks)
        if first:
            raise Reject("refused")
        platform.send(tasks)

    said = Departure("Agent 1", send, platform.returned).of(TASKS)

    assert not back & set(platform.moved)
    waiting = {task: why.reason for task, why in said.items() if isinstance(why, Retry)}
    assert waiting.keys() == back - stale
    assert all(reason.endswith("(Encord said: refused)") for reason in waiting.values())
