"""Whether the projects that an editor agent serves have what it asks for."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from encord_lambda.checking.finding import Finding, Place, quoted, refusal
from encord_lambda.checking.survey import FoundProject, Survey, Unreachable
from encord_lambda.config import PipelineConfig
from encord_lambda.config_editor import (
    EditorAgent,
    EditorAttributes,
    EditorClassify,
    EditorCustom,
    EditorDescribe,
    EditorValidate,
)
from encord_lambda.config_prelabel import DEFAULT
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Ontology

type LookUp = tuple[Place, Callable[[], object]]
"""Where a title stands, and what raises Misconfigured if the ontology lacks it."""


def findings(place: Place, agent: EditorAgent, config: PipelineConfig, survey: Survey) -> Iterator[Finding]:
    """Projects it names must have what it asks for. Those of stages, which it serves too, may be without."""
    for number, uuid in enumerate(agent.projects):
        if isinstance(missing := survey.projects[uuid], Unreachable):
            yield Finding((*place, "projects", number), missing.reason)
    served = _served(agent, config, survey)
    refused = {uuid: list(_refusals(agent, project.ontology)) for uuid, project in served.items()}
    lacking = [uuid for uuid, reasons in refused.items() if reasons]
    for uuid in lacking:
        spared = uuid not in agent.projects and len(lacking) < len(served)
        for at, reason in refused[uuid]:
            yield Finding((*place, *at), f"project {uuid}: {reason}", is_remark=spared)


def _served(agent: EditorAgent, config: PipelineConfig, survey: Survey) -> dict[UUID, FoundProject]:
    uuids = [*agent.projects, *(stage.project for stage in config.stages)]
    projects = {uuid: survey.projects[uuid] for uuid in uuids}
    return {uuid: project for uuid, project in projects.items() if isinstance(project, FoundProject)}


def _refusals(agent: EditorAgent, ontology: Ontology) -> Iterator[tuple[Place, str]]:
    for place, look_up in _titles(agent, ontology):
        if reason := refusal(look_up):
            yield place, reason


def _titles(agent: EditorAgent, ontology: Ontology) -> Iterator[LookUp]:
    match agent:
        case EditorDescribe():
            yield ("classification",), lambda: ontology.classification(agent.classification, "text")
        case EditorClassify():
            first, *others = agent.titles
            yield ("classification",), lambda: ontology.classification(first, "radio")
            yield from ((("classification",), partial(ontology.classification, title)) for title in others)
        case EditorAttributes():
            yield from _each("attributes", agent.attributes, partial(_attribute, ontology))
        case EditorValidate():
            yield from _each("answered", agent.answered, ontology.classification)
            yield from _limits(agent, ontology)
        case EditorCustom():
            yield from _each("classifications", agent.classifications, ontology.classification)
            yield from _each("objects", agent.objects, ontology.object)


def _each(key: str, titles: list[str], look_up: Callable[[str], object]) -> Iterator[LookUp]:
    yield from (((key, number), partial(look_up, title)) for number, title in enumerate(titles))


def _limits(agent: EditorValidate, ontology: Ontology) -> Iterator[LookUp]:
    for key in ("smallest", "largest", "overlap"):
        for title in (getattr(agent, key) or {}).keys() - {DEFAULT}:
            yield (key, title), partial(_object, ontology, title)


def _object(ontology: Ontology, title: str) -> None:
    known = [one.title for one in ontology.objects]
    if title not in known:
        raise Misconfigured(f"the ontology has no object titled '{title}'; it has: {quoted(known)}")


def _attribute(ontology: Ontology, title: str) -> None:
    known = dict.fromkeys(attribute.title for one in ontology.objects for attribute in one.asked)
    if title not in known:
        raise Misconfigured(f"no object of the ontology has an attribute '{title}'; there are: {quoted(known)}")
