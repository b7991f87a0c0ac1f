"""Models and detectors that rest: what is asked, what it costs, and what becomes of many tasks at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from encord_lambda import deadlines
from encord_lambda.agents.agent import Picture, Tools
from encord_lambda.agents.resting_models import RestingDetectors, RestingModel
from encord_lambda.agents.turns import limited
from encord_lambda.breakers import FAILURES, FIRST_REST, Breakers
from encord_lambda.config_prelabel import HttpDetector, SageMakerDetector
from encord_lambda.errors import Deferred, Misconfigured, Reject, Retry
from encord_lambda.outcomes import Postponed
from tests.fakes.ledger import Books
from tests.fakes.scene import FIRST, TASKS, Scene, a_record, key
from tests.fakes.stages import ScriptedPictures
from tests.unit.spending.asking import DETECTED, DETECTOR, QUESTION, Scripted, a_detector, a_model, another, guard

BUSY = Retry("openai:mini: HTTP 503")
LIMITED = Retry("openai:mini: HTTP 429", after=20.0)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def breakers(clock: Clock | None = None) -> Breakers:
    return Breakers(clock or Clock(), lambda: 0.0)


def test_a_model_that_fails_again_and_again_is_not_asked_any_more() -> None:
    model = a_model(*[BUSY] * FAILURES)
    resting = RestingModel(model, breakers())
    for _ in range(FAILURES):
        with pytest.raises(Retry, match="HTTP 503"):
            resting.ask(QUESTION)

    with pytest.raises(Deferred, match=r"^openai:mini rests until it can be asked again: openai:mini: HTTP 503$"):
        resting.ask(QUESTION)
    assert model.asked == FAILURES


def test_after_its_rest_it_is_asked_again() -> None:
    clock = Clock()
    resting = RestingModel(a_model(LIMITED), breakers(clock))
    with pytest.raises(Retry, match="HTTP 429"):
        resting.ask(QUESTION)
    clock.now = 20.0

    assert resting.ask(QUESTION).text == "{}"


def test_what_a_model_refuses_is_an_answer() -> None:
    resting = RestingModel(a_model(*[Reject("declined")] * FAILURES), breakers())
    for _ in range(FAILURES):
        with pytest.raises(Reject):
            resting.ask(QUESTION)

    assert resting.ask(QUESTION).text == "{}"


def test_a_model_that_does_not_exist_does_not_stop_another() -> None:
    model, known = a_model(Misconfigured("there is no such model")), breakers()
    with pytest.raises(Misconfigured):
        RestingModel(model, known).ask(replace(QUESTION, model="openai:mimi"))

    with pytest.raises(Deferred):
        RestingModel(model, known).ask(replace(QUESTION, model="openai:mimi"))
    assert RestingModel(model, known).ask(QUESTION).text == "{}"


def test_a_kept_answer_needs_no_model() -> None:
    books, known = Books(), breakers()
    first = guard(a_model(), books).ask(QUESTION)
    model = RestingModel(a_model(LIMITED), known)
    with pytest.raises(Retry, match="HTTP 429"):
        model.ask(another(1))

    kept = guard(Scripted(first), books)
    assert replace(kept, model=model).ask(QUESTION).text == first.text


def test_a_deferred_call_costs_nothing_and_keeps_nothing_reserved() -> None:
    books, model = Books(), a_model(LIMITED)
    resting = replace(guard(model, books), model=RestingModel(model, breakers()))
    for number in range(3):
        with pytest.raises(Retry):
            resting.ask(another(number))

    assert (model.asked, books.open, books.spent.total(), books.answers) == (1, {}, 0, {})


def test_a_hundred_tasks_whose_model_rests_are_deferred_without_a_call() -> None:
    books, model = Books(), a_model(LIMITED)
    guarded = replace(guard(model, books), model=RestingModel(model, breakers()))
    with pytest.raises(Retry, match="HTTP 429"):
        guarded.ask(another(0))
    tools = limited(deadlines.timed(Tools(guarded, ScriptedPictures()), lambda: 600.0), 25)

    with ThreadPoolExecutor(25) as pool:
        tasks = [pool.submit(tools.language_model.ask, another(number)) for number in range(100)]
    troubles = [task.exception() for task in tasks]

    assert {type(one) for one in troubles} == {Deferred}
    assert {getattr(one, "after", None) for one in troubles} == {20.0}
    assert (model.asked, books.open, books.spent.total()) == (1, {}, 0)


def test_a_hundred_tasks_find_out_with_no_more_calls_than_are_under_way_at_once() -> None:
    model = a_model(*[BUSY] * 100)
    tools = limited(Tools(RestingModel(model, breakers()), ScriptedPictures()), 25)

    with ThreadPoolExecutor(25) as pool:
        tasks = [pool.submit(tools.language_model.ask, QUESTION) for _ in range(100)]
    deferred = [task for task in tasks if isinstance(task.exception(), Deferred)]

    assert FAILURES <= model.asked < FAILURES + 25
    assert len(deferred) == 100 - model.asked
    assert {getattr(task.exception(), "after", None) for task in deferred} == {float(FIRST_REST)}


def test_tasks_whose_model_rests_come_back_after_its_rest_and_have_not_been_tried() -> None:
    scene, model = Scene(), a_model(LIMITED)
    scene.tools = replace(scene.tools, language_model=RestingModel(model, breakers()))
    scene.run(a_record(FIRST))
    first = scene.claims.claims[key(FIRST)].tries

    scene.run()

    assert (first, model.asked) == (0, 1)
    assert {scene.claims.claims[key(task)].tries for task in TASKS} == {0}
    assert all(scene.kinds(task) == [Postponed] for task in TASKS)
    assert {outcome.after for task in TASKS for outcome in scene.of(task) if isinstance(outcome, Postponed)} == {20}


def test_detectors_rest_each_by_itself() -> None:
    picture, known = Picture(b"pixels", "image/jpeg"), breakers()
    resting = RestingDetectors(a_detector(Retry("HTTP 429", after=5.0)), known)
    with pytest.raises(Retry):
        resting.detect(DETECTOR, picture)

    with pytest.raises(Deferred, match=r"^http:https://detector\.example/detect rests "):
        resting.detect(DETECTOR, picture)
    assert resting.detect(HttpDetector(kind="http", url="https://detector.example/other"), picture) == DETECTED
    assert resting.detect(SageMakerDetector(kind="sagemaker", endpoint="boxes"), picture) == DETECTED
