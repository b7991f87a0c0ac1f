"""Signatures that do not match, and faults on demand."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from encord import EncordUserClient
from encord.configs import SshConfig
from encord.exceptions import (
    AuthenticationError,
    EncordException,
    RateLimitExceededError,
    RequestException,
    SshKeyNotFound,
)
from encord.http.constants import RequestsSettings
from encord.project import Project
from encord.workflow.stages.agent import AgentStage

from sandbox.encord_twin import Fault, Settings, Twin, serve
from tests.twin.conftest import connect
from tests.twin.worlds import pets

TASKS = "workflow/stages/{stage}/tasks"
ACTIONS = "workflow/stages/{stage}/actions"


def direct() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def a_strangers_key() -> str:
    key = Ed25519PrivateKey.generate()
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, plain).decode()


def test_an_unregistered_key_is_refused_on_both_protocols(twin: Twin) -> None:
    stranger = connect(twin, a_strangers_key())

    with pytest.raises(AuthenticationError):
        stranger.get_project(twin.ids.projects["Pets"])
    with pytest.raises(SshKeyNotFound):
        stranger.get_dataset(str(twin.ids.datasets["pets"]))


def test_a_rest_body_changed_on_the_way_is_refused(twin: Twin) -> None:
    request = requests.Request("POST", f"{twin.url}/v2/public/storage/folders", json={"name": "birds"}).prepare()
    signed = SshConfig.from_ssh_private_key(twin.key, None).define_headers_v2(request)
    signed.body = b'{"name": "words"}'

    answer = direct().send(signed)

    assert (answer.status_code, answer.json()["message"]) == (401, "Content-Digest does not match the body")


def test_a_rest_request_signed_for_another_path_is_refused(twin: Twin) -> None:
    request = requests.Request("GET", f"{twin.url}/v2/public/cloud-integrations").prepare()
    signed = SshConfig.from_ssh_private_key(twin.key, None).define_headers_v2(request)
    signed.url = f"{twin.url}/v2/public/storage/folders"

    answer = direct().send(signed)

    assert (answer.status_code, answer.json()["message"]) == (401, "the signature does not match the request")


def test_a_legacy_body_changed_on_the_way_is_refused_inside_the_envelope(twin: Twin) -> None:
    body = '{"query_type":"dataset","query_method":"GET","values":{}}'
    headers = SshConfig.from_ssh_private_key(twin.key, None).define_headers(
        resource_id=str(twin.ids.datasets["pets"]), resource_type="dataset", data=body
    )

    answer = direct().post(f"{twin.url}/public", data=body.replace("{}", "{ }"), headers=headers)

    assert (answer.status_code, answer.json()["response"]) == (200, ["AUTHENTICATION_ERROR"])


def test_a_signature_older_than_the_window_is_refused() -> None:
    late = Settings(clock=lambda: datetime.now(UTC) + timedelta(seconds=302))
    with serve(pets(), settings=late) as twin, pytest.raises(AuthenticationError, match="more than 300 s"):
        connect(twin).get_project(twin.ids.projects["Pets"])


def test_an_injected_rate_limit_reaches_the_caller_with_its_delay(twin: Twin, agent: AgentStage) -> None:
    twin.faults.add(Fault(route=TASKS, status=429, retry_after=7))

    with pytest.raises(RateLimitExceededError) as limited:
        list(agent.get_tasks())

    assert limited.value.retry_after == 7
    assert len(list(agent.get_tasks())) == 5


def test_an_injected_rate_limit_reaches_the_caller_of_the_legacy_protocol_too(twin: Twin, project: Project) -> None:
    twin.faults.add(Fault(route="labelrowmetadata GET", status=429, retry_after=3))

    with pytest.raises(RateLimitExceededError) as limited:
        project.list_label_rows_v2()

    assert limited.value.retry_after == 3


def test_a_fault_strikes_as_often_as_it_was_ordered(twin: Twin, agent: AgentStage) -> None:
    twin.faults.add(Fault(route=TASKS, times=2, status=503))

    for _ in range(2):
        with pytest.raises(EncordException):
            list(agent.get_tasks())

    assert len(list(agent.get_tasks())) == 5
    assert [entry.status for entry in twin.log.entries if entry.fault] == [503, 503]


def test_a_dropped_answer_leaves_the_work_done(twin: Twin, agent: AgentStage) -> None:
    task, *others = agent.get_tasks()
    twin.faults.add(Fault(route=ACTIONS, drop_after_commit=True))

    with pytest.raises(RequestException):
        task.proceed(pathway_name="Cat")

    assert {waiting.uuid for waiting in agent.get_tasks()} == {other.uuid for other in others}


def test_a_retrying_client_does_not_notice_a_short_outage(twin: Twin) -> None:
    patient = connect(twin, settings=RequestsSettings(max_retries=2, backoff_factor=0.01))
    twin.faults.add(Fault(route="projects/{project}", times=2, status=502))

    assert patient.get_project(twin.ids.projects["Pets"]).title == "Pets"


def test_the_admin_routes_seed_reset_and_show_the_twin(twin: Twin, client: EncordUserClient) -> None:
    admin = httpx.Client(base_url=twin.url, trust_env=False)

    built = admin.post("/_twin/world", json={"folders": [{"title": "birds"}]}).json()
    again = admin.post("/_twin/world", json={"folders": [{"title": "birds"}]})
    wrong = admin.post("/_twin/world", json={"folder": []})
    admin.post("/_twin/faults", json=[{"route": "folders", "status": 500}])
    admin.post("/_twin/log/reset")
    with pytest.raises(EncordException):
        client.get_storage_folder(built["folders"]["birds"])

    assert (admin.get("/_twin/ready").json(), again.status_code, wrong.status_code) == (
        {"ready": True},
        409,
        400,
    )
    assert client.get_storage_folder(built["folders"]["birds"]).name == "birds"
    assert admin.get("/_twin/log").json()["by_route"] == {"GET /v2/public/storage/folders/{folder}": 2}
    [project] = admin.get("/_twin/state").json()["projects"]
    assert len(project["stages"]["Agent 1"]) == 5
