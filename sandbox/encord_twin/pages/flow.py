"""A project's workflow as one sees it: stages in flow order, and the ways between them. Routers are only ways."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from ..platform.records import Project, Stage, StageType

WORDS = {StageType.ANNOTATION: "submit", StageType.REVIEW: "approve", StageType.CONSENSUS_ANNOTATION: "all submitted"}


@dataclass(frozen=True)
class Look:
    """How a kind of stage is told from others: a colour and an icon, and the same in a word."""

    colour: str
    icon: str
    word: str


LOOKS = {
    StageType.AGENT: Look("agent", "robot", "agent"),
    StageType.ANNOTATION: Look("annotation", "pencil", "annotation"),
    StageType.REVIEW: Look("review", "eye", "review"),
    StageType.CONSENSUS_ANNOTATION: Look("consensus", "people", "consensus"),
    StageType.CONSENSUS_REVIEW: Look("review", "eye", "consensus review"),
    StageType.DONE: Look("done", "check", "done"),
}


@dataclass(frozen=True)
class Way:
    """Something that leads from one stage to another: a pathway, a submission, a verdict."""

    origin: UUID
    destination: UUID
    name: str
    is_pathway: bool


def ways(project: Project) -> list[Way]:
    """All ways of a workflow, each stage's in its own order."""
    return [way for stage in project.stages.values() if not stage.type.is_router for way in ways_from(project, stage)]


def ways_from(project: Project, stage: Stage) -> Iterator[Way]:
    """The ways out of one stage."""
    for pathway in stage.pathways:
        yield from _onward(project, Way(stage.uuid, pathway.destination, pathway.title, is_pathway=True))
    for destination, name in ((stage.next, WORDS.get(stage.type, "approve")), (stage.rejected, "reject")):
        if destination is not None:
            yield from _onward(project, Way(stage.uuid, destination, name, is_pathway=False))


def taken(project: Project, origin: UUID, destination: UUID) -> str:
    """How a task got from one stage to the next, as far as the workflow tells: several names if any may be it."""
    found = [way for way in ways_from(project, project.stages[origin]) if way.destination == destination]
    names = " or ".join(dict.fromkeys(way.name for way in found))
    if not found:
        return "moved"
    return f"pathway {names}" if found[0].is_pathway else names


def in_flow_order(project: Project) -> list[Stage]:
    """The stages one can wait at: the first one first, final ones last."""
    steps = depths(project)
    stages = [stage for stage in project.stages.values() if not stage.type.is_router]
    return sorted(stages, key=lambda stage: (stage.type is StageType.DONE, steps[stage.uuid]))


def depths(project: Project) -> dict[UUID, int]:
    """How many steps each stage is from the start, the long way round; ways that lead back do not count."""
    steps = {stage.uuid: 0 for stage in project.stages.values() if not stage.type.is_router}
    forward = _forward(project)
    for _ in steps:  # a way without a loop has no more steps than there are stages
        for way in forward:
            steps[way.destination] = max(steps[way.destination], steps[way.origin] + 1)
    return steps


def _onward(project: Project, way: Way) -> Iterator[Way]:
    """Follow a way through the routers it enters; each exit is a way of its own."""
    there = project.stages[way.destination]
    if not there.type.is_router:
        yield way
        return
    exits = [(stage, f"{share} %") for stage, share in there.shares.items()]
    exits += [(stage, user) for user, stage in there.users.items()]
    if there.next is not None:
        rest = 100 - sum(there.shares.values())
        exits.append((there.next, "others" if there.users else f"{rest} %" if there.shares else ""))
    for destination, note in exits:
        name = f"{way.name}, {note}" if note else way.name
        yield from _onward(project, Way(way.origin, destination, name, way.is_pathway))


def _forward(project: Project) -> list[Way]:
    """The ways that do not lead back to where a walk from the start came by."""
    all_ways, found, seen = ways(project), [], set()

    def walk(stage: UUID, passed: frozenset[UUID]) -> None:
        seen.add(stage)
        for way in all_ways:
            if way.origin == stage and way.destination not in passed:
                found.append(way)
                if way.destination not in seen:
                    walk(way.destination, passed | {way.destination})

    for stage in [start for start in (project.first, *project.stages) if not project.stages[start].type.is_router]:
        if stage not in seen:
            walk(stage, frozenset({stage}))
    return found
