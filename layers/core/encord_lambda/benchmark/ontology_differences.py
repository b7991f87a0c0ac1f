"""What one ontology has and another lacks: then somebody could not label it, or nobody said it of the truth."""

from collections.abc import Iterable, Iterator
from typing import Final

from encord_lambda.benchmark.report import NoteReport
from encord_lambda.labels.ontology import Attribute, Ontology

MOST: Final = 20
"""So many differences are named, and the others counted."""


def differences(truth: Ontology, production: Ontology) -> Iterator[NoteReport]:
    """Objects, questions and options, of whatever level, that only one of the ontologies has, or has of a kind."""
    ours, theirs = dict.fromkeys(_things(truth)), dict.fromkeys(_things(production))
    found = [_note("production project", thing) for thing in ours if thing not in theirs]
    found += [_note("ground truth", thing) for thing in theirs if thing not in ours]
    yield from found[:MOST]
    if rest := len(found[MOST:]):
        yield NoteReport(what="a further difference between the two ontologies", count=rest, examples=())


def _note(lacking: str, thing: str) -> NoteReport:
    return NoteReport(what=f"the ontology of the {lacking} has no {thing}", count=1, examples=())


def _things(ontology: Ontology) -> Iterator[str]:
    yield from _questions("classification", ontology.classifications, ())
    for thing in ontology.objects:
        yield f"object '{thing.title}' ({thing.shape})"
        yield from _questions("attribute", thing.attributes, (thing.title,))


def _questions(what: str, questions: Iterable[Attribute], above: tuple[str, ...]) -> Iterator[str]:
    for question in questions:
        path = (*above, question.title)
        yield f"{what} '{' / '.join(path)}' ({question.kind})"
        for option in question.options:
            yield f"option '{option.title}' of '{' / '.join(path)}'"
            yield from _questions("attribute", option.attributes, (*path, option.title))
