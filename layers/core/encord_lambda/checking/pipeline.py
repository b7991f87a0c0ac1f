"""All that does not fit between a pipeline.yaml and what Encord has."""

from collections.abc import Iterator
from uuid import UUID

from encord_lambda.checking import asking, workflow
from encord_lambda.checking.finding import Finding, Place, refusal
from encord_lambda.checking.survey import FoundProject, Survey, Unreachable
from encord_lambda.config import PipelineConfig, Stage
from encord_lambda.config_classify import EditorDescribe
from encord_lambda.config_registration import Registration
from encord_lambda.registration import integrations


def findings(config: PipelineConfig, survey: Survey) -> Iterator[Finding]:
    """Every fault and remark. The survey must hold what the pipeline names."""
    for number, registration in enumerate(config.registrations):
        yield from _registration(("registrations", number), registration, survey)
    for number, stage in enumerate(config.stages):
        yield from _stage(("stages", number), stage, survey)
    for name, agent in config.editor_agents.items():
        yield from _editor_agent(("editor_agents", name), agent, config, survey)


def _registration(place: Place, one: Registration, survey: Survey) -> Iterator[Finding]:
    titles = [(there.id, there.title) for there in survey.integrations]
    if strange := refusal(lambda: integrations.chosen(one.integration, titles)):
        yield Finding((*place, "integration"), strange)
    if missing := survey.folders[one.folder]:
        yield Finding((*place, "folder"), missing.reason)
    for number, dataset in enumerate(one.datasets):
        if missing := survey.datasets[dataset]:
            yield Finding((*place, "datasets", number), missing.reason)


def _stage(place: Place, stage: Stage, survey: Survey) -> Iterator[Finding]:
    project = survey.projects[stage.project]
    if isinstance(project, Unreachable):
        yield Finding((*place, "project"), project.reason)
    else:
        yield from workflow.findings(place, stage, project)
        yield from asking.findings(place, stage, project)


def _editor_agent(place: Place, agent: EditorDescribe, config: PipelineConfig, survey: Survey) -> Iterator[Finding]:
    """Projects it names must have its classification. Those of stages, which it serves too, may be without."""
    for number, uuid in enumerate(agent.projects):
        if isinstance(missing := survey.projects[uuid], Unreachable):
            yield Finding((*place, "projects", number), missing.reason)
    served = _served(agent, config, survey)
    refused = {uuid: reason for uuid, project in served.items() if (reason := _refusal(agent, project))}
    for uuid, reason in refused.items():
        spared = uuid not in agent.projects and len(refused) < len(served)
        yield Finding((*place, "classification"), f"project {uuid}: {reason}", is_remark=spared)


def _served(agent: EditorDescribe, config: PipelineConfig, survey: Survey) -> dict[UUID, FoundProject]:
    uuids = [*agent.projects, *(stage.project for stage in config.stages)]
    projects = {uuid: survey.projects[uuid] for uuid in uuids}
    return {uuid: project for uuid, project in projects.items() if isinstance(project, FoundProject)}


def _refusal(agent: EditorDescribe, project: FoundProject) -> str | None:
    return refusal(lambda: project.ontology.classification(agent.classification, "text"))
