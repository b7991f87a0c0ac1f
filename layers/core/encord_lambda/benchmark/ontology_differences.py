"""What one ontology has and another lacks: then somebody could not label it, or nobody said it of the truth."""

from collections.abc import Iterable, Iterator
from typing import Final

from encord_lambda.labels.ontology import SHAPES, Attribute, Ontology

MOST: Final = 20
"""So many differences are named, and the others counted."""


def differences(truth: Ontology, production: Ontology) -> Iterator[tuple[str, int]]:
    """Objects, questions and options, of whatever level, that only one of the ontologies has, or has of a kind.

    Each difference in words, and how many there are of it.
    """
    ours, theirs = dict.fromkeys(_things(truth)), dict.fromkeys(_things(production))
    found = [_note("production project", thing) for thing in ours if thing not in theirs]
    found += [_note("ground truth", thing) for thing in theirs if thing not in ours]
    yield from ((what, 1) for what in found[:MOST])
    if rest := len(found[MOST:]):
        yield "a further difference between the two ontologies", rest


def unscored(truth: Ontology) -> Iterator[tuple[str, int]]:
    """Objects that are drawn in a way nobody compares, in the same form."""
    for thing in truth.objects:
        if thing.shape not in SHAPES:
            yield f"object '{thing.title}' is of shape {thing.shape}, which is not scored", 1


def _note(lacking: str, thing: str) -> str:
    return f"the ontology of the {lacking} has no {thing}"


def _things(ontology: Ontology) -> Iterator[str]:
    for asked in ontology.classifications:
        yield from _questions("global classification" if asked.whole else "classification", [asked], ())
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
