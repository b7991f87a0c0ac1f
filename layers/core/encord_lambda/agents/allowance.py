"""No paid call without money set aside for it.

Before each call the most it can cost is reserved in a ledger that all workers share, and afterwards what it did cost is
settled, so that a day's spend never passes its ceiling, however many workers call at once. Amounts are in micro-USD.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from encord_lambda.agents.agent import Reply
from encord_lambda.agents.detector import Detected
from encord_lambda.config_budgets import MICRO, Budget
from encord_lambda.errors import Deferred, Misconfigured, OverBudget, Trouble

SOON: Final = 5.0
"""Seconds after which calls that are under way have mostly been answered."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """Money that was set aside for one call."""

    name: str
    """Of the budget."""
    day: str
    id: str
    amount: int


@dataclass(frozen=True, slots=True)
class Full:
    """There was no room for a reservation."""

    spent: int
    """What was really spent that day; the rest is reserved for calls under way."""


class Ledger(Protocol):
    """What was spent and is reserved, per budget and day, shared by all workers."""

    def reserve(self, name: str, amount: int, ceiling: int) -> Reserved | Full:
        """Set an amount, at most the ceiling, aside today, unless all that is spent and set aside would pass it.

        Raises:
            Retry: The ledger cannot be reached.
        """
        ...

    def settle(self, reserved: Reserved, cost: int) -> None:
        """Put what a call did cost in place of what was set aside for it.

        Never raises: the answer that was paid for must not be lost. What could not be settled stays reserved.
        """
        ...


@dataclass(frozen=True, slots=True)
class Allowance:
    """Money for calls, out of budgets by their names; what has no budget is not held back. Shared between threads."""

    budgets: Mapping[str, Budget]
    ledger: Ledger

    def spend[T: (Reply, Detected)](self, name: str, most: Callable[[Budget], int], call: Callable[[], T]) -> T:
        """What a call answers, once the most it can cost is reserved; its usage says what it did cost.

        Raises:
            OverBudget: So much is spent today that there is no room for the call.
            Deferred: There is no room while other calls are under way.
            Misconfigured: The call may cost more than a whole day's budget.
            Trouble: As the call does. It is taken to have cost the most, if it may be billed.
        """
        budget = self.budgets.get(name)
        if budget is None:
            return call()
        reserved = self._reserve(name, budget, most(budget))
        try:
            answer = call()
        except Trouble as trouble:
            self.ledger.settle(reserved, reserved.amount if trouble.billed else 0)
            raise
        # Some endpoints do not tell their tokens; that is no reason to take them for free.
        cost = budget.cost(answer.usage.input_tokens, answer.usage.output_tokens) or reserved.amount
        self.ledger.settle(reserved, cost)
        return replace(answer, usage=replace(answer.usage, usd=cost / MICRO))

    def _reserve(self, name: str, budget: Budget, most: int) -> Reserved:
        if most > budget.ceiling:
            raise Misconfigured(f"{name}: one call may cost ${most / MICRO:.4f}, more than the budget of a whole day")
        match self.ledger.reserve(name, most, budget.ceiling):
            case Reserved() as reserved:
                return reserved
            case Full(spent) if spent + most > budget.ceiling:
                raise OverBudget(f"{name}: today's budget of ${budget.usd_per_day:.2f} is spent")
            case Full():
                raise Deferred(f"{name}: calls under way hold what is left of today's budget", after=SOON)
