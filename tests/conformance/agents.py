"""Agents as users of encord-agents write them: they answer the radio question from the file's name."""

from pathlib import Path
from typing import Annotated

from encord.objects import Classification, LabelRowV2, Option
from encord.project import Project
from encord_agents.tasks import Depends
from encord_agents.tasks.dependencies import dep_asset
from encord_agents.tasks.models import TaskAgentReturnStruct


def pathway_of(row: LabelRowV2) -> str:
    """The pathway's name that a file's name stands for."""
    return Path(row.data_title).stem.split("-")[1].title()


def classify(project: Project, row: LabelRowV2, answer: str) -> None:
    """Add the answer to the row, unsaved; the ontology has none for "Other"."""
    question = project.ontology_structure.get_child_by_title("Animal", type_=Classification)
    if answer not in {option.title for option in question.attributes[0].options}:
        return
    instance = question.create_instance()
    instance.set_answer(question.get_child_by_title(answer, type_=Option))
    instance.set_for_frames(0, confidence=0.9, manual_annotation=False)
    row.add_classification_instance(instance)


def by_name(lr: LabelRowV2, project: Project) -> TaskAgentReturnStruct:
    """Label and route, leaving the saving to the runner."""
    classify(project, lr, pathway_of(lr))
    return TaskAgentReturnStruct(pathway=pathway_of(lr), label_row=lr)


def by_asset(lr: LabelRowV2, project: Project, asset: Annotated[Path, Depends(dep_asset)]) -> TaskAgentReturnStruct:
    """The same, having fetched the file."""
    assert asset.stat().st_size > 0
    return by_name(lr, project)
