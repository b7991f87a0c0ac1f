"""Encord's published scripts for pictures, run as they are on drawings that a real model looks at."""

from collections.abc import Callable, Iterator

import pytest
from encord import EncordUserClient
from encord.exceptions import (
    AuthorisationError,
    CorruptedLabelError,
    EncordException,
    InvalidArgumentsError,
    LabelRowError,
    UnknownException,
)
from openai import InternalServerError, OpenAI

from sandbox.encord_twin import Fault, Twin
from sandbox.model_server.script import Status, Text
from sandbox.model_server.server import Server
from sandbox.model_server.server import serve as serve_model

from .looking import answers, moves, queues, saves, struck
from .scripts import image_pre_classification, image_pre_classification_match
from .trouble import ACTIONS, ATTEMPTS, PROJECT_READ, SAVE, TASKS

type Script = Callable[[EncordUserClient, str, OpenAI], None]

SCRIPTS = pytest.mark.parametrize(
    "script",
    [image_pre_classification.main, image_pre_classification_match.main],
    ids=["guide", "page on task agents"],
)
WITHOUT_LABELS = "002-other.jpg"


@pytest.fixture(scope="module")
def model() -> Iterator[Server]:
    with serve_model() as running:
        yield running


@pytest.fixture
def openai(model: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAI]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with OpenAI(base_url=f"{model.url}/v1", api_key="sandbox", max_retries=0) as openai:
        yield openai


@SCRIPTS
def test_pictures_reach_the_specialists_with_their_labels(
    script: Script, twin: Twin, client: EncordUserClient, openai: OpenAI
) -> None:
    script(client, str(twin.ids.projects["Pets"]), openai)

    assert queues(twin) == {
        "Cat specialists": ["000-cat.jpg", "003-cat.jpg"],
        "Dog specialists": ["001-dog.jpg", "004-dog.jpg"],
        "Archive": [WITHOUT_LABELS],
    }
    assert answers(twin) == {
        "000-cat.jpg": ["Cat"],
        "001-dog.jpg": ["Dog"],
        "003-cat.jpg": ["Cat"],
        "004-dog.jpg": ["Dog"],
    }
    assert (saves(twin), moves(twin)) == (4, 5)


@SCRIPTS
def test_what_the_model_does_not_say_in_json_goes_to_the_archive_without_labels(
    script: Script, twin: Twin, client: EncordUserClient, openai: OpenAI, model: Server
) -> None:
    model.enqueue(Text("A cat, I believe."))

    script(client, str(twin.ids.projects["Pets"]), openai)

    assert queues(twin)["Archive"] == ["000-cat.jpg", WITHOUT_LABELS]
    assert "000-cat.jpg" not in answers(twin)


@SCRIPTS
def test_a_second_run_finds_nothing_to_do(
    script: Script, twin: Twin, client: EncordUserClient, openai: OpenAI, model: Server
) -> None:
    script(client, str(twin.ids.projects["Pets"]), openai)
    asked = len(model.history)

    script(client, str(twin.ids.projects["Pets"]), openai)

    assert len(model.history) == asked
    assert (saves(twin), moves(twin)) == (4, 5)


@SCRIPTS
@pytest.mark.parametrize(
    ("fault", "error", "stored", "moved"),
    [
        (Fault(route=PROJECT_READ, status=403), AuthorisationError, 0, 0),
        (Fault(route=TASKS, status=500, times=ATTEMPTS), UnknownException, 0, 0),
        (Fault(route=SAVE, code="CORRUPTED_LABEL_ERROR"), CorruptedLabelError, 0, 0),
        (Fault(route=ACTIONS, status=400), InvalidArgumentsError, 1, 0),
        (Fault(route=ACTIONS, drop_after_commit=True), InvalidArgumentsError, 1, 1),
    ],
    ids=["project read 403", "tasks 500", "labels refused", "move refused", "answer to the move lost"],
)
def test_the_script_raises_at_the_first_task_in_trouble(
    fault: Fault,
    error: type[EncordException],
    stored: int,
    moved: int,
    script: Script,
    twin: Twin,
    client: EncordUserClient,
    openai: OpenAI,
) -> None:
    twin.faults.add(fault)

    with pytest.raises(error):
        script(client, str(twin.ids.projects["Pets"]), openai)

    assert (saves(twin), moves(twin)) == (stored, moved)


@SCRIPTS
def test_a_second_run_trips_over_the_labels_of_one_that_saved_and_could_not_move(
    script: Script, twin: Twin, client: EncordUserClient, openai: OpenAI
) -> None:
    """What the scripts as published cannot do: the SDK refuses a second answer where one stands."""
    twin.faults.add(Fault(route=ACTIONS, status=400))
    with pytest.raises(InvalidArgumentsError):
        script(client, str(twin.ids.projects["Pets"]), openai)

    with pytest.raises(LabelRowError, match="already"):
        script(client, str(twin.ids.projects["Pets"]), openai)

    assert answers(twin) == {"000-cat.jpg": ["Cat"]}


@SCRIPTS
@pytest.mark.parametrize(
    "fault",
    [Fault(route=TASKS, status=502, times=3), Fault(route=SAVE, drop_after_commit=True)],
    ids=["tasks 502", "answer to the save lost"],
)
def test_the_sdk_s_retries_repair_the_run_and_double_nothing(
    fault: Fault, script: Script, twin: Twin, client: EncordUserClient, openai: OpenAI
) -> None:
    twin.faults.add(fault)

    script(client, str(twin.ids.projects["Pets"]), openai)

    assert "Agent 1" not in queues(twin)
    assert answers(twin)["000-cat.jpg"] == ["Cat"]
    assert (moves(twin), struck(twin)) == (5, fault.times)


@SCRIPTS
def test_a_model_that_fails_stops_the_script_before_anything_is_saved(
    script: Script, twin: Twin, client: EncordUserClient, openai: OpenAI, model: Server
) -> None:
    model.enqueue(Status(500))

    with pytest.raises(InternalServerError):
        script(client, str(twin.ids.projects["Pets"]), openai)

    assert (saves(twin), moves(twin)) == (0, 0)
