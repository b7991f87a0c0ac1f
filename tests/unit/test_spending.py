"""The spend guard: what is reserved, settled, refused, and never asked twice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Picture, Question, Reply, Usage
from encord_lambda.agents.spending import Budget, SpendGuard, digest_of
from encord_lambda.errors import Misconfigured, OverBudget, Reject, Retry, Trouble

MINI = Budget(usd_per_day=1.0, input_price=0.15, output_price=0.60)
QUESTION = Question("openai:mini", "Which animal?", (Picture(b"pixels", "image/jpeg"),), {"type": "object"})


@dataclass
class Model:
    """Answers what it is told, and counts."""

    script: list[Reply | Trouble] = field(default_factory=list)
    asked: int = 0

    def ask(self, _question: Question) -> Reply:
        self.asked += 1
        said = self.script.pop(0) if self.script else Reply("{}", Usage(0.5, 1000, 100))
        if isinstance(said, Trouble):
            raise said
        return said


@dataclass
class Books:
    """Ledger and kept answers in memory."""

    spent: Counter[str] = field(default_factory=Counter)
    replies: dict[str, str] = field(default_factory=dict)

    def reserve(self, model: str, amount: int, ceiling: int) -> str | None:
        if self.spent[model] + amount > ceiling:
            return None
        self.spent[model] += amount
        return "today"

    def correct(self, model: str, day: str, amount: int) -> None:
        assert day == "today"
        self.spent[model] += amount

    def kept(self, digest: str) -> str | None:
        return self.replies.get(digest)

    def keep(self, digest: str, text: str) -> None:
        self.replies[digest] = text


def guard(model: Model, books: Books, budgets: Mapping[str, Budget] | None = None) -> SpendGuard:
    return SpendGuard(model, {"openai:mini": MINI} if budgets is None else budgets, books, books)


def another(number: int) -> Question:
    return replace(QUESTION, pictures=(Picture(b"%d" % number, "image/jpeg"),))


def test_a_reply_costs_its_tokens_and_nothing_stays_reserved() -> None:
    books = Books()
    reply = guard(Model(), books).ask(QUESTION)
    assert reply.usage.usd == pytest.approx((1000 * 0.15 + 100 * 0.60) / 1e6)
    assert books.spent["openai:mini"] == 210


def test_the_same_question_is_paid_for_once() -> None:
    model, books = Model(), Books()
    first, second = guard(model, books).ask(QUESTION), guard(model, books).ask(QUESTION)
    assert model.asked == 1
    assert (second.text, second.usage.usd) == (first.text, 0.0)


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, prompt="Which plant?"),
        replace(QUESTION, model="openai:other"),
        replace(QUESTION, schema={"type": "string"}),
        another(1),
    ],
)
def test_another_question_is_asked_anew(other: Question) -> None:
    model, books = Model(), Books()
    guard(model, books).ask(QUESTION)
    guard(model, books).ask(other)
    assert model.asked == 2
    assert digest_of(other) != digest_of(QUESTION)


def test_over_the_budget_nothing_is_asked() -> None:
    model, books = Model(), Books()
    books.spent["openai:mini"] = 999_999
    with pytest.raises(OverBudget, match=r"openai:mini: today's budget of \$1\.00 is spent"):
        guard(model, books).ask(QUESTION)
    assert model.asked == 0
    assert books.spent["openai:mini"] == 999_999


def test_a_budget_smaller_than_one_call_is_a_mistake_in_the_configuration() -> None:
    tiny = replace(MINI, usd_per_day=0.001)
    with pytest.raises(Misconfigured, match="more than the budget of a whole day"):
        guard(Model(), Books(), {"openai:mini": tiny}).ask(QUESTION)


def test_a_call_that_failed_gives_its_money_back_and_is_asked_again() -> None:
    model, books = Model([Retry("HTTP 500")]), Books()
    with pytest.raises(Retry, match="HTTP 500"):
        guard(model, books).ask(QUESTION)
    assert books.spent["openai:mini"] == 0
    assert guard(model, books).ask(QUESTION).text == "{}"


def test_a_refusal_is_taken_to_have_cost_the_most_it_can() -> None:
    books = Books()
    with pytest.raises(Reject, match="declined"):
        guard(Model([Reject("declined")]), books).ask(QUESTION)
    assert books.spent["openai:mini"] == MINI.most(QUESTION)


def test_a_model_without_a_budget_is_not_held_back() -> None:
    model, books = Model(), Books()
    assert guard(model, books, {}).ask(QUESTION).usage.usd == 0.0
    assert books.spent.total() == 0


@given(st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 1000)), max_size=60), st.floats(0.01, 0.5))
def test_the_spend_never_passes_its_ceiling(usages: list[tuple[int, int]], ceiling: float) -> None:
    books = Books()
    held = guard(
        Model([Reply("{}", Usage(0.1, *usage)) for usage in usages]),
        books,
        {"openai:mini": replace(MINI, usd_per_day=ceiling)},
    )
    for number in range(len(usages)):
        try:
            held.ask(another(number))
        except OverBudget:
            break
        assert books.spent["openai:mini"] <= round(ceiling * 1e6)
