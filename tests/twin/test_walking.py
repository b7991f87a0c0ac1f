"""The rules of walking, whatever is asked in whatever order: all or none, and one queue per task.

Here the rules are spoken to directly: hundreds of walks through HTTP would only be slower.
"""

from collections.abc import Sequence
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sandbox.encord_twin import StageSpec, StageType, World, WorldIds, build
from sandbox.encord_twin.platform import listing, workflow
from sandbox.encord_twin.platform.actions import Action, ActionName
from sandbox.encord_twin.platform.records import Project, Stage
from sandbox.encord_twin.platform.refusals import Invalid
from sandbox.encord_twin.platform.store import Store
from tests.twin.worlds import pets

TASKS = 6
ACTIONS: list[ActionName] = ["PATHWAY_ACTION", "SUBMIT", "ASSIGN", "RELEASE", "APPROVE", "REJECT"]
STAGES = [
    StageSpec(title="Agent", type=StageType.AGENT, pathways={"on": "Which?", "both": "Consensus"}),
    StageSpec(title="Which?", type=StageType.PERCENTAGE_ROUTER, shares={"Annotate": 40}, next="Whose?"),
    StageSpec(title="Whose?", type=StageType.USER_ROUTER, users={"ann": "Review"}, next="Annotate"),
    StageSpec(title="Annotate", type=StageType.ANNOTATION, next="Which?"),
    StageSpec(title="Review", type=StageType.REVIEW, next="Done", rejected="Annotate"),
    StageSpec(title="Consensus", type=StageType.CONSENSUS_ANNOTATION, next="Compare", annotators=["ann", "ben"]),
    StageSpec(title="Compare", type=StageType.CONSENSUS_REVIEW, next="Done", rejected="Consensus"),
    StageSpec(title="Done", type=StageType.DONE),
]


def made() -> tuple[Store, Project, WorldIds]:
    store = Store()
    world: World = pets(tasks=TASKS, stages=STAGES)
    ids = build(store, world)
    return store, store.projects[ids.projects["Pets"]], ids


class Walk(RuleBasedStateMachine):
    """Anything anybody may ask of the workflow, sensible or not."""

    def __init__(self) -> None:
        super().__init__()
        self.store, self.project, ids = made()
        self.stages = [self.project.stages[uuid] for uuid in ids.stages["Pets"].values()]
        self.rows = [task.row for task in self.project.tasks.values()]

    def snapshot(self) -> list[object]:
        tasks = self.project.tasks.values()
        shares = [(one.status, one.assignee) for task in tasks for one in task.subtasks]
        return [*((task.stage, task.status, task.assignee, task.visits) for task in tasks), *shares]

    def names(self, places: Sequence[int]) -> list[UUID]:
        """UUIDs of tasks and subtasks, in a row as if they were one list."""
        tasks = list(self.project.tasks.values())
        everything = [task.uuid for task in tasks] + [one.uuid for task in tasks for one in task.subtasks]
        return [everything[place % len(everything)] for place in places] if everything else []

    @rule(
        stage=st.integers(0, len(STAGES) - 1),
        name=st.sampled_from(ACTIONS),
        places=st.lists(st.integers(0, 3 * TASKS), min_size=1, max_size=4),
        user=st.sampled_from(["ann", "eve"]),
        pathway=st.sampled_from(["on", "both", "nowhere"]),
        retain=st.booleans(),
    )
    def act(self, stage: int, name: ActionName, places: list[int], user: str, pathway: str, retain: bool) -> None:
        """All named tasks do it, or none."""
        assignee = "ann" if name == "ASSIGN" else None
        actions = [Action(uuid, name, pathway, assignee, retain) for uuid in self.names(places)]
        before = self.snapshot()
        try:
            workflow.act(self.store, self.project, self.stages[stage], actions, user)
        except Invalid:
            assert self.snapshot() == before

    @rule(
        stages=st.tuples(st.integers(0, 7), st.integers(0, 7)), places=st.lists(st.integers(0, TASKS - 1), max_size=3)
    )
    def move(self, stages: tuple[int, int], places: list[int]) -> None:
        """From stage to stage, ignoring the pathways."""
        origin, destination = (self.stages[place] for place in stages)
        before = self.snapshot()
        try:
            workflow.move(self.store, self.project, origin, destination, self.names(places), "eve")
        except Invalid:
            assert self.snapshot() == before

    @rule(place=st.integers(0, TASKS - 1), priority=st.floats(0, 1))
    def prioritise(self, place: int, priority: float) -> None:
        """More or less urgent."""
        if (data := self.rows[place].data_hash) in self.project.tasks:
            workflow.prioritise(self.project, [(data, priority)])

    @rule(place=st.integers(0, TASKS - 1))
    def withdraw_or_start(self, place: int) -> None:
        """Its dataset is removed, or attached again."""
        row = self.rows[place]
        if row.data_hash in self.project.tasks:
            workflow.withdraw(self.project, row)
        else:
            workflow.start_task(self.store, self.project, row)

    @invariant()
    def every_task_waits_in_exactly_one_queue(self) -> None:
        waiting = [task.uuid for queue in self.project.waiting.values() for task in queue.values()]
        assert sorted(waiting) == sorted(task.uuid for task in self.project.tasks.values())
        assert all(task.uuid in self.project.waiting[task.stage] for task in self.project.tasks.values())

    @invariant()
    def nobody_waits_in_a_router(self) -> None:
        assert not any(len(self.project.waiting[stage.uuid]) for stage in self.stages if stage.type.is_router)

    @invariant()
    def queues_are_in_order(self) -> None:
        for queue in self.project.waiting.values():
            places = [task.place for task in queue.values()]
            assert places == sorted(places)

    @invariant()
    def consensus_waits_for_somebody(self) -> None:
        for task in self.project.tasks.values():
            if self.project.stages[task.stage].type is StageType.CONSENSUS_ANNOTATION:
                assert any(one.status != "COMPLETED" for one in task.subtasks)


Walk.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestWalk = Walk.TestCase


@settings(max_examples=40, deadline=None)
@given(
    priorities=st.lists(st.floats(0, 1), min_size=TASKS, max_size=TASKS),
    size=st.integers(1, TASKS + 1),
    leaving=st.lists(st.integers(0, TASKS - 1)),
)
def test_pages_lose_and_double_nobody_who_stays(priorities: list[float], size: int, leaving: list[int]) -> None:
    store, project, ids = made()
    stage: Stage = project.stages[ids.stages["Pets"]["Agent"]]
    workflow.prioritise(project, list(zip(project.tasks, priorities, strict=True)))
    tasks, gone, seen = list(project.tasks.values()), set(), []
    token, leavers = None, iter(leaving)

    while True:
        page = listing.page(project, stage, listing.TaskFilter(), token, size)
        seen += [task.uuid for task in page.tasks]
        if (token := page.next_token) is None:
            break
        leaver = tasks[next(leavers, 0)]
        workflow.finish(store, project, [leaver], "eve")
        gone.add(leaver.uuid)

    assert len(seen) == len(set(seen))
    assert {task.uuid for task in tasks} - gone <= set(seen)
