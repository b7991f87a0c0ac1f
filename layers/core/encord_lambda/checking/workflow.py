"""Whether a project's workflow has the stage and the pathways that pipeline.yaml names."""

from collections.abc import Iterator

from encord_lambda.checking.finding import Finding, Place, quoted
from encord_lambda.checking.survey import FoundProject
from encord_lambda.config import Stage
from encord_lambda.config_route import Route


def findings(place: Place, stage: Stage, project: FoundProject) -> Iterator[Finding]:
    """What is wrong with a stage's title and its pathways."""
    alike = [one for one in project.stages if one.title == stage.stage]
    agents = [one for one in alike if one.pathways is not None]
    there_are = quoted(one.title for one in project.stages if one.pathways is not None)
    at = (*place, "stage")
    if not alike:
        yield Finding(at, f"the project has no stage titled '{stage.stage}'; its agent stages: {there_are}")
    elif not agents:
        yield Finding(at, f"the stage '{stage.stage}' is no agent stage; the project's agent stages: {there_are}")
    elif len(agents) > 1:
        yield Finding(at, f"the project has {len(agents)} agent stages titled '{stage.stage}': rename all but one")
    else:
        yield from _pathways(place, stage, agents[0].pathways or ())


def _pathways(place: Place, stage: Stage, names: tuple[str, ...]) -> Iterator[Finding]:
    for at, name in _taken(place, stage):
        if name not in names:
            yield Finding(at, f"the stage '{stage.stage}' has no pathway '{name}'; there are: {quoted(names)}")


def _taken(place: Place, stage: Stage) -> Iterator[tuple[Place, str]]:
    """Each pathway that is named, and where."""
    for answer, name in stage.pathways.items():
        yield (*place, "pathways", answer), name
    if isinstance(stage.agent, Route):
        for number, rule in enumerate(stage.agent.rules):
            yield (*place, "agent", "rules", number, "take"), rule.take
        yield (*place, "agent", "otherwise"), stage.agent.otherwise
