"""A breaker whatever happens in whatever order: calls that begin and end while others are under way, and time."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from encord_lambda.breakers import FAILURES, FIRST_REST, LONGEST_REST, SOON, Breaker, Says
from encord_lambda.errors import Deferred, Retry

ALIVE = 30
AT_ONCE = 4
ENDINGS = st.sampled_from([Says.ANSWERED, Says.NOTHING, Retry("HTTP 503"), Retry("HTTP 429", after=7.0)])


@dataclass(eq=False)
class UnderWay:
    """A call that lasts until it is told how to end."""

    rests: int
    """How often the dependency had rested when it began."""
    on_trial: bool
    ending: Retry | Says = Says.NOTHING
    begun: threading.Event = field(default_factory=threading.Event)
    told: threading.Event = field(default_factory=threading.Event)
    done: Future[str] = field(default_factory=Future)

    def call(self) -> str:
        self.begun.set()
        assert self.told.wait(ALIVE)
        if isinstance(self.ending, Retry):
            raise self.ending
        return self.ending.value


class Calls(RuleBasedStateMachine):
    """What the breaker does, beside the same in a few numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.now = self.until = 0.0
        self.rests = self.in_a_row = self.failures = 0
        self.under_way: list[UnderWay] = []
        self.breaker = Breaker("Encord", lambda: self.now, lambda: 0.0)

    def teardown(self) -> None:
        for one in self.under_way:
            one.told.set()
        self.pool.shutdown()

    @property
    def on_trial(self) -> bool:
        return any(one.on_trial for one in self.under_way)

    @precondition(lambda self: len(self.under_way) < AT_ONCE and self.now >= self.until and not self.on_trial)
    @rule()
    def begin(self) -> None:
        one = UnderWay(self.rests, on_trial=self.in_a_row > 0)
        one.done = self.pool.submit(self.breaker.ask, one.call, lambda _: one.ending)
        assert one.begun.wait(ALIVE)
        self.under_way.append(one)

    @precondition(lambda self: self.under_way)
    @rule(place=st.integers(0, AT_ONCE - 1), ending=ENDINGS)
    def end(self, place: int, ending: Retry | Says) -> None:
        one = self.under_way.pop(place % len(self.under_way))
        one.ending = ending
        one.told.set()
        assert one.done.exception(ALIVE) is (ending if isinstance(ending, Retry) else None)
        if one.rests == self.rests:
            self._learn(ending)

    @rule(seconds=st.sampled_from([0.5, 5.0, 20.0, 1000.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def it_is_asked_if_and_only_if_it_may_be(self) -> None:
        left = self.until - self.now if self.now < self.until else SOON if self.on_trial else 0.0
        deferred = 0.0
        try:
            self.breaker.ask(lambda: "nothing", lambda _: Says.NOTHING)
        except Deferred as trouble:
            deferred = trouble.after
        assert deferred == left

    def _learn(self, ending: Retry | Says) -> None:
        if ending is Says.ANSWERED:
            self.failures = self.in_a_row = 0
        if isinstance(ending, Retry):
            self.failures += 1
            if self.in_a_row or ending.after or self.failures == FAILURES:
                self._rest(ending.after)

    def _rest(self, after: float) -> None:
        doubled = min(FIRST_REST * 2**self.in_a_row, LONGEST_REST)
        self.until = self.now + (after if after and not self.in_a_row else max(after, doubled))
        self.rests, self.in_a_row = self.rests + 1, self.in_a_row + 1


TestCalls = Calls.TestCase
TestCalls.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
