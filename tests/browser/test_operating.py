"""Pages for whoever runs the twin: uploads, requests, faults, and that all of them are sound."""

import pytest
from encord import EncordUserClient
from encord.exceptions import EncordException, RateLimitExceededError
from encord.workflow.stages.agent import AgentStage
from playwright.sync_api import Page, expect

from sandbox.encord_twin import Twin, World
from tests.twin.test_uploads import upload
from tests.twin.worlds import BUCKET


def test_an_upload_job_lists_its_errors(page: Page, twin: Twin, client: EncordUserClient) -> None:
    folder = client.get_storage_folder(twin.ids.folders["pets"])
    upload(twin, folder, f"{BUCKET}/seed/0000.jpg", f"{BUCKET}/missing.jpg")

    page.goto(f"{twin.url}/jobs")
    page.locator("tbody a").first.click()

    refused = page.locator("tbody tr")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text(f"{BUCKET}/missing.jpg")
    expect(refused).to_contain_text("NoSuchKey")
    expect(page.locator(".tile")).to_have_count(1)


def test_a_fault_ordered_on_the_page_strikes_the_sdk(page: Page, twin: Twin, agent: AgentStage) -> None:
    page.goto(f"{twin.url}/faults")
    page.get_by_label("Route contains").fill("/tasks")
    page.get_by_label("Status or code").fill("429")
    page.get_by_role("button", name="Order", exact=True).click()
    ordered = page.locator("tbody tr")
    expect(ordered).to_contain_text("status 429")

    with pytest.raises(RateLimitExceededError):
        list(agent.get_tasks())

    expect(ordered.locator("td")).to_have_text(["route /tasks status 429", "1", "0"])
    page.get_by_role("button", name="A slow task queue").click()
    expect(ordered).to_have_count(1)  # the one that is used up is forgotten
    expect(ordered).to_contain_text("delay 2.0")
    page.get_by_role("button", name="Forget all").click()
    expect(page.get_by_text("No trouble is ordered.")).to_be_visible()


def test_a_fault_that_makes_no_sense_is_refused_in_words(page: Page, twin: Twin, errors: list[str]) -> None:
    page.goto(f"{twin.url}/faults")
    page.get_by_label("What happens").select_option("only a delay")

    page.get_by_role("button", name="Order", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("nothing would happen")
    assert "status of 400" in errors.pop()


def test_the_log_marks_what_the_twin_does_not_know(page: Page, twin: Twin, client: EncordUserClient) -> None:
    page.goto(f"{twin.url}/log")
    expect(page.get_by_text("No requests yet")).to_be_visible()

    with pytest.raises(EncordException):
        list(client.list_collections())

    row = page.locator(".requests tbody tr").first
    expect(row).to_contain_text("404")
    expect(row).to_contain_text("not implemented")
    expect(row).to_contain_text("tests")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_all_pages_fit_and_are_sound(page: Page, twin: Twin, board: str, scheme: str, width: int) -> None:
    """The page fixture minds errors and other machines' addresses."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    project = twin.store.projects[twin.ids.projects["Pets"]]
    places = ["", "folders", "jobs", "datasets", "log", "faults", f"folders/{twin.ids.folders['seed']}"]
    places += [f"datasets/{twin.ids.datasets['pets']}", f"items/{next(iter(twin.store.items))}"]
    addresses = [f"{twin.url}/{place}" for place in places]
    addresses += [board, f"{board}/stages/{project.first}", f"{board}/tasks/{next(iter(project.tasks))}"]

    for address in addresses:
        answer = page.goto(address)

        assert answer is not None
        assert answer.status == 200
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is too wide"


@pytest.mark.parametrize("world", [World()], ids=["nothing"])
def test_an_empty_twin_says_how_to_fill_it(page: Page, twin: Twin) -> None:
    page.goto(twin.url)

    expect(page.get_by_role("heading", name="No projects yet")).to_be_visible()
    expect(page.locator("main")).to_contain_text("POST /_twin/world")
