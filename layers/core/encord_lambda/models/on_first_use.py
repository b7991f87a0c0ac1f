"""A language model that is connected when it is first asked: a pipeline without one needs no key for it."""

from collections.abc import Callable
from dataclasses import dataclass

from encord_lambda.agents.agent import LanguageModel, Question, Reply


@dataclass(frozen=True, slots=True)
class OnFirstUse:
    """Asks the model that `connect` gives.

    `connect` is called for each question, by several threads: it keeps what it made, and makes it once.
    """

    connect: Callable[[], LanguageModel]

    def ask(self, question: Question) -> Reply:
        """The model's reply.

        Raises:
            Misconfigured: Its key cannot be read.
            Trouble: As the model does.
        """
        return self.connect().ask(question)
