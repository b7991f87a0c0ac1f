"""A model and a detector that answer what they are told, and guards over books in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from encord_lambda.agents.agent import Picture, Question, Reply, Usage
from encord_lambda.agents.allowance import Allowance
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.agents.spending import GuardedDetectors, SpendGuard
from encord_lambda.config_budgets import Budget
from encord_lambda.config_prelabel import HttpDetector, RemoteDetector
from encord_lambda.errors import Trouble
from encord_lambda.labels.proposals import Box
from tests.fakes.ledger import Books

MINI = "openai:mini"
BUDGET = Budget(usd_per_day=1.0, usd_per_million_input_tokens=0.15, usd_per_million_output_tokens=0.60)
PICTURE = Picture(b"pixels", "image/jpeg", 640, 480)
QUESTION = Question(MINI, "Which animal?", (PICTURE,), {"type": "object"})
DETECTOR = HttpDetector(kind="http", url="https://detector.example/detect")
DETECTED = Detected((Detection("cat", 0.9, Box(0.1, 0.2, 0.3, 0.4), {"Breed": "Pug"}),), Usage(0.2), refused=1)


@dataclass
class Scripted[T]:
    """Answers what it is told, then always the same, and counts."""

    always: T
    script: list[T | Trouble] = field(default_factory=list)
    asked: int = 0

    def ask(self, _question: Question) -> T:
        return self._say()

    def detect(self, _configured: RemoteDetector, _picture: Picture) -> T:
        return self._say()

    def _say(self) -> T:
        self.asked += 1
        said = self.script.pop(0) if self.script else self.always
        if isinstance(said, Trouble):
            raise said
        return said


def a_model(*script: Reply | Trouble) -> Scripted[Reply]:
    """Its answers take 1,000 tokens and 100."""
    return Scripted(Reply("{}", Usage(0.5, 1000, 100)), list(script))


def a_detector(*script: Detected | Trouble) -> Scripted[Detected]:
    return Scripted(DETECTED, list(script))


def guard(model: Scripted[Reply], books: Books, budgets: Mapping[str, Budget] | None = None) -> SpendGuard:
    return SpendGuard(model, Allowance({MINI: BUDGET} if budgets is None else budgets, books), books)


def guarded(detector: Scripted[Detected], books: Books, usd_per_day: float = 1.0) -> GuardedDetectors:
    """A call costs a cent."""
    budget = Budget(usd_per_day=usd_per_day, usd_per_call=0.01)
    return GuardedDetectors(detector, Allowance({"http:https://detector.example/detect": budget}, books), books)


def another(number: int) -> Question:
    """A question about another picture."""
    return replace(QUESTION, pictures=(replace(PICTURE, content=b"%d" % number),))


def refuse(trouble: Trouble) -> Callable[[Reply], object]:
    """What a question accepts: nothing."""

    def accepts(_reply: Reply) -> object:
        raise trouble

    return accepts
