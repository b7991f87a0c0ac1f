"""A scripted agent stage, its label rows and its agent's tools, for tests of what is done with them."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from encord_lambda.agent_stage import Visit
from encord_lambda.agents.agent import Agent, DataUnit, Picture, Question, Reply, Tools, Usage
from encord_lambda.errors import Gone, Misconfigured, Trouble
from encord_lambda.labels.ontology import Classification, Ontology, Option
from encord_lambda.labels.proposals import Answer, Proposal, Written
from tests.fakes.units import a_unit


def radio(title: str, *options: str) -> Classification:
    return Classification(title, "radio", tuple(map(Option, options)))


ONTOLOGY = Ontology((radio("Animal", "Cat", "Dog"), Classification("Scene", "text")))


@dataclass
class FakeRow:
    """A label row that shows one picture; `person` is what a person has answered already."""

    url: str
    person: str | None = None
    meanwhile: str | None = None
    """What a person answers after the row was opened."""
    trouble: Trouble | None = None
    unwritable: Trouble | None = None
    becomes: Written | None = None
    """What becomes of proposals here, if not what an empty row makes of them."""
    earlier: dict[str, str] = field(default_factory=dict)
    """What an earlier run of the agent wrote."""
    labels: dict[str, str] = field(default_factory=dict)
    """What is written and not saved yet."""
    agents: set[str] = field(default_factory=set)
    item: UUID | None = None
    listed: set[UUID] = field(default_factory=set)
    """The tasks that waited at the stage with it when it was listed, if the listing told."""

    def waits_as(self, task: UUID) -> bool:
        return task in self.listed

    def unit(self, frame: int = 0) -> DataUnit:
        if self.trouble:
            raise self.trouble
        return a_unit("cat.jpg", self.url, ONTOLOGY, frame)

    def write(self, proposals: tuple[Proposal, ...], agent: Agent) -> Written:
        if self.unwritable:
            raise self.unwritable
        self.agents.add(agent.name)
        if self.becomes is not None or self.person is not None:
            return self.becomes or Written(standing=self.person)
        self.labels = {one.classification: str(one.answer) for one in proposals if isinstance(one, Answer)}
        return (
            Written(replaced=1)
            if self.earlier.keys() & set(agent.owned.classifications)
            else Written(added=len(proposals))
        )


class FakeStage:
    """An agent stage. `asked` lists the requests; `fails` the step that fails as a whole, and how.

    `tells`: whether the listing of label rows says which tasks wait, which it need not.
    """

    def __init__(self, title: str = "Agent 1") -> None:
        self.title = title
        self.pathways = frozenset({"Cat", "Dog", "Other"})
        self.here: dict[UUID, UUID] = {}
        self.known: dict[UUID, FakeRow] = {}
        self.asked: list[tuple[str, int]] = []
        self.fails: dict[str, Trouble] = {}
        self.refuses: dict[tuple[str, UUID], Trouble] = {}
        self.moved: dict[UUID, str] = {}
        self.saved: dict[UUID, dict[str, str]] = {}
        self.branches: set[str] = set()
        self.tells = True

    def add(self, task: UUID, data: UUID, url: str) -> None:
        self.here[task] = data
        self.known[data] = FakeRow(url)

    def waiting(self, data: Collection[UUID]) -> set[UUID]:
        self._ask("waiting", len(data))
        return {task for task, unit in self.here.items() if unit in data}

    def rows(self, data: Collection[UUID], branch: str) -> dict[UUID, FakeRow]:
        self._ask("rows", len(data))
        self.branches.add(branch)
        for unit in self.known.keys() & set(data):
            self.known[unit].listed = {task for task, its in self.here.items() if self.tells and its == unit}
        return {unit: self.known[unit] for unit in data if unit in self.known}

    def open(self, rows: Mapping[UUID, FakeRow]) -> dict[UUID, Trouble]:
        self._ask("open", len(rows))
        return self._refused("open", rows)

    def open_afresh(self, rows: Mapping[UUID, FakeRow]) -> dict[UUID, Trouble]:
        self._ask("open afresh", len(rows))
        for row in rows.values():
            row.person = row.meanwhile or row.person
        return self._refused("open afresh", rows)

    def save(self, rows: Mapping[UUID, FakeRow]) -> dict[UUID, Trouble]:
        self._ask("save", len(rows))
        refused = self._refused("save", rows)
        self.saved |= {task: dict(row.labels) for task, row in rows.items() if task not in refused}
        return refused

    def proceed(self, moves: Mapping[UUID, str], visits: Mapping[UUID, Visit]) -> dict[UUID, Trouble]:
        self.asked.append(("proceed", len(moves)))
        if "proceed" in self.fails:
            return dict.fromkeys(moves, self.fails["proceed"])
        refused: dict[UUID, Trouble] = {
            task: Gone(f"has left the stage '{self.title}'")
            for task in moves
            if self.here.get(task) != visits[task].data
        }
        refused |= self._refused("proceed", moves.keys() - refused.keys())
        for task in moves.keys() - refused.keys():
            self.moved[task] = moves[task]
            del self.here[task]
        return refused

    def _ask(self, step: str, size: int) -> None:
        self.asked.append((step, size))
        if step in self.fails:
            raise self.fails[step]

    def _refused(self, step: str, tasks: Collection[UUID]) -> dict[UUID, Trouble]:
        return {task: self.refuses[step, task] for task in tasks if (step, task) in self.refuses}


class FakeStages(dict[UUID, FakeStage]):
    """Finds stages by id."""

    def stage(self, project: UUID, uuid: UUID) -> FakeStage:
        if uuid not in self:
            raise Misconfigured(f"project {project} has no agent stage {uuid}")
        return self[uuid]


def cat(_: Question) -> str:
    return '{"answer": "Cat", "confidence": 0.9}'


@dataclass
class ScriptedModel:
    """Says what `says` makes of a question; by URL, `troubles` come instead. Keeps the questions."""

    says: Callable[[Question], str] = cat
    questions: list[Question] = field(default_factory=list)
    at_once: int = 0
    _busy: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, question: Question) -> Reply:
        with self._lock:
            self._busy += 1
            self.at_once = max(self.at_once, self._busy)
            self.questions.append(question)
        text = self.says(question)
        with self._lock:
            self._busy -= 1
        return Reply(text, Usage(0.5))


@dataclass
class ScriptedPictures:
    """A picture whose bytes are its URL, or trouble."""

    troubles: dict[str, Trouble] = field(default_factory=dict)

    def read(self, url: str) -> Picture:
        if url in self.troubles:
            raise self.troubles[url]
        return Picture(url.encode(), "image/jpeg")


def tools(says: Callable[[Question], str] = cat, model: ScriptedModel | None = None, **troubles: Trouble) -> Tools:
    """Tools whose model says what `says` makes of a question."""
    return Tools(model or ScriptedModel(says), ScriptedPictures(troubles))
