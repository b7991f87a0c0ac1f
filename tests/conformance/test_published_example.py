"""Encord's general example of a task agent: no labels, one pathway."""

from collections.abc import Iterator

import pytest
from encord import EncordUserClient
from encord.exceptions import AuthorisationError, EncordException, InvalidArgumentsError

from sandbox.encord_twin import Fault, Settings, StageSpec, StageType, Twin, serve
from tests.twin.worlds import pets

from .conftest import announce
from .looking import moves, queues, struck
from .scripts import general_example
from .trouble import ACTIONS, PROJECT_READ

STAGES = [
    StageSpec(title="Agent 1", type=StageType.AGENT, pathways={"continue to Review": "Review"}),
    StageSpec(title="Review", type=StageType.REVIEW, next="Complete", rejected="Agent 1"),
    StageSpec(title="Complete", type=StageType.DONE),
]
TITLES = ["0000.jpg", "0001.jpg", "0002.jpg", "0003.jpg", "0004.jpg"]


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    with serve(pets(tasks=5, stages=STAGES), settings=Settings(task_page_size=2)) as served:
        announce(served, monkeypatch)
        yield served


def test_tasks_that_leave_while_the_queue_is_read_make_the_script_miss_none(
    twin: Twin, client: EncordUserClient
) -> None:
    general_example.main(client, str(twin.ids.projects["Pets"]))

    assert queues(twin) == {"Review": TITLES}
    assert moves(twin) == 5


@pytest.mark.parametrize(
    ("fault", "error", "moved"),
    [
        (Fault(route=PROJECT_READ, status=403), AuthorisationError, 0),
        (Fault(route=ACTIONS, status=400), InvalidArgumentsError, 0),
        (Fault(route=ACTIONS, drop_after_commit=True), InvalidArgumentsError, 1),
    ],
    ids=["project read 403", "move refused", "answer to the move lost"],
)
def test_the_script_raises_and_a_second_run_moves_what_is_left(
    fault: Fault, error: type[EncordException], moved: int, twin: Twin, client: EncordUserClient
) -> None:
    twin.faults.add(fault)

    with pytest.raises(error):
        general_example.main(client, str(twin.ids.projects["Pets"]))
    after_the_first = moves(twin)
    general_example.main(client, str(twin.ids.projects["Pets"]))

    assert after_the_first == moved
    assert queues(twin) == {"Review": TITLES}
    assert moves(twin) == 5


def test_the_sdk_s_retries_repair_a_short_outage(twin: Twin, client: EncordUserClient) -> None:
    twin.faults.add(Fault(route=ACTIONS, status=503, times=3))

    general_example.main(client, str(twin.ids.projects["Pets"]))

    assert queues(twin) == {"Review": TITLES}
    assert (moves(twin), struck(twin)) == (5, 3)
