"""What Encord has of what pipeline.yaml names, as plain records."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from encord_lambda.config import PipelineConfig
from encord_lambda.config_route import Route
from encord_lambda.labels.ontology import Ontology


@dataclass(frozen=True, slots=True)
class FoundStage:
    """A stage of a project's workflow."""

    title: str
    pathways: tuple[str, ...] | None
    """Names of an agent stage's pathways; None for any other stage."""
    reviews_consensus: bool = False
    """Whether it is the review of a consensus stage."""


@dataclass(frozen=True, slots=True)
class FoundProject:
    """A project, as far as agents are concerned with it."""

    ontology: Ontology
    stages: tuple[FoundStage, ...]
    datasets: Mapping[UUID, str]
    """Titles of the datasets attached to it; read only where an agent asks for them."""
    labelled: bool = False
    """Whether anybody has begun to label anything; read only where it is a benchmark's ground truth."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Something does not exist, or the key may not see it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Integration:
    """A cloud integration."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Survey:
    """All that was read. Each thing that pipeline.yaml names is in it, if only as unreachable."""

    projects: Mapping[UUID, FoundProject | Unreachable]
    folders: Mapping[UUID, Unreachable | None]
    """None for a folder that is there; so for datasets."""
    datasets: Mapping[UUID, Unreachable | None]
    integrations: tuple[Integration, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What pipeline.yaml names, each thing once, in the file's order."""

    projects: tuple[UUID, ...]
    routed: frozenset[UUID]
    """Projects whose datasets are asked for."""
    folders: tuple[UUID, ...]
    datasets: tuple[UUID, ...]
    truths: frozenset[UUID] = frozenset()
    """Projects of which it is asked whether there are labels."""

    @classmethod
    def by(cls, config: PipelineConfig) -> "Named":
        """All that a pipeline names."""
        projects = [stage.project for stage in config.stages]
        projects += [project for agent in config.editor_agents.values() for project in agent.projects]
        projects += [project for one in config.benchmarks for project in (one.production, one.ground_truth)]
        return cls(
            projects=tuple(dict.fromkeys(projects)),
            routed=frozenset(stage.project for stage in config.stages if _asks_for_datasets(stage.agent)),
            folders=tuple(dict.fromkeys(one.folder for one in config.registrations)),
            datasets=tuple(dict.fromkeys(dataset for one in config.registrations for dataset in one.datasets)),
            truths=frozenset(one.ground_truth for one in config.benchmarks),
        )


def _asks_for_datasets(agent: object) -> bool:
    return isinstance(agent, Route) and any(rule.dataset for rule in agent.rules)
