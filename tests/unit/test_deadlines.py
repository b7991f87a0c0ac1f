"""How groups share a worker's time, and tools that stop when it is over."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Picture, Question, Tools, Usage
from encord_lambda.agents.detector import Detected
from encord_lambda.config_prelabel import HttpDetector, RemoteDetector
from encord_lambda.deadlines import LAST_WORDS, LATE, RESERVE_SECONDS, SHORTEST_SECONDS, Late, decided, share, timed
from encord_lambda.errors import Misconfigured, Reject, Retry
from tests.fakes.stages import ScriptedModel, ScriptedPictures

PICTURE = Picture(b"", "image/png")
QUESTION = Question("openai:m", "", (PICTURE,), {})
DETECTOR = HttpDetector(kind="http", url="https://example.org")


class Detectors:
    """Sees nothing, and counts how often it looked."""

    asked = 0

    def detect(self, _: RemoteDetector, __: Picture) -> Detected:
        self.asked += 1
        return Detected((), Usage())


def shares(left: float, groups: int) -> list[float]:
    """What groups get that take all they may, with their reserves."""
    clock, got = [left], []
    for waiting in range(groups, 0, -1):
        got.append(share(lambda: clock[0], waiting)())
        if got[-1] > 0:
            clock[0] -= got[-1] + RESERVE_SECONDS
    return got


@given(st.floats(-100, 1000), st.integers(1, 100))
def test_groups_that_take_all_they_may_never_take_from_a_reserve(left: float, groups: int) -> None:
    assert sum(one + RESERVE_SECONDS for one in shares(left, groups) if one > 0) <= max(left, 0.0) + 1e-6


@given(st.floats(-100, 1000), st.integers(1, 100))
def test_as_many_groups_as_fit_get_the_same_and_enough(left: float, groups: int) -> None:
    served = [one for one in shares(left, groups) if one > 1e-6]

    assert served == pytest.approx(served[:1] * len(served))
    assert len(served) <= 1 or served[0] >= SHORTEST_SECONDS - 1e-6
    assert len(served) == groups or left < (len(served) + 1) * (RESERVE_SECONDS + SHORTEST_SECONDS)


def test_a_share_is_used_up_with_the_time() -> None:
    left = [100.0]
    mine = share(lambda: left[0], 1)

    assert mine() == 100.0 - RESERVE_SECONDS
    left[0] = 40.0
    assert mine() == 40.0 - RESERVE_SECONDS
    left[0] = 20.0
    assert mine() < 0


def test_models_and_detectors_are_asked_while_there_is_time_and_not_after() -> None:
    left, model, detectors = [LAST_WORDS + 0.5], ScriptedModel(), Detectors()
    tools = timed(Tools(model, ScriptedPictures(), detectors), lambda: left[0])
    assert tools.detector is not None

    tools.language_model.ask(QUESTION)
    tools.detector.detect(DETECTOR, PICTURE)
    left[0] = LAST_WORDS

    with pytest.raises(Retry, match=LATE):
        tools.language_model.ask(QUESTION)
    with pytest.raises(Retry, match=LATE):
        tools.detector.detect(DETECTOR, PICTURE)
    assert (len(model.questions), detectors.asked) == (1, 1)


def test_a_function_without_detectors_still_has_none() -> None:
    assert timed(Tools(ScriptedModel(), ScriptedPictures()), lambda: 1.0).detector is None


def test_a_decision_in_time_is_what_was_made() -> None:
    assert decided(lambda: "Cat", lambda: 60.0) == "Cat"


@pytest.mark.parametrize("trouble", [Reject("blurred"), Retry("HTTP 429", after=7), Misconfigured("no key")], ids=repr)
def test_trouble_in_time_is_what_it_was(trouble: Retry | Reject) -> None:
    def decide() -> str:
        raise trouble

    with pytest.raises(type(trouble)) as told:
        decided(decide, lambda: 60.0)

    assert told.value is trouble


def test_a_decision_that_takes_too_long_is_left_behind() -> None:
    may_end, ended = threading.Event(), threading.Event()

    def decide() -> None:
        may_end.wait(60)
        ended.set()

    with pytest.raises(Late) as told:
        decided(decide, lambda: 0.0)

    assert not ended.is_set()
    assert told.value.after > 0
    may_end.set()
    assert ended.wait(60)


def test_who_gives_up_for_want_of_time_is_late_too() -> None:
    left = [60.0]

    def decide() -> None:
        left[0] = 0.0
        raise Retry(LATE)

    with pytest.raises(Late, match=LATE):
        decided(decide, lambda: left[0])


def test_what_can_never_be_decided_is_not_late_but_refused() -> None:
    left = [60.0]

    def decide() -> None:
        left[0] = 0.0
        raise Reject("blurred")

    with pytest.raises(Reject, match="blurred"):
        decided(decide, lambda: left[0])
