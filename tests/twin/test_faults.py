"""Trouble on demand, as the SDK's user meets it."""

from collections.abc import Sequence

import httpx
import pytest
from encord import EncordUserClient
from encord.exceptions import (
    EncordException,
    InvalidArgumentsError,
    MultiLabelLimitError,
    PayloadTooLargeError,
    RateLimitExceededError,
    RequestException,
)
from encord.http.constants import RequestsSettings
from encord.project import Project
from encord.workflow.stages.agent import AgentStage
from pydantic import ValidationError

from sandbox.encord_twin import Fault, Settings, Twin, serve
from sandbox.encord_twin.protocol.faults import Faults
from tests.twin.conftest import connect
from tests.twin.worlds import pets

TASKS = "workflow/stages/{stage}/tasks"
ACTIONS = "workflow/stages/{stage}/actions"
ROWS = "labelrowmetadata GET"


def test_a_rate_limit_reaches_the_caller_with_its_delay(twin: Twin, agent: AgentStage) -> None:
    twin.faults.add(Fault(route=TASKS, status=429, retry_after=7))

    with pytest.raises(RateLimitExceededError) as limited:
        list(agent.get_tasks())

    assert limited.value.retry_after == 7
    assert len(list(agent.get_tasks())) == 5


def test_a_rate_limit_in_http_reaches_the_caller_of_the_legacy_protocol_too(twin: Twin, project: Project) -> None:
    twin.faults.add(Fault(route=ROWS, status=429, retry_after=3))

    with pytest.raises(RateLimitExceededError) as limited:
        project.list_label_rows_v2()

    assert limited.value.retry_after == 3


def test_a_rate_limit_in_the_envelope_has_no_delay(twin: Twin, project: Project) -> None:
    twin.faults.add(Fault(route=ROWS, status=429, code="RATE_LIMIT_ERROR"))

    with pytest.raises(RateLimitExceededError) as limited:
        project.list_label_rows_v2()

    assert limited.value.retry_after is None
    assert twin.log.entries[-1].status == 429


def test_a_code_of_the_envelope_leaves_the_other_protocol_alone(
    twin: Twin, project: Project, agent: AgentStage
) -> None:
    twin.faults.add(Fault(route="", code="MULTI_LABEL_LIMIT_ERROR"))

    assert len(list(agent.get_tasks())) == 5
    with pytest.raises(MultiLabelLimitError):
        project.list_label_rows_v2()


def test_a_payload_that_is_too_large_says_so(twin: Twin, client: EncordUserClient) -> None:
    twin.faults.add(Fault(route="POST /v2/public/storage/folders", status=413))

    with pytest.raises(PayloadTooLargeError):
        client.create_storage_folder("birds")


def test_a_fault_strikes_as_often_as_it_was_ordered(twin: Twin, agent: AgentStage) -> None:
    twin.faults.add(Fault(route=TASKS, times=2, status=503))

    for _ in range(2):
        with pytest.raises(EncordException):
            list(agent.get_tasks())

    assert len(list(agent.get_tasks())) == 5
    assert [(entry.status, entry.fault) for entry in twin.log.entries if entry.fault] == [(503, "status")] * 2


def test_a_fault_without_end_lasts_until_it_is_replaced(twin: Twin, agent: AgentStage) -> None:
    twin.faults.add(Fault(route=TASKS, times=None, status=500))

    for _ in range(3):
        with pytest.raises(EncordException):
            list(agent.get_tasks())

    twin.faults.replace([])
    assert len(list(agent.get_tasks())) == 5


def test_a_retrying_client_does_not_notice_a_short_outage(twin: Twin) -> None:
    patient = connect(twin, settings=RequestsSettings(max_retries=2, backoff_factor=0.01))
    twin.faults.add(Fault(route="projects/{project}", times=2, status=502))

    assert patient.get_project(twin.ids.projects["Pets"]).title == "Pets"


def test_a_delay_longer_than_the_clients_patience_is_a_timeout(twin: Twin) -> None:
    hasty = connect(
        twin,
        settings=RequestsSettings(
            max_retries=0,
            connection_retries=0,
            read_timeout=0.05,  # type: ignore[arg-type]  # requests takes fractions of a second
        ),
    )
    twin.faults.add(Fault(route="cloud-integrations", delay=0.2))

    with pytest.raises(RequestException) as late:
        hasty.get_cloud_integrations()

    assert "Read timed out" in str(late.value.__cause__)


def test_a_dropped_answer_leaves_the_work_done(twin: Twin, agent: AgentStage) -> None:
    task, *others = agent.get_tasks()
    twin.faults.add(Fault(route=ACTIONS, drop_after_commit=True))

    with pytest.raises(RequestException):
        task.proceed(pathway_name="Cat")

    assert {waiting.uuid for waiting in agent.get_tasks()} == {other.uuid for other in others}


def test_a_client_that_sends_again_after_a_dropped_answer_is_told_its_own_work_is_stale(twin: Twin) -> None:
    patient = connect(twin, settings=RequestsSettings(max_retries=2, backoff_factor=0.01))
    stage = patient.get_project(twin.ids.projects["Pets"]).workflow.get_stage(name="Agent 1", type_=AgentStage)
    twin.faults.add(Fault(route=ACTIONS, drop_after_commit=True))

    with pytest.raises(InvalidArgumentsError):
        next(iter(stage.get_tasks())).proceed(pathway_name="Cat")

    assert len(list(stage.get_tasks())) == 4


def test_a_connection_reset_comes_before_anything_is_done(twin: Twin, agent: AgentStage) -> None:
    task = next(iter(agent.get_tasks()))
    twin.faults.add(Fault(route=ACTIONS, reset=True))

    with pytest.raises(RequestException) as broken:
        task.proceed(pathway_name="Cat")

    assert "Connection reset by peer" in str(broken.value.__cause__)
    assert len(list(agent.get_tasks())) == 5
    assert [entry.status for entry in twin.log.entries if entry.fault == "reset"] == [0]


def test_a_request_served_twice_is_done_twice_and_the_second_answer_is_given(twin: Twin, agent: AgentStage) -> None:
    task = next(iter(agent.get_tasks()))
    twin.faults.add(Fault(route=ACTIONS, twice=True))

    with pytest.raises(InvalidArgumentsError, match="1 of 1 tasks"):
        task.proceed(pathway_name="Cat")

    assert len(list(agent.get_tasks())) == 4


def test_labels_saved_twice_are_there_once(twin: Twin, project: Project) -> None:
    [row, *_] = project.list_label_rows_v2()
    row.initialise_labels()
    twin.faults.add(Fault(route="labelrow POST", twice=True))

    row.save()

    [labels] = twin.store.projects[twin.ids.projects["Pets"]].by_label_hash.values()
    assert labels.saves == 2


def hits(faults: Faults, routes: Sequence[str]) -> list[tuple[str, bool]]:
    return [(route, faults.take(route) is not None) for route in routes]


def test_a_share_of_requests_is_hit() -> None:
    faults = Faults(seed=1)
    faults.add(Fault(route="a", share=0.1, times=None, status=503))

    struck = sum(hit for _, hit in hits(faults, ["a"] * 1000))

    assert 70 <= struck <= 130


def test_the_same_seed_hits_the_same_requests_however_routes_interleave() -> None:
    one, other, differently = Faults(seed=1), Faults(seed=1), Faults(seed=2)
    for faults in (one, other, differently):
        faults.add(Fault(route="", share=0.3, times=None, status=503))

    mixed, sorted_, seeded = hits(one, "ab" * 50), hits(other, "a" * 50 + "b" * 50), hits(differently, "ab" * 50)

    assert sorted(mixed, key=lambda hit: hit[0]) == sorted_
    assert seeded != mixed


def test_two_twins_with_one_seed_make_the_same_trouble() -> None:
    def troubled() -> list[int]:
        with serve(pets(), settings=Settings(seed=7)) as twin:
            client = connect(twin)
            twin.faults.add(Fault(route="cloud-integrations", share=0.5, times=None, status=503))
            for _ in range(16):
                try:
                    client.get_cloud_integrations()
                except EncordException:
                    continue
            return [entry.status for entry in twin.log.entries]

    first = troubled()

    assert set(first) == {200, 503}
    assert troubled() == first


@pytest.mark.parametrize(
    ("order", "advice"),
    [
        ({}, "give a delay or one of"),
        ({"status": 500, "reset": True}, "status and reset cannot happen to one request"),
        ({"stale": True, "twice": True}, "order a fault for each"),
        ({"reset": True, "retry_after": 3}, "only an HTTP status carries Retry-After"),
        ({"code": "RATE_LIMIT_ERROR", "retry_after": 3}, "only an HTTP status carries Retry-After"),
        ({"status": 200}, "greater than or equal to 400"),
        ({"status": 500, "share": 0}, "greater than 0"),
        ({"status": 500, "route": "OUT agent_stage"}, "can only be sent `twice`"),
        ({"staus": 500}, "Extra inputs"),
    ],
)
def test_a_contradictory_fault_is_refused_with_advice(order: dict[str, object], advice: str) -> None:
    with pytest.raises(ValidationError, match=advice):
        Fault.model_validate({"route": "tasks", **order})


def test_faults_are_ordered_and_looked_at_over_http(twin: Twin, client: EncordUserClient) -> None:
    admin = httpx.Client(base_url=twin.url, trust_env=False)

    wrong = admin.post("/_twin/faults", json=[{"route": "folders"}])
    admin.post("/_twin/faults", json=[{"route": "cloud-integrations", "status": 500, "times": 3}])
    with pytest.raises(EncordException):
        client.get_cloud_integrations()

    assert (wrong.status_code, "give a delay" in wrong.json()["message"]) == (400, True)
    assert admin.get("/_twin/faults").json() == [
        {"route": "cloud-integrations", "status": 500, "times": 3, "hits": 1, "left": 2}
    ]
