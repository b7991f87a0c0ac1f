"""Encord's benchmark scripts: ground truth is routed to a consensus, and the annotators are judged by it."""

from collections.abc import Iterator

import pytest
from encord import EncordUserClient
from encord.exceptions import AuthorisationError, EncordException, InvalidArgumentsError, UnknownException
from encord.project import Project
from encord.workflow import ConsensusAnnotationStage

from sandbox.encord_twin import Fault, Settings, Twin, serve

from .benchmark_world import ANN, BEN, BENCHMARK, NEW, PRODUCTION, TRUTH, answer, benchmark
from .conftest import announce
from .looking import moves, queues
from .scripts import benchmark_consensus_review, benchmark_task_router
from .trouble import ACTIONS, ATTEMPTS, PROJECT_READ, TASKS


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    with serve(benchmark(), settings=Settings(task_page_size=2)) as served:
        announce(served, monkeypatch)
        yield served


@pytest.fixture
def production(twin: Twin, client: EncordUserClient) -> Project:
    return client.get_project(str(twin.ids.projects[PRODUCTION]))


def route(twin: Twin, client: EncordUserClient) -> None:
    dataset = str(twin.ids.datasets["benchmark"])
    benchmark_task_router.main(client, str(twin.ids.projects[PRODUCTION]), dataset)


def review(twin: Twin, client: EncordUserClient) -> dict[str, dict[str, bool]]:
    hashes = (str(twin.ids.projects[title]) for title in (PRODUCTION, BENCHMARK))
    return benchmark_consensus_review.main(client, *hashes)


@pytest.fixture
def annotated(twin: Twin, client: EncordUserClient, production: Project) -> Twin:
    """Ground truth is established, and the consensus is in: Ann is always right, Ben says "Cat" to everything."""
    for title, animal in TRUTH.items():
        answer(client.get_project(str(twin.ids.projects[BENCHMARK])), title, animal)
    route(twin, client)
    stage = production.workflow.get_stage(name="Consensus Annotate", type_=ConsensusAnnotationStage)
    for task in stage.get_tasks():
        for subtask in task.subtasks:
            said = TRUTH[task.data_title] if subtask.assignee == ANN else "Cat"
            answer(production, task.data_title, said, subtask.label_branch_name)
            subtask.submit()
    return twin


def test_ground_truth_goes_to_the_consensus_and_the_rest_to_production(twin: Twin, client: EncordUserClient) -> None:
    route(twin, client)

    assert queues(twin, PRODUCTION) == {"Consensus Annotate": sorted(TRUTH), "Annotate 1": NEW}
    assert moves(twin, PRODUCTION) == 5


def test_annotators_are_judged_and_their_tasks_archived(annotated: Twin, client: EncordUserClient) -> None:
    verdicts = review(annotated, client)

    assert verdicts == {
        "truth-cat.jpg": {ANN: True, BEN: True},
        "truth-dog.jpg": {ANN: True, BEN: False},
    }
    assert queues(annotated, PRODUCTION) == {"Annotate 1": NEW, "Archive": sorted(TRUTH)}


@pytest.mark.parametrize(
    ("fault", "error", "moved"),
    [
        (Fault(route=PROJECT_READ, status=403), AuthorisationError, 0),
        (Fault(route="dataset GET", code="AUTHORISATION_ERROR"), AuthorisationError, 0),
        (Fault(route=TASKS, status=500, times=ATTEMPTS), UnknownException, 0),
        (Fault(route=ACTIONS, status=400), InvalidArgumentsError, 0),
        (Fault(route=ACTIONS, drop_after_commit=True), InvalidArgumentsError, 1),
    ],
    ids=["project read 403", "dataset refused", "tasks 500", "move refused", "answer to the move lost"],
)
def test_the_router_raises_and_a_second_run_routes_what_is_left(
    fault: Fault, error: type[EncordException], moved: int, twin: Twin, client: EncordUserClient
) -> None:
    """A lost answer makes the SDK ask again, and be refused; the script does not take that for success."""
    twin.faults.add(fault)

    with pytest.raises(error):
        route(twin, client)
    after_the_first = moves(twin, PRODUCTION)
    route(twin, client)

    assert after_the_first == moved
    assert queues(twin, PRODUCTION) == {"Consensus Annotate": sorted(TRUTH), "Annotate 1": NEW}
    assert moves(twin, PRODUCTION) == 5


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(route=PROJECT_READ, status=403), AuthorisationError),
        (Fault(route="labelrowmetadata", code="AUTHORISATION_ERROR"), AuthorisationError),
        (Fault(route=ACTIONS, status=400), InvalidArgumentsError),
    ],
    ids=["project read 403", "label rows refused", "rejection refused"],
)
def test_the_reviewer_raises_and_archives_nothing(
    fault: Fault, error: type[EncordException], annotated: Twin, client: EncordUserClient
) -> None:
    annotated.faults.add(fault)

    with pytest.raises(error):
        review(annotated, client)

    assert queues(annotated, PRODUCTION)["Consensus 1"] == sorted(TRUTH)
