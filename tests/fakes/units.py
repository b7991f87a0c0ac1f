"""Data units as an agent is shown them."""

from uuid import UUID

from encord_lambda.agents.agent import DataUnit, Facts
from encord_lambda.labels.ontology import Ontology

DATASET = UUID(int=77)
FACTS = Facts(DATASET, "image", 0.5, {}, UUID(int=78))


def a_unit(
    title: str,
    url: str,
    ontology: Ontology,
    frame: int = 0,
    pictures: tuple[str, ...] = (),
    *,
    is_video: bool = False,
    facts: Facts = FACTS,
) -> DataUnit:
    return DataUnit(title, url, ontology, facts, frame, pictures, is_video)
