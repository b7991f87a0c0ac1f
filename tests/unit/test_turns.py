"""No more at once than allowed, and no waiting beyond the time there is."""

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from encord_lambda.agents.agent import Picture, Question, Reply, Tools, Usage
from encord_lambda.agents.detector import Detected
from encord_lambda.agents.turns import Turns, limited
from encord_lambda.config_prelabel import HttpDetector, RemoteDetector
from encord_lambda.errors import Deferred
from tests.fakes.stages import ScriptedModel, ScriptedPictures

ALIVE = 30
PICTURE = Picture(b"picture", "image/jpeg")
QUESTION = Question("openai:m", "What is it?", (PICTURE,), {})
DETECTOR = HttpDetector(kind="http", url="https://detector.example")


@dataclass
class Crowded:
    """A model and a detector that only answer once two are asked at the same time."""

    meeting: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))
    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    most: int = 0

    def ask(self, question: Question) -> Reply:
        self._meet()
        return Reply(question.prompt)

    def detect(self, configured: RemoteDetector, picture: Picture) -> Detected:
        self._meet()
        return Detected((), Usage(float(len(picture.content)), input_tokens=len(configured.kind)))

    def _meet(self) -> None:
        with self.lock:
            self.asked += 1
            self.most = max(self.most, self.asked)
        self.meeting.wait(ALIVE)
        with self.lock:
            self.asked -= 1


def test_calls_of_all_kinds_together_are_no_more_than_allowed() -> None:
    crowd = Crowded()
    tools = limited(Tools(crowd, ScriptedPictures(), crowd), 2)
    assert tools.detector is not None

    with ThreadPoolExecutor(8) as pool:
        replies = [pool.submit(tools.language_model.ask, QUESTION) for _ in range(4)]
        found = [pool.submit(tools.detector.detect, DETECTOR, PICTURE) for _ in range(4)]

    assert crowd.most == 2
    assert {reply.result() for reply in replies} == {Reply("What is it?")}
    assert {each.result() for each in found} == {Detected((), Usage(7.0, input_tokens=4))}


def test_who_waits_for_a_call_waits_no_longer_than_there_is_time() -> None:
    begun, release = threading.Event(), threading.Event()

    def slow(_: Question) -> str:
        begun.set()
        return str(release.wait(ALIVE))

    tools = limited(replace(Tools(ScriptedModel(slow), ScriptedPictures()), time_left=lambda: 0.0), 1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(tools.language_model.ask, QUESTION)
        assert begun.wait(ALIVE)
        with pytest.raises(Deferred, match=r"^other calls to models were under way until the function's time ran out$"):
            tools.language_model.ask(QUESTION)
        release.set()

    assert first.result().text == "True"


def test_a_function_without_detectors_stays_without() -> None:
    assert limited(Tools(ScriptedModel(), ScriptedPictures()), 1).detector is None


def test_a_place_is_given_back_whatever_happens_there() -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="mine"), turns.taken(lambda: 0.0, "taken"):
            raise ValueError("mine")


def test_without_an_end_one_waits_as_long_as_it_takes() -> None:
    turns, waits, got = Turns(1), threading.Event(), threading.Event()

    def forever() -> float:
        waits.set()
        return math.inf

    def second() -> None:
        with turns.taken(forever, "taken"):
            got.set()

    with turns.taken(lambda: 0.0, "taken"):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert waits.wait(ALIVE)
        assert not got.is_set()
    waiting.join(ALIVE)

    assert got.is_set()
