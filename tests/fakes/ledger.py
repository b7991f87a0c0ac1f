"""The Spend table in memory. Its books pass the same contract as `aws.spend.SpendTable`: tests/adapters/."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from encord_lambda.agents.allowance import Full, Reserved
from encord_lambda.aws.spend import RESERVED_FOR

DAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Books:
    """`agents.allowance.Ledger` and `agents.answers.Answers`; every step is one under a lock, as in DynamoDB."""

    def __init__(self, now: Callable[[], datetime] = lambda: DAY) -> None:
        self.now = now
        self.spent: Counter[str] = Counter()
        self.open: dict[Reserved, datetime] = {}
        self.answers: dict[str, bytes] = {}
        self.settled: list[Reserved] = []
        self._lock = threading.Lock()
        self._numbers = iter(range(1_000_000))

    def reserve(self, name: str, amount: int, ceiling: int) -> Reserved | Full:
        with self._lock:
            reserved = Reserved(name, f"{self.now():%Y-%m-%d}", str(next(self._numbers)), amount)
            spent = self.spent[_book(reserved)]
            others = [one for one in self.open if _book(one) == _book(reserved)]
            if spent + sum(one.amount for one in others) + amount > ceiling:
                for one in others:
                    if self.open[one] + RESERVED_FOR < self.now():
                        del self.open[one]
                return Full(spent)
            self.open[reserved] = self.now()
            return reserved

    def settle(self, reserved: Reserved, cost: int) -> None:
        with self._lock:
            if reserved not in self.settled:
                self.settled.append(reserved)
                self.open.pop(reserved, None)
                self.spent[_book(reserved)] += cost

    def kept(self, digest: str) -> bytes | None:
        return self.answers.get(digest)

    def keep(self, digest: str, answer: bytes) -> None:
        self.answers[digest] = answer

    def today(self, name: str) -> int:
        """What was really spent today."""
        return self.spent[f"{self.now():%Y-%m-%d} {name}"]


def _book(reserved: Reserved) -> str:
    return f"{reserved.day} {reserved.name}"
