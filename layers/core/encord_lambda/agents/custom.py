"""Ask a Python function of the user's own (docs/custom-agents.md), and take from it only what is a decision."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError

from encord_lambda.agents.agent import DataUnit, Decision, LanguageModel, Question, Reply, Tools, Usage
from encord_lambda.config_custom import Custom
from encord_lambda.errors import Failed, Misconfigured
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Owned, Proposal


class OwnAgents(Protocol):
    """Runs the functions of the layer `agents`."""

    def decide(self, configured: Custom, unit: DataUnit, tools: Tools) -> object:
        """What the function `decide` of the module `configured.run` returned, not checked yet.

        Raises:
            Misconfigured: There is no such module.
            Reject: It cannot be imported, has no such function, or failed; the reason is its traceback's last line.
            Trouble: As the tools do.
        """
        ...


@dataclass(frozen=True, slots=True)
class CustomAgent:
    """Has the user's function decide."""

    config: Custom
    looks: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Who the labels are by."""
        return f"custom:{self.config.run}"

    @property
    def owned(self) -> Owned:
        """What pipeline.yaml says it answers and draws."""
        return Owned(tuple(self.config.classifications), tuple(self.config.objects), decisive=False)

    def decide(self, unit: DataUnit, tools: Tools) -> Decision:
        """What the function decided; what its questions to language models took is added to its own account.

        Raises:
            Reject: It did not return a decision, or proposes what pipeline.yaml does not say it writes.
            Misconfigured: The ontology lacks what it writes, or the function is not deployed.
            Trouble: As the function and the tools do.
        """
        if tools.own_agents is None:
            raise Misconfigured("this function has no custom agents: it lacks the layer `agents`")
        self._check_ontology(unit.ontology)
        model = _Counted(tools.language_model)
        made = tools.own_agents.decide(self.config, unit, replace(tools, language_model=model))
        decision = self._checked(made)
        return replace(decision, usage=sum(model.took, decision.usage))

    def _check_ontology(self, ontology: Ontology) -> None:
        for title in self.config.classifications:
            ontology.classification(title)
        for title in self.config.objects:
            ontology.object(title)

    def _checked(self, made: object) -> Decision:
        try:
            sound = _Made.model_validate({"decision": made})
            sound.model_dump_json()
        except ValidationError as error:
            raise self._refusal(_fault(error, made)) from None
        except PydanticSerializationError:
            raise self._refusal("a Decision with a text that is no valid Unicode") from None
        decision = sound.decision
        if decision.confidence is not None and not 0 <= decision.confidence <= 1:
            raise self._refusal(f"a confidence of {decision.confidence}, which is not within 0 and 1")
        if decision.amendments:
            raise self._refusal("amendments, which it cannot make: it may draw the objects anew")
        for one in decision.proposals:
            self._check_owned(one)
        return decision

    def _check_owned(self, proposal: Proposal) -> None:
        if isinstance(proposal, Answer):
            key, title, owned = "classifications", proposal.classification, self.config.classifications
        else:
            key, title, owned = "objects", proposal.object, self.config.objects
        if title not in owned:
            raise self._refusal(f"a label '{title}', which is not among its `{key}` in pipeline.yaml")

    def _refusal(self, what: str) -> Failed:
        return Failed(f"{self.config.run}.py: decide returned {what}")


class _Made(BaseModel):
    """What a function returned: the types are checked to the last field, for what is wrong would fail much later."""

    model_config = ConfigDict(revalidate_instances="always", strict=True, allow_inf_nan=False, defer_build=True)

    decision: Decision


@dataclass(frozen=True, slots=True)
class _Counted:
    """A language model that notes what its replies took; safe to share between threads."""

    model: LanguageModel
    took: list[Usage] = field(default_factory=list)

    def ask(self, question: Question) -> Reply:
        reply = self.model.ask(question)
        self.took.append(reply.usage)
        return reply


def _fault(error: ValidationError, made: object) -> str:
    if not isinstance(made, Decision):
        return f"{type(made).__name__}, not a Decision"
    # Of a union it tells what is wrong for each member: what was meant is the one that fits the furthest.
    worst = max(error.errors(), key=lambda fault: (fault["type"] == "finite_number", len(fault["loc"])))
    place = ".".join(str(step) for step in worst["loc"][1:])
    return f"a Decision whose `{place}` is wrong: {worst['msg']}"
