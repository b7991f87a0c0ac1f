"""Seed 000's agent, as it is written for encord-agents: the same prompt to the same model, the same labels."""

import base64
from functools import cache
from pathlib import Path
from typing import Annotated

from encord.objects import Classification, LabelRowV2, Option
from encord.project import Project
from encord_agents.tasks import Depends
from encord_agents.tasks.dependencies import dep_asset
from encord_agents.tasks.models import TaskAgentReturnStruct
from openai import OpenAI

from sandbox.scenario.world import ANIMAL
from tests.conformance.scripts.image_pre_classification import get_classification_from_the_model


def classify(row: LabelRowV2, project: Project, asset: Annotated[Path, Depends(dep_asset)]) -> TaskAgentReturnStruct:
    """Ask what the picture shows; label a cat or a dog. The runner saves and routes."""
    content = base64.b64encode(asset.read_bytes()).decode()
    pathway = (get_classification_from_the_model(_openai(), content) or "Other").title()
    if pathway != "Other":
        question = project.ontology_structure.get_child_by_title(ANIMAL, type_=Classification)
        instance = question.create_instance()
        instance.set_answer(question.get_child_by_title(pathway, type_=Option))
        instance.set_for_frames(0)
        row.add_classification_instance(instance)
    return TaskAgentReturnStruct(pathway=pathway, label_row=row)


@cache
def _openai() -> OpenAI:
    return OpenAI()
