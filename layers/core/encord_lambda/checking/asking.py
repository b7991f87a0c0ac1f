"""Whether a project's ontology and datasets have what an agent of pipeline.yaml asks for."""

from collections.abc import Iterator
from functools import partial

from encord_lambda.agents.repertoire import drawable
from encord_lambda.checking.finding import Finding, Place, quoted, refusal
from encord_lambda.checking.survey import FoundProject
from encord_lambda.config import RESERVED, Stage
from encord_lambda.config_classify import Classify, Describe
from encord_lambda.config_custom import Custom
from encord_lambda.config_prelabel import Prelabel
from encord_lambda.config_route import Route
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Classification, Kind, Ontology


def findings(place: Place, stage: Stage, project: FoundProject) -> Iterator[Finding]:
    """What is wrong with what a stage's agent asks for. What a custom agent answers is its own affair."""
    agent = stage.agent
    match agent:
        case Classify():
            yield from _classify(place, stage, agent, project.ontology)
        case Prelabel():
            yield from _prelabel((*place, "agent", "classes"), agent, project.ontology)
        case Route():
            yield from _route((*place, "agent", "rules"), agent, project)
        case Describe(classification=title):
            if refused := refusal(lambda: project.ontology.classification(title, "text")):
                yield Finding((*place, "agent", "classification"), refused)
        case Custom():
            yield from _custom((*place, "agent"), agent, project.ontology)


def _classify(place: Place, stage: Stage, agent: Classify, ontology: Ontology) -> Iterator[Finding]:
    at = (*place, "agent", "classification")
    places = [at] if isinstance(agent.classification, str) else [(*at, number) for number in range(len(agent.titles))]
    for here, title in zip(places, agent.titles, strict=True):
        kinds: tuple[Kind, ...] = ("radio",) if here is places[0] else ()
        try:
            found = ontology.classification(title, *kinds)
        except Misconfigured as trouble:
            yield Finding(here, trouble.reason)
        else:
            yield from _mapping(here, (*place, "pathways"), stage, agent, found) if kinds else ()


def _mapping(
    question: Place, pathways: Place, stage: Stage, agent: Classify, first: Classification
) -> Iterator[Finding]:
    """What is wrong between the options and the keys of `pathways`."""
    for option in sorted(set(first.titles) & RESERVED):
        meaning = f"`pathways` has a meaning of its own for `{option}`"
        yield Finding(
            question, f"the classification '{first.title}' has an option '{option}', but {meaning}: rename it"
        )
    known = quoted(first.titles)
    for key in sorted(stage.pathways.keys() - RESERVED - set(first.titles)):
        yield Finding((*pathways, key), f"the classification '{first.title}' has no option '{key}'; there are: {known}")
    if "unsure" in stage.pathways and agent.unsure_below is None:
        yield Finding((*pathways, "unsure"), "nothing is unsure without the agent's `unsure_below`", is_remark=True)
    if unmapped := [title for title in first.titles if title not in stage.pathways.keys() | RESERVED]:
        yield Finding(pathways, f"these options take `otherwise`: {quoted(unmapped)}", is_remark=True)


def _prelabel(place: Place, agent: Prelabel, ontology: Ontology) -> Iterator[Finding]:
    for label, title in agent.classes.items():
        if refused := refusal(partial(drawable, agent, ontology, title)):
            yield Finding((*place, label), refused)


def _custom(place: Place, agent: Custom, ontology: Ontology) -> Iterator[Finding]:
    for key, titles, look_up in (
        ("classifications", agent.classifications, ontology.classification),
        ("objects", agent.objects, ontology.object),
    ):
        for number, title in enumerate(titles):
            if refused := refusal(partial(look_up, title)):
                yield Finding((*place, key, number), refused)


def _route(place: Place, agent: Route, project: FoundProject) -> Iterator[Finding]:
    there_are = ", ".join(f"'{title}' {uuid}" for uuid, title in project.datasets.items()) or "none"
    for number, rule in enumerate(agent.rules):
        if rule.dataset and rule.dataset not in project.datasets:
            at = (*place, number, "dataset")
            yield Finding(at, f"the project has no dataset {rule.dataset}; there are: {there_are}")
