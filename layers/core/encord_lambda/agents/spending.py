"""No paid call without money set aside for it, and none twice for the same question.

`SpendGuard` stands in front of a language model. Before each call it reserves the most the call can cost in a ledger
that all workers share, and afterwards settles what it did cost, so that a day's spend never passes its ceiling, however
many workers call at once. A reply is kept under a digest of everything that was asked: a retry after a crash finds it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from encord_lambda.agents.agent import LanguageModel, Question, Reply
from encord_lambda.errors import Misconfigured, OverBudget, Retry

PICTURE_TOKENS: Final = 50_000
"""More than any of OpenAI's models counts for a picture of 2,048 pixels (its vision guide; gpt-4o-mini counts most)."""
REPLY_TOKENS: Final = 1000
"""The longest reply that is asked for."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A model's prices in USD per million tokens, and how many USD it may cost per day."""

    usd_per_day: float
    input_price: float
    output_price: float

    def cost(self, input_tokens: int, output_tokens: int) -> int:
        """What tokens cost, in micro-USD, rounded up."""
        return -int(-(input_tokens * self.input_price + output_tokens * self.output_price) // 1)

    def most(self, question: Question) -> int:
        """The most a question can cost, in micro-USD. No text has more tokens than bytes."""
        text = len(question.prompt.encode()) + len(json.dumps(dict(question.schema)))
        return self.cost(PICTURE_TOKENS * len(question.pictures) + text, REPLY_TOKENS)


class Ledger(Protocol):
    """What was spent per model and day, shared by all workers. Amounts are in micro-USD."""

    def reserve(self, model: str, amount: int, ceiling: int) -> str | None:
        """Add an amount to today's spend unless that would pass the ceiling; returns the day it was written to."""
        ...

    def correct(self, model: str, day: str, amount: int) -> None:
        """Add an amount, which may be negative, to a day's spend."""
        ...


class Answers(Protocol):
    """Replies that were paid for, by digest, for as long as a retry may come."""

    def kept(self, digest: str) -> str | None:
        """The reply to a question asked before."""
        ...

    def keep(self, digest: str, text: str) -> None:
        """Keep a reply."""
        ...


@dataclass(frozen=True, slots=True)
class SpendGuard:
    """A language model within its budgets; a model without a budget is not held back. Shared between threads."""

    model: LanguageModel
    budgets: Mapping[str, Budget]
    ledger: Ledger
    answers: Answers | None
    """None asks anew each time: who clicks twice wants a second answer."""

    def ask(self, question: Question) -> Reply:
        """The kept reply, or the model's own once its price is reserved.

        Raises:
            OverBudget: The model's budget for today is spent.
            Retry, Reject: As the model does.
        """
        if self.answers is None:
            return self._paid(question)
        digest = digest_of(question)
        if (kept := self.answers.kept(digest)) is not None:
            return Reply(kept)
        reply = self._paid(question)
        self.answers.keep(digest, reply.text)
        return reply

    def _paid(self, question: Question) -> Reply:
        budget = self.budgets.get(question.model)
        return self._within(budget, question) if budget else self.model.ask(question)

    def _within(self, budget: Budget, question: Question) -> Reply:
        most, ceiling = budget.most(question), round(budget.usd_per_day * 1e6)
        if most > ceiling:
            least = f"{most / 1e6:.4f}"
            raise Misconfigured(f"{question.model}: one call may cost ${least}, more than the budget of a whole day")
        day = self.ledger.reserve(question.model, most, ceiling)
        if day is None:
            raise OverBudget(f"{question.model}: today's budget of ${budget.usd_per_day:.2f} is spent")
        try:
            reply = self.model.ask(question)
        except Retry:
            self.ledger.correct(
                question.model, day, -most
            )  # a Reject was an answer, and is taken to have cost the most
            raise
        cost = budget.cost(reply.usage.input_tokens, reply.usage.output_tokens)
        self.ledger.correct(question.model, day, cost - most)
        return replace(reply, usage=replace(reply.usage, usd=cost / 1e6))


def digest_of(question: Question) -> str:
    """The same for the same picture, prompt, schema and model, and for nothing else."""
    parts = (
        question.model.encode(),
        question.prompt.encode(),
        json.dumps(dict(question.schema), sort_keys=True).encode(),
        *(part for one in question.pictures for part in (one.mime_type.encode(), one.content)),
    )
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
