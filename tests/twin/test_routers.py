"""Where routers send tasks."""

from collections.abc import Iterable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from encord.workflow.stages.agent import AgentStage
from encord.workflow.stages.annotation import AnnotationStage
from pydantic import ValidationError

from sandbox.encord_twin import ProjectSpec, StageSpec, StageType, Twin, World, serve
from tests.twin.conftest import connect
from tests.twin.worlds import pets


def world(tasks: int, *routers: StageSpec) -> World:
    first = StageSpec(title="Agent", type=StageType.AGENT, pathways={"on": routers[0].title})
    ends = [StageSpec(title=title, type=StageType.ANNOTATION, next="Done") for title in ("A", "B", "C")]
    return pets(tasks=tasks, stages=[first, *routers, *ends, StageSpec(title="Done", type=StageType.DONE)])


def router(**more: object) -> StageSpec:
    return StageSpec.model_validate({"title": "Router", "type": "PERCENTAGE_ROUTER", **more})


def send_all(twin: Twin, key: str | None = None) -> dict[str, int]:
    """How many tasks reach which stage."""
    project = connect(twin, key).get_project(twin.ids.projects["Pets"])
    with project.create_bundle() as bundle:
        for task in project.workflow.get_stage(name="Agent", type_=AgentStage).get_tasks():
            task.proceed("on", bundle=bundle)
    return {title: count(project.workflow.get_stage(name=title, type_=AnnotationStage).get_tasks()) for title in "ABC"}


def count(tasks: Iterable[object]) -> int:
    return sum(1 for _ in tasks)


def test_tasks_are_shared_out_and_the_rest_takes_the_next_stage() -> None:
    with serve(world(200, router(shares={"A": 60, "B": 30}, next="C"))) as twin:
        reached = send_all(twin)

    assert sum(reached.values()) == 200
    assert 100 < reached["A"] < 140
    assert 40 < reached["B"] < 80
    assert 5 < reached["C"] < 35


def test_a_task_takes_the_same_way_in_every_run() -> None:
    def reached() -> list[str]:
        with serve(world(20, router(shares={"A": 50, "B": 50}))) as twin:
            send_all(twin)
            project = twin.store.projects[twin.ids.projects["Pets"]]
            return [project.stages[task.stage].title for task in project.tasks.values()]

    assert reached() == reached()


def test_a_router_without_shares_sends_everybody_on() -> None:
    with serve(world(3, router(next="B"))) as twin:
        assert send_all(twin) == {"A": 0, "B": 3, "C": 0}


@pytest.mark.parametrize(("user", "stage"), [("ann@twin.local", "A"), ("eve@twin.local", "B")])
def test_a_user_router_goes_by_who_acted_last(user: str, stage: str) -> None:
    key = Ed25519PrivateKey.generate()
    by_user = StageSpec(title="Router", type=StageType.USER_ROUTER, users={"ann@twin.local": "A"}, next="B")
    keys = {key.public_key().public_bytes_raw().hex(): user}
    with serve(world(2, by_user).model_copy(update={"keys": keys})) as twin:
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        ).decode()
        reached = send_all(twin, text)

    assert {title for title, number in reached.items() if number} == {stage}


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"shares": {"A": 50, "B": 40}},
        {"shares": {"A": 70, "B": 40}, "next": "C"},
        {"users": {"ann": "A"}, "next": "B"},
        {"type": "USER_ROUTER", "users": {"ann": "A"}},
    ],
    ids=[
        "no way out",
        "shares that leave a rest",
        "more than everybody",
        "users of another router",
        "no way for others",
    ],
)
def test_a_router_that_leaves_tasks_nowhere_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="Router"):
        router(**broken)


def test_routers_that_lead_to_each_other_only_are_refused() -> None:
    one = router(title="One", next="Two")
    two = router(title="Two", shares={"One": 1}, next="Done")
    done = StageSpec(title="Done", type=StageType.DONE)

    with pytest.raises(ValidationError, match="but to itself"):
        ProjectSpec(title="P", ontology="O", stages=[done, one, two])
