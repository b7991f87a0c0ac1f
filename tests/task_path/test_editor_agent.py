"""The Label Editor's calls, as API Gateway hands them over, with the real SDK against the twin."""

import json
import subprocess
import sys
from uuid import UUID

import pytest
from encord.objects import Classification

from encord_lambda.encord_platform.client import connect
from functions.editor_agent import handler
from sandbox.encord_twin import Fault
from sandbox.model_server.script import Status, Text
from sandbox.scenario.world import PIPELINE, PROJECT
from tests.task_path.conftest import CONTEXT, Json, TaskPath, event

pytestmark = pytest.mark.usefixtures("path")


def call(name: str = "editor_agent", **changes: object) -> Json:
    """Send an event file, with changes to its body's keys; None removes a key."""
    sent = event(name)
    if changes:
        body = json.loads(sent["body"]) | changes
        sent["body"] = json.dumps({key: value for key, value in body.items() if value is not None})
    answer = handler.lambda_handler(sent, CONTEXT)
    assert isinstance(answer, dict)
    return answer


def message(answer: Json) -> str:
    body: Json = json.loads(answer["body"])
    assert list(body) == ["message"]
    return str(body["message"])


@pytest.mark.parametrize("name", ["editor_agent", "editor_agent_first"])
def test_a_call_describes_the_picture_and_answers_an_empty_200(path: TaskPath, name: str) -> None:
    answer = call(name)

    assert (answer["statusCode"], answer["body"]) == (200, "")
    [label] = path.answers()["pets/000 Cat.jpg"]["classifications"]
    assert "cat" in label["answers"]["Scene description"].lower()


CALL = """
import json, sys
from functions.editor_agent import handler
answer = handler.lambda_handler(json.load(sys.stdin), type("Context", (), {
    "function_name": "f", "memory_limit_in_mb": 1, "invoked_function_arn": "a", "aws_request_id": "r"}))
print(answer["statusCode"], sorted({"botocore.session", "boto3", "fastapi", "pydantic.v1"} & sys.modules.keys()))
"""


def test_a_call_waits_for_no_import_that_it_can_do_without() -> None:
    sent = json.dumps(event("editor_agent"))

    done = subprocess.run([sys.executable, "-c", CALL], input=sent, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "200 []"


def test_a_second_click_replaces_the_description(path: TaskPath) -> None:
    call()
    path.model.enqueue(Text('{"answer": "Quite another description of it.", "confidence": 0.5}'))
    call()

    [label] = path.answers()["pets/000 Cat.jpg"]["classifications"]
    assert label["answers"] == {"Scene description": "Quite another description of it."}


def test_a_persons_description_stands_and_the_annotator_is_told(path: TaskPath) -> None:
    # GIVEN a description that a person wrote
    project = connect(path.twin.url, path.twin.key, "annotator").get_project(PROJECT)
    [row] = project.list_label_rows_v2(data_title_eq="pets/000 Cat.jpg")
    row.initialise_labels()
    question = row.ontology_structure.get_child_by_title("Scene description", type_=Classification)
    instance = question.create_instance()
    instance.set_answer("My own words.")
    instance.set_for_frames(0)
    row.add_classification_instance(instance)
    row.save()

    answer = call()

    assert answer["statusCode"] == 200
    assert "is answered already" in message(answer)
    assert path.answers()["pets/000 Cat.jpg"]["classifications"][0]["answers"] == {"Scene description": "My own words."}


def test_the_connectivity_test_is_answered_without_work(path: TaskPath) -> None:
    path.twin.log.reset()

    assert call("editor_agent_test_ping")["statusCode"] == 200
    assert path.twin.log.count() == 0


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"projectHash": str(UUID(int=9))}, 403, "pipeline.yaml does not name this project"),
        ({"dataHash": str(UUID(int=9))}, 404, "no such data unit"),
        ({"frame": 5}, 422, "has 1 frames; there is no frame 5"),
        ({"frame": -1}, 422, "frame: "),
        ({"dataHash": None}, 422, "dataHash: Field required"),
    ],
    ids=str,
)
def test_a_wrong_call_is_refused_with_a_message(changes: Json, status: int, says: str) -> None:
    answer = call(**changes)

    assert answer["statusCode"] == status
    assert says in message(answer)


def test_a_malformed_event_file_names_the_key() -> None:
    assert message(call("editor_agent_malformed")).startswith("projectHash: ")


def test_an_unknown_agent_is_answered_with_those_there_are() -> None:
    sent = event("editor_agent")
    sent["rawPath"] = sent["requestContext"]["http"]["path"] = "/agents/sing"
    answer = handler.lambda_handler(sent, CONTEXT)

    assert isinstance(answer, dict)
    assert message(answer) == "there is no editor agent 'sing'; there are: describe-scene"


def test_a_busy_model_asks_the_annotator_to_try_again(path: TaskPath) -> None:
    path.model.enqueue(Status(429))

    answer = call()

    assert (answer["statusCode"], message(answer)) == (503, "a service the agent needs is busy; please try again")


def test_a_failing_encord_asks_the_annotator_to_try_again(path: TaskPath) -> None:
    path.twin.faults.add(Fault(route="labelrow POST", status=500))

    assert call()["statusCode"] == 503


def test_what_is_wrong_with_the_deployment_is_not_told_to_the_public(path: TaskPath) -> None:
    path.pipeline(PIPELINE.read_text().replace("classification: Scene description", "classification: Smell"))

    answer = call()

    assert answer["statusCode"] == 500
    assert "Smell" not in message(answer)
