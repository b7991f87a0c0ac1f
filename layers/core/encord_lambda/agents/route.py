"""Send tasks along a pathway by what is known of their data unit (seed 003)."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar

from encord_lambda.agents.agent import DataUnit, Decision, Facts, Tools
from encord_lambda.config_route import Route, Rule
from encord_lambda.labels.proposals import Owned


@dataclass(frozen=True, slots=True)
class RouteAgent:
    """Takes the first rule that fits. Asks no model, opens no media and writes no label."""

    config: Route

    looks: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """Who it is; it signs nothing."""
        return "route"

    @property
    def owned(self) -> Owned:
        """Nothing."""
        return Owned()

    def decide(self, unit: DataUnit, _tools: Tools) -> Decision:
        """The pathway's own name for an answer."""
        for number, rule in enumerate(self.config.rules, start=1):
            if all(_conditions(rule, unit.title, unit.facts)):
                return Decision((), rule.take, f"rule {number} fits", None)
        return Decision((), self.config.otherwise, "no rule fits", None)


def _conditions(rule: Rule, title: str, facts: Facts) -> Iterator[bool]:
    yield rule.dataset in (None, facts.dataset)
    yield rule.type in (None, facts.data_type)
    yield rule.title is None or fnmatchcase(title, rule.title.replace("[", "[[]"))
    yield rule.priority_above is None or (facts.priority or 0.0) > rule.priority_above
    for key, value in rule.metadata.items():
        yield key in facts.metadata and _same(facts.metadata[key], value)


def _same(one: object, other: object) -> bool:
    """Equality that tells `true` from 1, as JSON does and Python does not."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
