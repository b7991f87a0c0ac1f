"""All that does not fit between a pipeline.yaml and what Encord has."""

from collections.abc import Iterator

from encord_lambda.checking import asking, benchmark, editor, workflow
from encord_lambda.checking.finding import Finding, Place, refusal
from encord_lambda.checking.survey import Survey, Unreachable
from encord_lambda.config import PipelineConfig, Stage
from encord_lambda.config_registration import Registration
from encord_lambda.registration import integrations


def findings(config: PipelineConfig, survey: Survey) -> Iterator[Finding]:
    """Every fault and remark. The survey must hold what the pipeline names."""
    for number, registration in enumerate(config.registrations):
        yield from _registration(("registrations", number), registration, survey)
    for number, stage in enumerate(config.stages):
        yield from _stage(("stages", number), stage, survey)
    for name, agent in config.editor_agents.items():
        yield from editor.findings(("editor_agents", name), agent, config, survey)
    for number, scored in enumerate(config.benchmarks):
        yield from benchmark.findings(("benchmarks", number), scored, survey)


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
