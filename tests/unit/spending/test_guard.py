"""The spend guard: what is reserved, settled and refused, and what is never asked twice."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from encord_lambda.agents import estimating
from encord_lambda.agents.agent import Reply, Usage
from encord_lambda.errors import Deferred, Misconfigured, OverBudget, Reject, Retry, Skip, Trouble
from tests.fakes.ledger import Books
from tests.unit.spending.asking import BUDGET, MINI, QUESTION, a_model, another, guard, refuse

MOST = BUDGET.cost(estimating.input_tokens(QUESTION), QUESTION.reply_tokens)


def test_a_reply_costs_its_tokens_and_nothing_stays_reserved() -> None:
    books = Books()
    reply = guard(a_model(), books).ask(QUESTION)
    assert reply.usage.usd == pytest.approx((1000 * 0.15 + 100 * 0.60) / 1e6)
    assert (books.today(MINI), books.open) == (210, {})


def test_an_endpoint_that_tells_no_tokens_is_taken_to_have_cost_the_most() -> None:
    books = Books()
    reply = guard(a_model(Reply("{}", Usage(0.5))), books).ask(QUESTION)
    assert books.today(MINI) == MOST
    assert reply.usage.usd == pytest.approx(MOST / 1e6)


def test_the_same_question_is_paid_for_once() -> None:
    model, books = a_model(), Books()
    first, second = guard(model, books).ask(QUESTION), guard(model, books).ask(QUESTION)
    assert model.asked == 1
    assert second == replace(first, usage=Usage())


def test_without_kept_answers_a_question_is_asked_anew() -> None:
    model, books = a_model(), Books()
    forgetful = replace(guard(model, books), answers=None)
    forgetful.ask(QUESTION)
    forgetful.ask(QUESTION)
    assert model.asked == 2


@pytest.mark.parametrize("trouble", [Reject("no such option"), Misconfigured("no log-probabilities")])
def test_a_reply_that_cannot_be_used_is_paid_for_and_not_kept(trouble: Trouble) -> None:
    model, books = a_model(), Books()
    picky = replace(QUESTION, accepts=refuse(trouble))
    assert guard(model, books).ask(picky).text == "{}"
    assert guard(model, books).ask(picky).text == "{}"
    assert (model.asked, books.answers) == (2, {})


def test_a_kept_reply_that_is_no_longer_accepted_is_asked_anew() -> None:
    model, books = a_model(), Books()
    guard(model, books).ask(QUESTION)
    guard(model, books).ask(replace(QUESTION, accepts=refuse(Reject("stricter now"))))
    assert model.asked == 2


def test_over_the_budget_nothing_is_asked() -> None:
    model, books = a_model(), Books()
    books.spent[f"2026-11-21 {MINI}"] = 1_000_000 - MOST + 1
    with pytest.raises(OverBudget, match=r"openai:mini: today's budget of \$1\.00 is spent"):
        guard(model, books).ask(QUESTION)
    assert (model.asked, books.open) == (0, {})


def test_while_other_calls_hold_the_rest_it_is_tried_again_soon() -> None:
    model, books = a_model(), Books()
    books.reserve(MINI, 1_000_000 - MOST + 1, 1_000_000)
    with pytest.raises(Deferred, match="calls under way hold what is left of today's budget") as raised:
        guard(model, books).ask(QUESTION)
    assert 0 < raised.value.after <= 10
    assert model.asked == 0


def test_a_budget_smaller_than_one_call_is_a_mistake_in_the_configuration() -> None:
    tiny = BUDGET.model_copy(update={"usd_per_day": 0.001})
    with pytest.raises(Misconfigured, match="more than the budget of a whole day"):
        guard(a_model(), Books(), {MINI: tiny}).ask(QUESTION)


@pytest.mark.parametrize("kind", [Retry, Misconfigured, Reject, Skip])
def test_a_call_that_cannot_have_been_billed_gives_its_money_back(kind: type[Trouble]) -> None:
    model, books = a_model(kind("HTTP 429")), Books()
    with pytest.raises(kind, match="HTTP 429"):
        guard(model, books).ask(QUESTION)
    assert (books.today(MINI), books.open) == (0, {})
    assert guard(model, books).ask(QUESTION).text == "{}"


@pytest.mark.parametrize("kind", [Retry, Misconfigured, Reject])
def test_a_call_that_may_have_been_billed_counts_as_the_most_it_can_cost(kind: type[Trouble]) -> None:
    books = Books()
    with pytest.raises(kind, match="it broke off"):
        guard(a_model(kind("it broke off", billed=True)), books).ask(QUESTION)
    assert (books.today(MINI), books.open) == (MOST, {})


def test_a_model_without_a_budget_is_not_held_back() -> None:
    model, books = a_model(), Books()
    assert guard(model, books, {}).ask(QUESTION).usage.usd == 0.0
    assert books.settled == []


@given(st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 1000)), max_size=60), st.floats(0.02, 0.5))
@example(usages=[(0, 667), (59994, 1000)], ceiling=0.01)
@example(usages=[(0, 667), (59994, 1000)], ceiling=0.0102)
def test_the_ceiling_is_passed_by_no_more_than_providers_bill_above_their_own_documents(
    usages: list[tuple[int, int]], ceiling: float
) -> None:
    books, above = Books(), 0
    budget = BUDGET.model_copy(update={"usd_per_day": ceiling})
    held = guard(a_model(*(Reply("{}", Usage(0.1, *usage)) for usage in usages)), books, {MINI: budget})
    for number, usage in enumerate(usages):
        try:
            held.ask(another(number))
        except (OverBudget, Misconfigured):
            break
        above += max(budget.cost(*usage) - MOST, 0)
        assert books.today(MINI) <= budget.ceiling + above


def test_threads_that_ask_at_once_stay_below_the_ceiling_and_use_it_up() -> None:
    books = Books()
    budget = BUDGET.model_copy(update={"usd_per_day": 0.05})
    held = guard(a_model(), books, {MINI: budget})

    def spend(number: int) -> type[Trouble] | None:
        try:
            held.ask(another(number))
        except Trouble as trouble:
            return type(trouble)
        return None

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(spend, range(400)))

    assert told.count(None) * 210 == books.today(MINI) <= budget.ceiling
    assert set(told) <= {None, Deferred, OverBudget}
    alone = next(trouble for number in itertools.count(400) if (trouble := spend(number)))
    assert alone is OverBudget
    assert budget.ceiling - MOST < books.today(MINI) <= budget.ceiling
