"""Whom the platform lets in: members, and bearers of tokens."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from encord import EncordUserClient
from encord.exceptions import AuthenticationError, AuthorisationError
from encord.utilities.project_user import ProjectUserRole

from sandbox.encord_twin import DatasetSpec, Twin, World, serve
from tests.twin.conftest import ONCE, connect
from tests.twin.worlds import pets

STRANGER = "stranger@twin.local"


def private_key(key: Ed25519PrivateKey) -> str:
    kind = serialization.PrivateFormat.OpenSSH
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def world(key: Ed25519PrivateKey) -> World:
    open_world = pets(tasks=2)
    [project] = open_world.projects
    members = ["agent@twin.local"]
    return open_world.model_copy(
        update={
            "keys": {key.public_key().public_bytes_raw().hex(): STRANGER},
            "projects": [project.model_copy(update={"members": members})],
            "datasets": [
                *open_world.datasets,
                DatasetSpec(title="private", members=members),
                DatasetSpec(title="theirs", members=[STRANGER]),
            ],
        }
    )


@pytest.fixture
def twin(world: World) -> Iterator[Twin]:
    with serve(world) as served:
        yield served


@pytest.fixture
def stranger(twin: Twin, key: Ed25519PrivateKey) -> EncordUserClient:
    return connect(twin, private_key(key))


def test_a_project_is_forbidden_to_all_but_its_members(
    twin: Twin, client: EncordUserClient, stranger: EncordUserClient
) -> None:
    with pytest.raises(AuthorisationError):
        stranger.get_project(twin.ids.projects["Pets"])

    assert client.get_project(twin.ids.projects["Pets"]).title == "Pets"


def test_a_stranger_cannot_go_around_by_the_other_protocol(
    twin: Twin, client: EncordUserClient, stranger: EncordUserClient
) -> None:
    project = client.get_project(twin.ids.projects["Pets"])
    project._client._querier._config = stranger._config.config

    with pytest.raises(AuthorisationError):
        project.list_label_rows_v2()


def test_a_dataset_is_forbidden_to_all_but_its_members(
    twin: Twin, client: EncordUserClient, stranger: EncordUserClient
) -> None:
    with pytest.raises(AuthorisationError):
        stranger.get_dataset(twin.ids.datasets["private"])

    assert client.get_dataset(twin.ids.datasets["private"]).title == "private"
    assert stranger.get_dataset(twin.ids.datasets["pets"]).title == "pets"


def test_projects_are_listed_to_their_members(client: EncordUserClient, stranger: EncordUserClient) -> None:
    assert [one.title for one in client.list_projects()] == ["Pets"]
    assert [one["project"]["title"] for one in client.get_projects(title_like="P%")] == ["Pets"]
    assert list(client.list_projects(title_eq="Cats")) == []
    assert (list(stranger.list_projects()), stranger.get_projects()) == ([], [])


def test_users_are_let_in_and_shut_out(twin: Twin, client: EncordUserClient, stranger: EncordUserClient) -> None:
    project = client.get_project(twin.ids.projects["Pets"])

    [added] = project.add_users([STRANGER], ProjectUserRole.ANNOTATOR)
    seen = stranger.get_project(twin.ids.projects["Pets"])
    listed = {user.user_email for user in project.list_users()}
    project.remove_users([STRANGER])

    assert (added.user_email, listed) == (STRANGER, {"agent@twin.local", STRANGER})
    with pytest.raises(AuthorisationError):
        seen.list_label_rows_v2()


def test_only_a_dataset_one_may_read_can_be_attached(twin: Twin, client: EncordUserClient) -> None:
    project = client.get_project(twin.ids.projects["Pets"])

    with pytest.raises(AuthorisationError):
        project.add_datasets([str(twin.ids.datasets["private"]), str(twin.ids.datasets["theirs"])])

    assert [one.title for one in project.list_datasets()] == ["pets"]


def test_a_bearer_token_opens_both_protocols(twin: Twin, client: EncordUserClient) -> None:
    bearer = EncordUserClient.create_with_bearer_token(
        client.get_bearer_token(), domain=twin.url, requests_settings=ONCE
    )

    project = bearer.get_project(twin.ids.projects["Pets"])

    assert len(project.list_label_rows_v2()) == 2
    assert {entry.user for entry in twin.log.entries} == {"agent@twin.local"}


def test_a_made_up_token_opens_neither(twin: Twin) -> None:
    forger = EncordUserClient.create_with_bearer_token("made-up", domain=twin.url, requests_settings=ONCE)

    with pytest.raises(AuthenticationError, match="bearer token"):
        forger.get_project(twin.ids.projects["Pets"])
    with pytest.raises(AuthenticationError):
        forger.get_dataset(twin.ids.datasets["pets"])
