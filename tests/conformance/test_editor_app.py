"""encord-agents' editor agent, its FastAPI app called by a browser's client and by its own command line tool."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from sandbox.encord_twin import Fault, Twin

from .editor_app import build, served
from .looking import answers, moves, saves, struck
from .trouble import ATTEMPTS, PROJECT_READ, SAVE

CLI = Path(sys.executable).with_name("encord-agents")
ORIGIN = {"Origin": "https://app.encord.com"}


@pytest.fixture
def port(twin: Twin) -> Iterator[int]:
    """The app, and with it the twin that its environment names."""
    assert os.environ["ENCORD_DOMAIN"] == twin.url
    with served(build()) as port:
        yield port


@pytest.fixture
def editor(port: int) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, headers=ORIGIN) as editor:
        yield editor


def data_hash(twin: Twin, title: str) -> UUID:
    rows = twin.store.datasets[twin.ids.datasets["production"]].rows
    return next(uuid for uuid, row in rows.items() if row.item.name == title)


def click(twin: Twin, title: str) -> dict[str, object]:
    """What the Label Editor sends."""
    return {
        "projectHash": str(twin.ids.projects["Pets"]),
        "dataHash": str(data_hash(twin, title)),
        "frame": 0,
    }


def test_one_click_labels_one_frame_and_moves_nothing(twin: Twin, editor: httpx.Client) -> None:
    answer = editor.post("/label", json=click(twin, "001-dog.jpg"))

    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN["Origin"])
    assert answers(twin) == {"001-dog.jpg": ["Dog"]}
    assert (saves(twin), moves(twin)) == (1, 0)


def test_the_frame_s_pixels_reach_the_agent(twin: Twin, editor: httpx.Client) -> None:
    assert editor.post("/measure", json=click(twin, "000-cat.jpg")).json() == {"message": "320 by 240"}


def test_an_agent_that_declines_says_why(twin: Twin, editor: httpx.Client) -> None:
    answer = editor.post("/decline", json=click(twin, "000-cat.jpg"))

    assert (answer.status_code, answer.json()) == (400, {"message": "Draw a box first."})


def test_a_test_ping_reaches_neither_the_agent_nor_the_platform(twin: Twin, editor: httpx.Client) -> None:
    answer = editor.post("/label", json={}, headers={"X-Encord-Editor-Agent": "test"})

    assert answer.status_code == 200
    assert twin.log.count() == 0


def test_an_unknown_project_is_refused_with_the_platform_s_reason(twin: Twin, editor: httpx.Client) -> None:
    stranger = str(uuid4())

    answer = editor.post("/label", json={**click(twin, "000-cat.jpg"), "projectHash": stranger})

    assert answer.status_code == 403
    assert f"no access to project {stranger}" in answer.json()["message"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(route=PROJECT_READ, status=403), 403),
        (Fault(route="labelrowmetadata", code="AUTHORISATION_ERROR"), 403),
        (Fault(route=SAVE, code="CORRUPTED_LABEL_ERROR"), 500),
        (Fault(route=SAVE, status=500, times=ATTEMPTS), 500),
    ],
    ids=["project read 403", "label rows refused", "labels refused", "save 500 beyond the retries"],
)
def test_a_click_fails_loudly_and_labels_nothing(fault: Fault, status: int, twin: Twin, editor: httpx.Client) -> None:
    twin.faults.add(fault)

    answer = editor.post("/label", json=click(twin, "000-cat.jpg"))

    assert answer.status_code == status
    assert (saves(twin), moves(twin)) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        (Fault(route=PROJECT_READ, status=502, times=3), 1),
        (Fault(route=SAVE, status=503, times=2), 1),
        (Fault(route=SAVE, drop_after_commit=True), 2),
    ],
    ids=["project read 502", "save 503", "answer to the save lost"],
)
def test_the_sdk_s_retries_repair_a_click_and_double_no_label(
    fault: Fault, stored: int, twin: Twin, editor: httpx.Client
) -> None:
    twin.faults.add(fault)

    answer = editor.post("/label", json=click(twin, "000-cat.jpg"))

    assert answer.status_code == 200
    assert answers(twin) == {"000-cat.jpg": ["Cat"]}
    assert (saves(twin), struck(twin)) == (stored, fault.times)


def the_tool(twin: Twin, port: int, *, title: str = "004-dog.jpg", target: str = "label") -> str:
    """What `encord-agents test local` prints, given the URL of the Label Editor's address bar."""
    project = twin.ids.projects["Pets"]
    url = f"https://app.encord.com/label_editor/{project}/{data_hash(twin, title)}/0"
    command = [str(CLI), "test", "local", target, url, "--port", str(port)]
    # Wide enough that no cell of the table is broken.
    environment = {**os.environ, "COLUMNS": "400", "TERM": "dumb"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def status_in(table: str) -> str:
    line = next(line for line in table.splitlines() if "status code" in line)
    return line.replace("│", " ").split()[-1]


def test_the_command_line_tool_tries_an_agent_with_a_label_editor_url(twin: Twin, port: int) -> None:
    table = the_tool(twin, port)

    assert status_in(table) == "200"
    assert answers(twin) == {"004-dog.jpg": ["Dog"]}


def test_the_command_line_tool_shows_a_refusal_and_ends_well_all_the_same(twin: Twin, port: int) -> None:
    """Its exit status speaks of the tool's own run, not of the agent's; the table does."""
    twin.faults.add(Fault(route=PROJECT_READ, status=403))

    table = the_tool(twin, port)

    assert status_in(table) == "403"
    assert "injected by the twin" in table
    assert saves(twin) == 0
