"""The pages as HTTP; no browser needed."""

from uuid import uuid4

import httpx
import pytest
from encord.workflow.stages.agent import AgentStage

from sandbox.encord_twin import MemoryObjects, Twin
from sandbox.encord_twin.pages.rendering import POLICY
from tests.twin.worlds import BUCKET


def test_a_browser_that_has_it_all_gets_304_until_something_happens(board: str, agent: AgentStage) -> None:
    first = httpx.get(f"{board}/now")
    known = {"If-None-Match": first.headers["etag"]}

    again = httpx.get(f"{board}/now", headers=known)
    next(iter(agent.get_tasks()))  # a request, and no change
    asked = httpx.get(f"{board}/now", headers=known)
    next(iter(agent.get_tasks())).proceed("Cat")
    changed = httpx.get(f"{board}/now", headers=known)

    assert (first.status_code, again.status_code, asked.status_code, changed.status_code) == (200, 304, 304, 200)
    assert again.content == b""


def test_pages_allow_no_script_of_their_own_and_are_not_in_the_request_log(twin: Twin, board: str) -> None:
    page = httpx.get(board)

    assert page.headers["content-security-policy"] == POLICY
    assert "<script>" not in page.text
    assert twin.log.count() == 0


def test_the_label_editors_address_of_a_frame_shows_it(twin: Twin, agent: AgentStage) -> None:
    project, data = twin.ids.projects["Pets"], next(iter(agent.get_tasks())).data_hash

    answer = httpx.get(f"{twin.url}/label_editor/{project}/{data}/0", follow_redirects=True)

    assert (answer.status_code, answer.url.path) == (200, f"/projects/{project}/tasks/{data}")


@pytest.mark.parametrize("place", ["projects", "folders", "datasets", "jobs", "items"])
def test_what_is_not_there_is_a_page_too(twin: Twin, place: str) -> None:
    answer = httpx.get(f"{twin.url}/{place}/{uuid4()}")

    assert answer.status_code == 404
    assert "holds no such thing" in answer.text


def test_a_file_that_may_carry_a_script_is_never_shown_as_such(twin: Twin, objects: MemoryObjects) -> None:
    item = next(iter(twin.store.items.values()))
    item.facts = type(item.facts)(item.facts.kind, "image/svg+xml", 1)
    objects.put(f"{BUCKET}/seed/0000.jpg", b"<svg onload='alert(1)'/>")

    answer = httpx.get(f"{twin.url}/items/{item.uuid}/file")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_picture_that_cannot_be_read_is_drawn_as_missing_and_asked_for_again(twin: Twin) -> None:
    item = list(twin.store.items.values())[1]

    answer = httpx.get(f"{twin.url}/items/{item.uuid}/thumbnail.jpg", follow_redirects=True)

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.history[0].headers["cache-control"] == "no-store"
