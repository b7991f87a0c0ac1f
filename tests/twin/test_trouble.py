"""Signatures that do not match, and the admin routes."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from encord import EncordUserClient
from encord.configs import SshConfig
from encord.exceptions import AuthenticationError, EncordException, SshKeyNotFound

from sandbox.encord_twin import Settings, Twin, serve
from tests.twin.conftest import connect
from tests.twin.worlds import pets


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
