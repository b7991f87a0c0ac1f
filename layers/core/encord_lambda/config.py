"""pipeline.yaml as strict models: what feeds which folder, which agent works at which stage (DESIGN §5.1).

Unknown keys are errors. Every error names the file, the line and the path of the key.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from encord_lambda.errors import Misconfigured
from encord_lambda.yaml_places import Document, Step

Title = Annotated[str, StringConstraints(min_length=1)]
ModelName = Annotated[str, StringConstraints(pattern=r"^openai:\S+$")]
AgentName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class Part(BaseModel):
    """A part of pipeline.yaml: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Registration(Part):
    """Objects under `prefix` become items of `folder`, linked to `datasets`. The longest matching prefix wins."""

    prefix: str
    integration: Title
    """Encord cloud integration, by title or UUID."""
    folder: UUID
    datasets: list[UUID] = []


class Classify(Part):
    """Ask `model` the radio classification `classification` about the picture (seeds 000 and 002)."""

    kind: Literal["classify"]
    model: ModelName
    classification: Title


class Describe(Part):
    """Have `model` write the text classification `classification` from the picture (seed 001)."""

    kind: Literal["describe"]
    model: ModelName
    classification: Title


class EditorDescribe(Describe):
    """`describe`, called from the Label Editor."""

    projects: list[UUID] = []
    """Projects it serves, besides those of `stages`."""


class Stage(Part):
    """The agent that works at the agent stage titled `stage` of `project`, and where its decisions lead."""

    project: UUID
    stage: Title
    agent: Classify
    pathways: dict[Title, Title]
    """Answer → name of the pathway. `otherwise` takes every answer not named; `failed` what cannot be worked on."""

    @model_validator(mode="after")
    def _otherwise(self) -> Self:
        if "otherwise" not in self.pathways:
            raise ValueError("pathways needs `otherwise`, for answers that have no pathway of their own")
        return self

    def pathway(self, answer: str | None) -> str:
        """The pathway for an answer; None is "no option fits"."""
        return self.pathways.get(answer or "otherwise", self.pathways["otherwise"])

    @property
    def failed(self) -> str | None:
        """The pathway of tasks that can never be worked on; None leaves them to the dead-letter queue."""
        return self.pathways.get("failed")


class Limits(Part):
    """Ceilings for what runs at once."""

    model_calls: int = Field(default=16, ge=1, le=256)
    """Calls to a model that one function instance has under way."""


class PipelineConfig(Part):
    """The whole of pipeline.yaml."""

    version: Literal[1]
    registrations: list[Registration] = []
    stages: list[Stage] = []
    editor_agents: dict[AgentName, EditorDescribe] = {}
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _no_two_alike(self) -> Self:
        for what, names in (
            ("registrations for the prefix", [repr(one.prefix) for one in self.registrations]),
            ("agents at the stage", [f"'{one.stage}' of project {one.project}" for one in self.stages]),
        ):
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"two {what} {twice}")
        return self

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """Read pipeline.yaml; `name` is what its errors call it.

        Raises:
            Misconfigured: One line per fault, each `name:line: key.path: what is wrong`.
        """
        document = Document.parse(name, text)
        try:
            return cls.model_validate(document.data)
        except ValidationError as error:
            raise Misconfigured("\n".join(_faults(document, error))) from None

    def registration(self, key: str) -> Registration | None:
        """Who takes the object `key`: the longest matching prefix, or nobody."""
        matching = [one for one in self.registrations if key.startswith(one.prefix)]
        return max(matching, key=lambda one: len(one.prefix), default=None)

    def stage(self, project: UUID, title: str) -> Stage | None:
        """The configured agent of a project's stage."""
        return next((one for one in self.stages if (one.project, one.stage) == (project, title)), None)

    def editor_agent(self, name: str | None) -> EditorDescribe | None:
        """The editor agent called `name`; without a name the first in the file."""
        return self.editor_agents.get(name or next(iter(self.editor_agents), ""))

    def serves(self, project: UUID, agent: EditorDescribe) -> bool:
        """Whether an editor agent may touch a project: only those that pipeline.yaml names."""
        return project in agent.projects or any(stage.project == project for stage in self.stages)


def _faults(document: Document, error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        path = _path(document.data, fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        yield f"{document.name}:{document.line(path)}: {_dotted(path)}{message}"


def _path(data: object, loc: tuple[Step, ...]) -> list[Step]:
    """Pydantic's location without the words it adds itself (names of union members, `[key]`)."""
    path: list[Step] = []
    for position, step in enumerate(loc):
        known = (isinstance(data, Mapping) and step in data) or (isinstance(data, list) and isinstance(step, int))
        if known or (position == len(loc) - 1 and step != "[key]"):
            path.append(step)
        data = data[step] if known else data  # type: ignore[index]
    return path


def _dotted(path: list[Step]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"{text.removeprefix('.')}: " if text else ""
