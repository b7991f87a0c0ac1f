"""Encord's benchmark set-up: a project of ground truth, and a production project that tests its people on it."""

from encord.objects import LabelRowV2
from encord.project import Project

from sandbox.encord_twin import (
    DatasetSpec,
    FolderSpec,
    ItemSpec,
    OntologySpec,
    ProjectSpec,
    StageSpec,
    StageType,
    World,
)
from tests.twin.worlds import ANIMAL

from .agents import classify
from .worlds import url

ANN, BEN = "ann@twin.local", "ben@twin.local"
BENCHMARK, PRODUCTION = "Benchmark Labels", "Benchmark QA Production Labels"
TRUTH = {"truth-cat.jpg": "Cat", "truth-dog.jpg": "Dog"}
NEW = ["new-0.jpg", "new-1.jpg", "new-2.jpg"]
BENCHMARK_STAGES = [
    StageSpec(title="Annotate 1", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(title="Complete", type=StageType.DONE),
]
PRODUCTION_STAGES = [
    StageSpec(
        title="Benchmark Task?", type=StageType.AGENT, pathways={"YES": "Consensus Annotate", "NO": "Annotate 1"}
    ),
    StageSpec(title="Annotate 1", type=StageType.ANNOTATION, next="Complete"),
    StageSpec(
        title="Consensus Annotate", type=StageType.CONSENSUS_ANNOTATION, next="Consensus 1", annotators=[ANN, BEN]
    ),
    StageSpec(title="Consensus 1", type=StageType.CONSENSUS_REVIEW, next="Complete", rejected="Archive"),
    StageSpec(title="Complete", type=StageType.DONE),
    StageSpec(title="Archive", type=StageType.DONE),
]


def benchmark() -> World:
    """Two data units of known content, three of unknown, both in the production project."""
    folders = {"benchmark": list(TRUTH), "production": NEW}
    return World(
        folders=[
            FolderSpec(title=title, items=[ItemSpec(url=url(name), title=name) for name in names])
            for title, names in folders.items()
        ],
        ontologies=[OntologySpec(title="Animals", editor=ANIMAL)],
        datasets=[DatasetSpec(title=title, folders=[title]) for title in folders],
        projects=[
            ProjectSpec(title=BENCHMARK, ontology="Animals", datasets=["benchmark"], stages=BENCHMARK_STAGES),
            ProjectSpec(title=PRODUCTION, ontology="Animals", datasets=list(folders), stages=PRODUCTION_STAGES),
        ],
    )


def answer(project: Project, title: str, animal: str, branch: str = "main") -> LabelRowV2:
    """Answer the radio question on a branch, as an annotator does in the Label Editor."""
    [row] = project.list_label_rows_v2(data_title_eq=title, branch_name=branch)
    row.initialise_labels()
    classify(project, row, animal)
    row.save()
    return row
