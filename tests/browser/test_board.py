"""The workflow as a person watches it."""

import pytest
from encord.project import Project
from encord.workflow.stages.agent import AgentStage
from encord.workflow.stages.consensus_annotation import ConsensusAnnotationStage
from playwright.sync_api import Locator, Page, expect

from sandbox.encord_twin import FolderSpec, ItemSpec, World
from tests.twin.test_consensus import STAGES as CONSENSUS
from tests.twin.test_labels import classify, initialise
from tests.twin.worlds import BUCKET, pets


def column(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def step(page: Page, name: str) -> Locator:
    return page.locator(".story li", has_text=name).locator("b")


def test_cards_follow_their_tasks_while_one_looks_on(page: Page, board: str, agent: AgentStage) -> None:
    page.goto(board)
    expect(column(page, "Agent 1").locator(".card")).to_have_count(5)
    first = next(iter(agent.get_tasks()))

    first.proceed("Cat")

    expect(column(page, "Annotate").locator(".card")).to_have_text(["0000.jpg no labels"])
    expect(column(page, "Annotate").locator(".card.moved")).to_have_count(1)
    expect(column(page, "Agent 1").locator(".card")).to_have_count(4)
    expect(step(page, "waiting")).to_have_text("4")
    expect(step(page, "routed")).to_have_text("1")
    expect(page.locator(".flying")).to_have_count(0)
    expect(page.locator(".events li").first).to_contain_text("0000.jpg Agent 1 → Annotate, pathway Cat")


def test_a_card_says_what_was_answered_by_whom_and_how_surely(page: Page, board: str, project: Project) -> None:
    by_robot, by_person = initialise(project)[:2]
    classify(project, by_robot, "Cat", confidence=0.973)
    by_robot.save()
    classify(project, by_person, "Dog", confidence=1.0)
    for answer in by_person.get_classification_instances():
        answer.set_for_frames(0, confidence=1.0, manual_annotation=True, overwrite=True)
    by_person.save()

    page.goto(board)

    card = page.locator(".card", has_text="0000.jpg")
    expect(card).to_contain_text("Cat 0.97")
    expect(card.get_by_role("img", name="robot")).to_be_visible()
    other = page.locator(".card", has_text="0001.jpg")
    expect(other).to_contain_text("Dog")
    expect(other).not_to_contain_text("1.00")
    expect(other.get_by_role("img", name="person")).to_be_visible()
    expect(step(page, "labelled")).to_have_text("2")


def test_the_workflow_is_drawn_with_its_pathways(page: Page, board: str) -> None:
    page.goto(board)

    drawing = page.locator(".flow svg")
    assert set(drawing.locator(".way-name").all_text_contents()) == {"Cat", "Other", "submit", "approve", "reject"}
    assert drawing.locator(".node .count").all_text_contents() == ["5", "0", "0", "0"]
    assert page.locator(".column .word").all_text_contents() == ["agent", "annotation", "review", "done"]


@pytest.mark.parametrize("world", [pets(tasks=1000)], ids=["a thousand tasks"])
def test_a_long_column_shows_its_newest_tasks_and_leads_to_the_rest(page: Page, board: str, agent: AgentStage) -> None:
    page.goto(board)
    waiting = column(page, "Agent 1")
    expect(waiting.locator(".card")).to_have_count(40)
    expect(waiting.locator(".count")).to_have_text("1,000")

    next(iter(agent.get_tasks())).proceed("Cat")

    expect(waiting.locator(".count")).to_have_text("999")
    waiting.get_by_role("link", name="+ 959 more").click()
    expect(page.locator(".card")).to_have_count(100)
    page.get_by_role("link", name="Next").first.click()
    expect(page.locator(".pager").first).to_contain_text("Page 2 of 10")


HOSTILE = "<script>window.struck = true<img src=x onerror=window.struck=true>"


@pytest.mark.parametrize(
    "world",
    [
        pets().model_copy(
            update={
                "folders": [
                    FolderSpec(title="pets"),
                    FolderSpec(title="seed", items=[ItemSpec(url=f"{BUCKET}/x.jpg", title=HOSTILE)]),
                ]
            }
        )
    ],
    ids=["a hostile title"],
)
def test_a_title_with_a_script_is_shown_as_text(page: Page, board: str, world: World, agent: AgentStage) -> None:
    page.goto(board)
    next(iter(agent.get_tasks())).proceed("Cat")
    expect(column(page, "Annotate").locator(".card .name")).to_have_text(HOSTILE)

    column(page, "Annotate").locator(".card").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    assert page.evaluate("window.struck") is None
    assert world.folders[1].items[0].title == HOSTILE


def test_a_browser_that_wants_no_motion_gets_none(page: Page, board: str, agent: AgentStage) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(board)
    expect(page.locator(".card")).to_have_count(5)

    next(iter(agent.get_tasks())).proceed("Cat")

    expect(column(page, "Annotate").locator(".card")).to_have_count(1)
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("world", [pets(tasks=1, stages=CONSENSUS)], ids=["consensus"])
def test_consensus_shows_who_has_submitted_and_everybodys_branch(
    page: Page, board: str, project: Project, agent: AgentStage
) -> None:
    next(iter(agent.get_tasks())).proceed("YES")
    stage = project.workflow.get_stage(name="Consensus", type_=ConsensusAnnotationStage)
    [task] = stage.get_tasks()
    page.goto(board)
    card = column(page, "Consensus").locator(".card")
    expect(card).to_contain_text("0 of 2 submitted")

    next(iter(task.subtasks)).submit()

    expect(card).to_contain_text("1 of 2 submitted")
    expect(column(page, "Consensus").locator(".word")).to_have_text("consensus")
    card.click()
    branches = page.locator(".branches a")
    expect(branches).to_have_text(["encord-ann-twin.local", "encord-ben-night-twin.local", "main"])
    branches.first.click()
    expect(page.locator(".side")).to_contain_text("Nobody has created a label row on branch encord-ann-twin.local.")
