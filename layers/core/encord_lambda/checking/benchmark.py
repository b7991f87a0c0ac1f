"""Whether the two projects of a benchmark fit it and each other."""

from collections.abc import Iterator

from encord_lambda.benchmark.ontology_differences import differences, unscored
from encord_lambda.checking.finding import Finding, Place, quoted
from encord_lambda.checking.survey import FoundProject, Survey, Unreachable
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.labels.ontology import Ontology


def findings(place: Place, benchmark: Benchmark, survey: Survey) -> Iterator[Finding]:
    """What is wrong with a benchmark's projects and its stage. What is merely not scored is remarked."""
    production, truth = survey.projects[benchmark.production], survey.projects[benchmark.ground_truth]
    if isinstance(production, Unreachable):
        yield Finding((*place, "production"), production.reason)
    else:
        yield from _stage((*place, "stage"), benchmark.stage, production)
    at = (*place, "ground_truth")
    if isinstance(truth, Unreachable):
        yield Finding(at, truth.reason)
    elif not truth.labelled:
        yield Finding(at, "nobody has labelled anything in the project yet: nothing can be scored", is_remark=True)
    if isinstance(production, FoundProject) and isinstance(truth, FoundProject):
        yield from _ontologies(at, truth.ontology, production.ontology)


def _stage(place: Place, title: str, project: FoundProject) -> Iterator[Finding]:
    reviews = [one.title for one in project.stages if one.reviews_consensus]
    if title not in reviews:
        what = f"the project has no consensus review titled '{title}'; its consensus reviews: {quoted(reviews)}"
        yield Finding(place, what)


def _ontologies(place: Place, truth: Ontology, production: Ontology) -> Iterator[Finding]:
    if not _titles(truth) & _titles(production):
        yield Finding(
            place, "its ontology and that of the production project have no object or classification in common"
        )
        return
    for what, count in (*differences(truth, production), *unscored(truth)):
        yield Finding(place, what if count == 1 else f"{what}, {count} times", is_remark=True)


def _titles(ontology: Ontology) -> set[tuple[str, str]]:
    objects = {(one.title, one.shape) for one in ontology.objects}
    return objects | {(one.title, one.kind) for one in ontology.classifications}
