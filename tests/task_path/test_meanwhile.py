"""A person saves labels while the model thinks, with the real SDK against the twin."""

from collections.abc import Callable

import pytest
from encord.objects import Classification, LabelRowV2

from encord_lambda.encord_platform.client import connect
from functions.editor_agent import handler as editor_agent
from sandbox.model_server.script import Received, Reply, Script
from sandbox.scenario.world import PROJECT
from tests.task_path.conftest import CONTEXT, TaskPath, event

PICTURE = "pets/000 Cat.jpg"
OWN_WORDS = {"Scene description": "My own words."}


@pytest.fixture
def count() -> int:
    return 1


def while_thinking(act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Do this between the question and the model's answer."""
    answer = Script.next_reply

    def act_and_answer(script: Script, received: Received) -> Reply | None:
        act()
        return answer(script, received)

    monkeypatch.setattr(Script, "next_reply", act_and_answer)


def a_person_saves(path: TaskPath, title: str, answer: str) -> None:
    """Answer a classification of the picture, as the Label Editor does."""
    row = opened(path)
    question = row.ontology_structure.get_child_by_title(title, type_=Classification)
    instance = question.create_instance()
    instance.set_answer(answer if title == "Scene description" else question.get_child_by_title(answer))
    instance.set_for_frames(0)
    row.add_classification_instance(instance)
    row.save()


def opened(path: TaskPath) -> LabelRowV2:
    project = connect(path.twin.url, path.twin.key, "annotator").get_project(PROJECT)
    [row] = project.list_label_rows_v2(data_title_eq=PICTURE)
    row.initialise_labels()
    return row


def labels(path: TaskPath) -> dict[str, str]:
    found = path.answers()[PICTURE]["classifications"]
    return {title: answer for label in found for title, answer in label["answers"].items()}


def test_what_a_person_saved_while_the_model_thought_stands_beside_the_agents_label(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_thinking(lambda: a_person_saves(path, "Scene description", "My own words."), monkeypatch)
    path.sweep()

    assert path.run(path.received()) == []

    assert labels(path) == {"Animal": "Cat", **OWN_WORDS}


def test_what_a_person_answered_while_the_model_thought_stands_and_chooses_the_pathway(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_thinking(lambda: a_person_saves(path, "Animal", "Dog"), monkeypatch)
    path.sweep()

    assert path.run(path.received()) == []

    assert labels(path) == {"Animal": "Dog"}
    assert path.tasks()["Annotate dogs"] == [PICTURE]


def test_what_an_annotator_saved_while_the_editors_agent_thought_stands(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_thinking(lambda: a_person_saves(path, "Animal", "Dog"), monkeypatch)

    answer = editor_agent.lambda_handler(event("editor_agent"), CONTEXT)

    assert isinstance(answer, dict)
    assert answer["statusCode"] == 200
    assert labels(path)["Animal"] == "Dog"
    assert "cat" in labels(path)["Scene description"].lower()


def test_a_description_written_while_the_editors_agent_thought_is_not_overwritten(
    path: TaskPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_thinking(lambda: a_person_saves(path, "Scene description", "My own words."), monkeypatch)

    answer = editor_agent.lambda_handler(event("editor_agent"), CONTEXT)

    assert isinstance(answer, dict)
    assert "is answered already" in answer["body"]
    assert labels(path) == OWN_WORDS


def test_a_task_that_a_person_has_answered_before_costs_no_model_call(path: TaskPath) -> None:
    a_person_saves(path, "Animal", "Dog")
    asked = len(path.model.history)
    path.sweep()
    path.run(path.received())

    assert len(path.model.history) == asked
    assert labels(path) == {"Animal": "Dog"}
    assert PICTURE in path.tasks()["Annotate dogs"]
