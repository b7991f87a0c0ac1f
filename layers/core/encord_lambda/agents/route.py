"""Send tasks along a pathway by what is known of their data unit (seed 003)."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from encord_lambda.agents import doubts
from encord_lambda.agents.agent import DataUnit, Decision, Tools
from encord_lambda.config_route import Route, Rule, Sample
from encord_lambda.labels.proposals import Owned


@dataclass(frozen=True, slots=True)
class RouteAgent:
    """Takes the first rule that fits. Asks no model, looks at no media and writes no label."""

    config: Route

    @property
    def looks(self) -> bool:
        """Whether a rule must know who made the labels, and which."""
        return any(rule.sample for rule in self.config.rules)

    @property
    def name(self) -> str:
        """Who it is; it signs nothing."""
        return "route"

    @property
    def owned(self) -> Owned:
        """Nothing."""
        return Owned()

    def decide(self, unit: DataUnit, tools: Tools) -> Decision:
        """The pathway's own name for an answer.

        Raises:
            Trouble: What a benchmark has reported cannot be had.
        """
        for number, rule in enumerate(self.config.rules, start=1):
            if all(_conditions(rule, unit, tools)):
                return Decision((), rule.take, f"rule {number} fits", None)
        return Decision((), self.config.otherwise, "no rule fits", None)


def _conditions(rule: Rule, unit: DataUnit, tools: Tools) -> Iterator[bool]:
    title, facts = unit.title, unit.facts
    yield rule.dataset in (None, facts.dataset)
    yield rule.type in (None, facts.data_type)
    yield rule.title is None or fnmatchcase(title, rule.title.replace("[", "[[]"))
    yield rule.priority_above is None or (facts.priority or 0.0) > rule.priority_above
    for key, value in rule.metadata.items():
        yield key in facts.metadata and _same(facts.metadata[key], value)
    if rule.sample:  # last, for it may take a request
        yield _is_drawn(rule.sample, unit, tools)


def _is_drawn(sample: Sample, unit: DataUnit, tools: Tools) -> bool:
    known = tools.doubts.about(sample.benchmark) if tools.doubts else None
    share = doubts.share(sample, known, unit.labels(), unit.ontology)
    return doubts.is_drawn(unit.facts.data, sample.benchmark, share)


def _same(one: object, other: object) -> bool:
    """Equality that tells `true` from 1, as JSON does and Python does not."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
