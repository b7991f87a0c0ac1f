"""Models and detectors that spend no more than they may, and are not asked twice for the same answer."""

from dataclasses import dataclass, replace

from encord_lambda.agents import estimating
from encord_lambda.agents.agent import LanguageModel, Picture, Question, Reply, Tools
from encord_lambda.agents.allowance import Allowance
from encord_lambda.agents.answers import DETECTED, REPLY, Answers, once
from encord_lambda.agents.detector import Detected, Detector
from encord_lambda.config_budgets import Budget, name_of
from encord_lambda.config_prelabel import RemoteDetector
from encord_lambda.errors import Trouble


@dataclass(frozen=True, slots=True)
class SpendGuard:
    """A language model within its budget. Shared between threads."""

    model: LanguageModel
    allowance: Allowance
    answers: Answers | None
    """None asks anew each time: who clicks twice wants a second answer."""

    def ask(self, question: Question) -> Reply:
        """The kept reply, or the model's own. Only what the question accepts is kept.

        Raises:
            Trouble: As `Allowance.spend` with the model.
        """
        return once(self.answers, (question,), REPLY, lambda: self._paid(question), lambda one: _usable(question, one))

    def _paid(self, question: Question) -> Reply:
        def most(budget: Budget) -> int:
            return budget.cost(estimating.input_tokens(question), question.reply_tokens)

        return self.allowance.spend(question.model, most, lambda: self.model.ask(question))


@dataclass(frozen=True, slots=True)
class GuardedDetectors:
    """Detectors within their budgets. Shared between threads."""

    detectors: Detector
    allowance: Allowance
    answers: Answers

    def detect(self, configured: RemoteDetector, picture: Picture) -> Detected:
        """What was kept of the same picture from the same detector, or what the detector sees.

        Raises:
            Trouble: As `Allowance.spend` with the detector.
        """
        return once(self.answers, (configured, picture), DETECTED, lambda: self._paid(configured, picture))

    def _paid(self, configured: RemoteDetector, picture: Picture) -> Detected:
        return self.allowance.spend(
            name_of(configured), lambda budget: budget.cost(), lambda: self.detectors.detect(configured, picture)
        )


@dataclass(frozen=True, slots=True)
class Books:
    """The budgets of all models, and the answers that are kept."""

    allowance: Allowance
    answers: Answers

    def around(self, tools: Tools) -> Tools:
        """The same tools, whose models spend no more than they may.

        Put around what limits how many calls are under way: reading and writing the books needs no place among them.
        """
        detector = tools.detector and GuardedDetectors(tools.detector, self.allowance, self.answers)
        model = SpendGuard(tools.language_model, self.allowance, self.answers)
        return replace(tools, language_model=model, detector=detector)


def _usable(question: Question, reply: Reply) -> bool:
    try:
        question.accepts(reply)
    except Trouble:
        return False
    return True
