"""pipeline.yaml as strict models: what feeds which folder, which agent works at which stage (DESIGN §5.1).

Unknown keys are errors. Every error names the file, the line and the path of the key.
"""

from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationError, model_validator

from encord_lambda import config_benchmark, config_budgets, config_faults
from encord_lambda.config_benchmark import Benchmark
from encord_lambda.config_budgets import Budget
from encord_lambda.config_classify import Classify, Describe
from encord_lambda.config_custom import Custom
from encord_lambda.config_editor import AgentName, Called, EditorAgent
from encord_lambda.config_faults import PlacedError
from encord_lambda.config_parts import Part, Title
from encord_lambda.config_prelabel import Prelabel, VisionDetector
from encord_lambda.config_registration import Registration
from encord_lambda.config_route import Route
from encord_lambda.errors import Misconfigured
from encord_lambda.yaml_places import Document

RESERVED: Final = frozenset({"otherwise", "unsure", "failed", "over_budget"})
"""Keys of `pathways` that are no answers."""


class Stage(Part):
    """The agent that works at the agent stage titled `stage` of `project`, and where its decisions lead."""

    project: UUID
    stage: Title
    agent: Annotated[Classify | Prelabel | Route | Describe | Custom, Field(discriminator="kind")]
    pathways: dict[Title, Title] = {}
    """Answer → name of the pathway. `otherwise` takes every answer not named; `failed` what cannot be worked on,
    `unsure` what a model is less sure of than `unsure_below`, `over_budget` what comes when the model's budget for
    the day is spent (without it, they are tried again every quarter of an hour)."""
    shadow: bool = False
    """Only try the agent: it decides, but nothing is saved and no task moves. What it would have done is written to
    the records bucket, below `shadow/`."""

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        """What classify can answer only its ontology knows."""
        answers = {Prelabel: Prelabel.answers, Describe: frozenset[str]()}.get(type(self.agent))
        if answers is not None and (strange := sorted(self.pathways.keys() - answers - RESERVED)):
            known = ", ".join([*sorted(answers), *sorted(RESERVED)])
            what = f"a {self.agent.kind} agent never answers `{strange[0]}`; pathways may have: {known}"
            raise PlacedError(what, "pathways", strange[0])
        return self

    @model_validator(mode="after")
    def _otherwise(self) -> Self:
        if isinstance(self.agent, Route):
            return self._named_by_its_rules()
        if "otherwise" in self.pathways:
            return self
        if not isinstance(self.agent, Prelabel):
            raise PlacedError("pathways needs `otherwise`, for answers that have no pathway of their own", "pathways")
        if missing := sorted(self.agent.answers - self.pathways.keys()):
            what = f"pathways needs `{missing[0]}`, or `otherwise` for answers without one of their own"
            raise PlacedError(what, "pathways")
        return self

    def _named_by_its_rules(self) -> Self:
        if strange := sorted(self.pathways.keys() - {"failed"}):
            what = f"a route agent names its pathways itself: take `{strange[0]}` out of pathways"
            raise PlacedError(what, "pathways", strange[0])
        return self

    @model_validator(mode="after")
    def _unsure(self) -> Self:
        limited = isinstance(self.agent, Classify) and self.agent.unsure_below is not None
        if limited and "unsure" not in self.pathways:
            raise PlacedError("pathways needs `unsure`, for answers that are less sure than `unsure_below`", "pathways")
        return self

    def pathway(self, answer: str | None) -> str:
        """The pathway for an answer; None is "no option fits"."""
        if isinstance(self.agent, Route) and answer:
            return answer
        return self.pathways.get(answer or "otherwise") or self.pathways["otherwise"]

    @property
    def taken(self) -> frozenset[str]:
        """Names of all pathways that tasks may take from here."""
        routes = (rule.take for rule in self.agent.rules) if isinstance(self.agent, Route) else ()
        rest = (self.agent.otherwise,) if isinstance(self.agent, Route) else ()
        return frozenset((*self.pathways.values(), *routes, *rest))

    @property
    def failed(self) -> str | None:
        """The pathway of tasks that can never be worked on; None leaves them to the dead-letter queue."""
        return self.pathways.get("failed")

    @property
    def over_budget(self) -> str | None:
        """The pathway of tasks that come when the model's budget is spent; None has them tried again."""
        return self.pathways.get("over_budget")


class Limits(Part):
    """Ceilings for what runs at once."""

    model_calls: int = Field(default=20, ge=1, le=256)
    """Calls to a model that one function instance has under way. A divisor of 100, a batch, wastes no place."""
    max_in_flight: int = Field(default=2000, ge=1, le=100_000)
    """Tasks of one stage that are queued or running. A stage where more wait is topped up, highest priority first."""


class PipelineConfig(Part):
    """The whole of pipeline.yaml."""

    version: Literal[1]
    registrations: list[Registration] = []
    stages: list[Stage] = []
    editor_agents: dict[AgentName, EditorAgent] = {}
    benchmarks: list[Benchmark] = []
    limits: Limits = Limits()
    budgets: dict[Title, Budget] = {}

    @model_validator(mode="after")
    def _no_two_alike(self) -> Self:
        for key, what, names in (
            ("registrations", "registrations for the prefix", [repr(one.prefix) for one in self.registrations]),
            ("stages", "agents at the stage", [f"'{one.stage}' of project {one.project}" for one in self.stages]),
            ("benchmarks", "benchmarks named", [repr(one.name) for one in self.benchmarks]),
        ):
            if twice := next((at for at, name in enumerate(names) if name in names[:at]), None):
                raise PlacedError(f"two {what} {names[twice]}", key, twice)
        return self

    @model_validator(mode="after")
    def _budgets_are_used(self) -> Self:
        if fault := config_budgets.fault(self.budgets, (self.stages, self.editor_agents)):
            raise fault
        return self

    @model_validator(mode="after")
    def _benchmarks_leave_each_other_their_tasks(self) -> Self:
        if fault := config_benchmark.fault(self.benchmarks):
            raise fault
        return self

    @model_validator(mode="after")
    def _samples_are_scored(self) -> Self:
        scored = {one.name: one.production for one in self.benchmarks}
        for number, stage in enumerate(self.stages):
            for at, rule in enumerate(stage.agent.rules if isinstance(stage.agent, Route) else ()):
                if rule.sample and scored.get(rule.sample.benchmark) != stage.project:
                    known = ", ".join(name for name, project in scored.items() if project == stage.project) or "none"
                    what = f"benchmarks has no '{rule.sample.benchmark}' whose production is {stage.project}; it has: "
                    place = ("stages", number, "agent", "rules", at, "sample", "benchmark")
                    raise PlacedError(f"{what}{known}", *place)
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
            raise Misconfigured(config_faults.told(document, error, cls)) from None

    def registration(self, key: str) -> Registration | None:
        """Who takes the object `key`: the longest matching prefix, or nobody."""
        matching = [one for one in self.registrations if key.startswith(one.prefix)]
        return max(matching, key=lambda one: len(one.prefix), default=None)

    def stage(self, project: UUID, title: str) -> Stage | None:
        """The configured agent of a project's stage."""
        return next((one for one in self.stages if (one.project, one.stage) == (project, title)), None)

    def editor_agent(self, name: str | None) -> EditorAgent | None:
        """The editor agent called `name`; without a name the first in the file."""
        return self.editor_agents.get(name or next(iter(self.editor_agents), ""))

    @property
    def prompts(self) -> frozenset[tuple[str, str]]:
        """The users' own prompts: the name of each file, and of ours that it takes the place of."""
        agents = [*(stage.agent for stage in self.stages), *self.editor_agents.values()]
        asking = [(one.prompt, str(one.kind)) for one in agents if isinstance(one, Classify | Describe)]
        detectors = [detector for one in agents if isinstance(one, Prelabel) for detector in one.detectors]
        asking += [(one.prompt, "detect") for one in detectors if isinstance(one, VisionDetector)]
        return frozenset((file, ours) for file, ours in asking if file)

    def serves(self, project: UUID, agent: Called) -> bool:
        """Whether an editor agent may touch a project: only those that pipeline.yaml names."""
        return project in agent.projects or any(stage.project == project for stage in self.stages)
