"""Models and detectors that are left alone while they fail; each has its own circuit breaker.

They are told apart as budgets tell them apart: a model that does not exist, or is at its limit, says nothing of another
one of the same provider. They stand behind what keeps and pays for answers: a kept answer needs nobody, and a call that
is deferred costs nothing.
"""

from dataclasses import dataclass

from encord_lambda.agents.agent import LanguageModel, Picture, Question, Reply
from encord_lambda.agents.detector import Detected, Detector
from encord_lambda.breakers import Breakers
from encord_lambda.config_budgets import name_of
from encord_lambda.config_prelabel import RemoteDetector


@dataclass(frozen=True, slots=True)
class RestingModel:
    """A language model behind breakers. Safe to share between threads, as these are."""

    model: LanguageModel
    breakers: Breakers

    def ask(self, question: Question) -> Reply:
        """The model's reply.

        Raises:
            Deferred: This model rests.
            Trouble: As the model does.
        """
        return self.breakers.of(question.model).ask(lambda: self.model.ask(question))


@dataclass(frozen=True, slots=True)
class RestingDetectors:
    """Detectors behind breakers. Safe to share between threads, as these are."""

    detectors: Detector
    breakers: Breakers

    def detect(self, configured: RemoteDetector, picture: Picture) -> Detected:
        """What the configured detector sees.

        Raises:
            Deferred: This detector rests.
            Trouble: As the detector does.
        """
        return self.breakers.of(name_of(configured)).ask(lambda: self.detectors.detect(configured, picture))
