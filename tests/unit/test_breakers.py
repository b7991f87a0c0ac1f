"""What is left alone after failures, for how long, and who may try first."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from encord_lambda.breakers import FAILURES, FIRST_REST, LONGEST_REST, SOON, Breaker, Breakers, Says
from encord_lambda.errors import Deferred, Misconfigured, Reject, Retry, Skip, Trouble

ALIVE = 30
BUSY = Retry("HTTP 503")


@dataclass
class Clock:
    """Stands still until it is moved."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Watched:
    """A breaker before a dependency that does as it is told."""

    def __init__(self, draw: float = 0.0) -> None:
        self.clock = Clock()
        self.breaker = Breaker("Encord", self.clock, lambda: draw)
        self.calls = 0

    def ask(self, does: str | Exception = "fine") -> str:
        def call() -> str:
            self.calls += 1
            if isinstance(does, Exception):
                raise does
            return does

        return self.breaker.ask(call)

    def fails(self, times: int = 1, trouble: Exception = BUSY) -> None:
        for _ in range(times):
            with pytest.raises(type(trouble)) as failed:
                self.ask(trouble)
            assert failed.value is trouble

    def rests_for(self) -> float:
        """0 if it does not rest: then it is asked, and answers."""
        before = self.calls
        try:
            self.ask()
        except Deferred as deferred:
            assert self.calls == before
            return deferred.after
        return 0.0

    def wait(self) -> None:
        """Until it may be asked again."""
        self.clock.seconds += self.rests_for()


def test_an_answer_passes_through() -> None:
    assert Watched().ask("fine") == "fine"


def test_the_third_failure_in_a_row_lets_it_rest() -> None:
    watched = Watched()
    watched.fails(FAILURES - 1)
    assert watched.rests_for() == 0.0

    watched.fails(FAILURES)

    assert watched.rests_for() == FIRST_REST


def test_who_is_deferred_reads_who_rests_and_why() -> None:
    watched = Watched()
    watched.fails(FAILURES)

    with pytest.raises(Deferred, match=r"^Encord rests until it can be asked again: HTTP 503$") as deferred:
        watched.ask()
    assert (deferred.value.billed, watched.calls) == (False, FAILURES)


@pytest.mark.parametrize("answer", ["fine", Reject("never"), Skip("gone")])
def test_an_answer_or_a_refusal_ends_the_row(answer: str | Trouble) -> None:
    watched = Watched()
    for _ in range(3):
        watched.fails(FAILURES - 1)
        if isinstance(answer, Trouble):
            watched.fails(1, answer)
        else:
            watched.ask(answer)

    assert watched.rests_for() == 0.0


@pytest.mark.parametrize("trouble", [Deferred("later"), ValueError("ours")])
def test_what_tells_nothing_of_it_neither_ends_the_row_nor_counts(trouble: Exception) -> None:
    watched = Watched()
    watched.fails(FAILURES - 1)
    watched.fails(9, trouble)
    watched.fails(1)

    assert watched.rests_for() == FIRST_REST


def test_a_wrong_setup_is_left_alone_until_somebody_may_have_mended_it() -> None:
    watched, trouble = Watched(), Misconfigured("the key is refused")
    watched.fails(1, trouble)

    assert watched.rests_for() == trouble.after


@pytest.mark.parametrize("after", [0.5, 60.0, 4000.0])
def test_one_failure_is_enough_if_the_service_says_when_to_come_back(after: float) -> None:
    watched = Watched()
    watched.fails(1, Retry("HTTP 429", after=after))

    assert watched.rests_for() == after


def test_a_rest_ends_with_its_time() -> None:
    watched = Watched()
    watched.fails(FAILURES)
    watched.clock.seconds += FIRST_REST - 0.5
    assert watched.rests_for() == 0.5

    watched.clock.seconds += 0.5

    assert watched.ask() == "fine"


def test_while_it_fails_on_trial_it_rests_twice_as_long_each_time() -> None:
    watched = Watched()
    watched.fails(FAILURES)
    rests = []
    for _ in range(8):
        rests.append(watched.rests_for())
        watched.wait()
        watched.fails(1)

    assert rests == [5, 10, 20, 40, 80, 160, LONGEST_REST, LONGEST_REST]


def test_a_service_whose_word_proves_too_short_rests_longer_than_it_says() -> None:
    watched = Watched()
    for _ in range(3):
        watched.fails(1, Retry("HTTP 429", after=1.0))
        watched.wait()
    watched.fails(1, Retry("HTTP 429", after=1.0))

    assert watched.rests_for() == 8 * FIRST_REST


def test_a_trial_that_is_answered_makes_all_as_before() -> None:
    watched = Watched()
    watched.fails(FAILURES)
    watched.wait()
    watched.fails(1)
    watched.wait()

    watched.ask()
    watched.fails(FAILURES - 1)
    assert watched.rests_for() == 0.0

    watched.fails(FAILURES)
    assert watched.rests_for() == FIRST_REST


@pytest.mark.parametrize("trouble", [Deferred("later"), ValueError("ours")])
def test_a_trial_that_tells_nothing_leaves_the_place_to_the_next(trouble: Exception) -> None:
    watched = Watched()
    watched.fails(FAILURES)
    watched.wait()
    watched.fails(1, trouble)
    watched.fails(1)

    assert watched.rests_for() == 2 * FIRST_REST


def test_workers_do_not_all_come_back_at_once() -> None:
    watched = Watched(draw=0.8)
    watched.fails(FAILURES)

    assert watched.rests_for() == pytest.approx(FIRST_REST * 1.2)


def test_an_answer_can_tell_of_a_failure() -> None:
    watched = Watched()
    for _ in range(FAILURES):
        assert watched.breaker.ask(lambda: "half of it", lambda _: BUSY) == "half of it"

    assert watched.rests_for() == FIRST_REST


def test_only_one_is_on_trial_and_the_others_come_back_soon() -> None:
    watched, begun, release = Watched(), threading.Event(), threading.Event()
    watched.fails(FAILURES)
    watched.wait()

    def slow() -> str:
        begun.set()
        return str(release.wait(ALIVE))

    with ThreadPoolExecutor(1) as pool:
        trial = pool.submit(watched.breaker.ask, slow)
        assert begun.wait(ALIVE)
        assert watched.rests_for() == SOON
        release.set()

    assert trial.result() == "True"
    assert watched.rests_for() == 0.0


def test_calls_from_before_the_rest_do_not_make_it_longer_or_end_it() -> None:
    watched, many = Watched(), 25
    all_begun, release = threading.Barrier(many + 1), threading.Event()

    def begun_before(place: int) -> None:
        def call() -> None:
            all_begun.wait(ALIVE)
            release.wait(ALIVE)
            if place % 2:
                raise BUSY

        watched.breaker.ask(call)

    with ThreadPoolExecutor(many) as pool:
        calls = [pool.submit(begun_before, place) for place in range(many)]
        all_begun.wait(ALIVE)
        watched.fails(FAILURES)
        release.set()

    assert sum(call.exception() is BUSY for call in calls) == many // 2
    assert watched.rests_for() == FIRST_REST
    watched.wait()
    watched.fails(1)
    assert watched.rests_for() == 2 * FIRST_REST


def test_many_threads_at_the_end_of_a_rest_make_one_call() -> None:
    watched, many = Watched(), 32
    watched.fails(FAILURES)
    watched.wait()
    start, others = threading.Barrier(many), threading.Semaphore(0)

    def hold() -> str:
        for _ in range(many - 1):
            assert others.acquire(timeout=ALIVE)
        return "fine"

    def compete() -> str:
        start.wait(ALIVE)
        try:
            return watched.breaker.ask(hold)
        except Deferred:
            others.release()
            return "deferred"

    with ThreadPoolExecutor(many) as pool:
        ends = [pool.submit(compete) for _ in range(many)]

    assert sorted(end.result() for end in ends) == ["deferred"] * (many - 1) + ["fine"]


def test_dependencies_are_told_apart_by_name() -> None:
    breakers = Breakers(Clock(), lambda: 0.0)

    assert breakers.of("one") is breakers.of("one")
    with pytest.raises(Retry):
        breakers.of("one").ask(_fail)
    with pytest.raises(Deferred, match=r"^one rests"):
        breakers.of("one").ask(lambda: "fine")
    assert breakers.of("other").ask(lambda: "fine", lambda _: Says.NOTHING) == "fine"


def _fail() -> str:
    raise Retry("HTTP 429", after=9.0)
