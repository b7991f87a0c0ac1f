"""Which tasks are drawn for a benchmark: always the same ones, evenly, and more where more is in doubt."""

from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents import doubts
from encord_lambda.agents.doubts import Doubts
from encord_lambda.agents.route import RouteAgent
from encord_lambda.config import PipelineConfig
from encord_lambda.config_route import Route, Sample
from encord_lambda.errors import Misconfigured
from encord_lambda.labels.ontology import Object, Ontology
from encord_lambda.labels.proposals import Answer, Box, Choice, Label, Placement, Proposal, Thing
from tests.fakes.stages import ONTOLOGY as QUESTIONS
from tests.fakes.stages import radio, tools
from tests.fakes.units import FACTS, a_unit

ONTOLOGY = Ontology((*QUESTIONS.classifications, radio("Weather", "Rain")), (Object("Car", "bounding_box"),))
SAMPLE = Sample(benchmark="pets", share=0.1, least=0.02, most=0.5)
KNOWN = Doubts(
    version=1,
    overall=0.5,
    annotators={"ann@x.test": 0.0, "bob@x.test": 1.0},
    classes={"Cat": 0.0, "Car": 0.25, "Dog": 0.75},
)
CAT, DOG = Answer("Animal", "Cat", 1.0), Answer("Animal", "Dog", 1.0)
CAR = Thing("Car", (Placement(0, Box(0.1, 0.1, 0.2, 0.2), 1.0),), "0:0")
SHARES = st.floats(0, 1)


class Reported:
    """Doubts about one benchmark; `asked` counts how often they were asked for."""

    def __init__(self, known: Doubts | None) -> None:
        self.known, self.asked = known, 0

    def about(self, benchmark: str) -> Doubts | None:
        self.asked += 1
        return self.known if benchmark == "pets" else None


def label(content: Proposal, by: str = "ann@x.test") -> Label:
    return Label(content, "person" if by else "agent", "hash", by)


def share(*labels: Label, known: Doubts | None = KNOWN) -> float:
    return doubts.share(SAMPLE, known, labels, ONTOLOGY)


def taken(number: int, known: Doubts | None, *labels: Label, **sample: Any) -> str | None:
    """The pathway of a data unit by a rule with a sample."""
    rule = {"sample": {**SAMPLE.model_dump(), **sample}, "title": "*.jpg", "take": "YES"}
    route = Route.model_validate({"kind": "route", "rules": [rule], "otherwise": "NO"})
    unit = a_unit("1.jpg", "", ONTOLOGY, facts=replace(FACTS, data=UUID(int=number)))
    unit = replace(unit, labels=lambda: labels)
    return RouteAgent(route).decide(unit, replace(tools(), doubts=Reported(known))).answer


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param([], 0.1, id="before any labels: that of all annotators"),
        pytest.param([label(CAT)], 0.02, id="sure of annotator and class"),
        pytest.param([label(CAT, "bob@x.test")], 0.5, id="a poor annotator"),
        pytest.param([label(CAT, "new@x.test")], 0.5, id="an unknown annotator"),
        pytest.param([label(CAT), label(CAR)], 0.06, id="an object of which less is known"),
        pytest.param([label(DOG)], 0.3, id="a doubtful class"),
        pytest.param([label(Answer("Animal", Choice("Dog", ()), 1.0))], 0.3, id="with nested answers"),
        pytest.param([label(Answer("Weather", "Rain", 1.0)), label(CAT)], 0.02, id="only the first radio"),
        pytest.param([label(Answer("Weather", "Rain", 1.0))], 0.5, id="an unknown class"),
        pytest.param([label(Answer("Scene", "a cat", 1.0))], 0.02, id="a text is no class"),
        pytest.param([label(CAT, "")], 0.1, id="an agent's labels: any annotator"),
        pytest.param([label(CAT), label(CAR, "bob@x.test"), label(CAR)], 0.06, id="who made most of them"),
    ],
)
def test_the_share_goes_by_who_made_the_labels_and_of_what(labels: list[Label], expected: float) -> None:
    assert share(*labels) == pytest.approx(expected)


@pytest.mark.parametrize("known", [None, KNOWN.model_copy(update={"overall": None})], ids=["no report", "no target"])
def test_without_doubts_it_is_the_share_of_pipeline_yaml(known: Doubts | None) -> None:
    assert share(label(CAT, "bob@x.test"), known=known) == 0.1


@given(st.tuples(SHARES, SHARES, SHARES).map(sorted), SHARES, SHARES)
def test_the_share_stays_within_its_bounds_and_never_falls_as_doubt_rises(
    shares: list[float], one: float, other: float
) -> None:
    least, share, most = shares
    sample = Sample(benchmark="pets", share=share, least=least, most=most)
    low, high = (doubts.at(sample, each) for each in sorted((one, other)))
    assert least <= low <= high <= most
    assert [doubts.at(sample, each) for each in (0, 0.5, 1)] == pytest.approx([least, share, most])


@given(st.uuids(), st.tuples(SHARES, SHARES).map(sorted))
def test_what_a_smaller_share_has_a_greater_one_has_too(data: UUID, shares: list[float]) -> None:
    small, great = (doubts.is_drawn(data, "pets", one) for one in shares)
    assert small <= great
    assert doubts.is_drawn(data, "pets", 1.0)
    assert not doubts.is_drawn(data, "pets", 0.0)


def test_data_units_are_drawn_evenly() -> None:
    """20 parts of 10,000: chi-square with 19 degrees of freedom is above 43.8 once in a thousand hash functions."""
    parts = Counter(
        next(part for part in range(1, 21) if doubts.is_drawn(UUID(int=number), "pets", part / 20))
        for number in range(10_000)
    )
    assert sum((parts[part] - 500) ** 2 / 500 for part in range(1, 21)) < 43.8


def test_benchmarks_draw_for_themselves() -> None:
    both = sum(
        doubts.is_drawn(UUID(int=n), "pets", 0.5) and doubts.is_drawn(UUID(int=n), "cars", 0.5) for n in range(4000)
    )
    assert both == pytest.approx(1000, abs=100)


def test_a_known_task_is_drawn_in_every_run() -> None:
    assert [number for number in range(60) if taken(number, None) == "YES"] == [0, 6, 34]


def test_more_tasks_of_a_poor_annotator_take_the_rule() -> None:
    good, poor = (
        {number for number in range(200) if taken(number, KNOWN, label(CAT, by)) == "YES"}
        for by in ("ann@x.test", "bob@x.test")
    )
    assert len(good) < 10 < 70 < len(poor)
    assert good < poor


def test_a_rule_that_does_not_fit_otherwise_asks_for_no_doubts() -> None:
    rule = {"sample": SAMPLE.model_dump(), "title": "*.png", "take": "YES"}
    route = Route.model_validate({"kind": "route", "rules": [rule], "otherwise": "NO"})
    known = Reported(KNOWN)
    RouteAgent(route).decide(a_unit("1.jpg", "", ONTOLOGY), replace(tools(), doubts=known))
    assert known.asked == 0


@pytest.mark.parametrize(("rule", "expected"), [({"sample": SAMPLE}, True), ({"title": "*"}, False)], ids=str)
def test_only_for_a_sample_labels_are_read(rule: dict[str, Any], expected: bool) -> None:
    route = Route.model_validate({"kind": "route", "rules": [{**rule, "take": "YES"}], "otherwise": "NO"})
    assert RouteAgent(route).looks is expected


PIPELINE = """\
version: 1
stages:
  - project: {project}
    stage: Sample?
    agent:
      kind: route
      rules:
        - sample: {sample}
          take: 'YES'
      otherwise: 'NO'
benchmarks:
  - {{name: pets, production: 00000000-0000-0000-0000-000000000009, stage: Review,
     ground_truth: 00000000-0000-0000-0000-000000000008}}
"""


@pytest.mark.parametrize(
    ("sample", "project", "fault"),
    [
        ("{benchmark: pets, share: 0.05}", 9, None),
        ("{benchmark: pets, share: 0.05, least: 0.01, most: 0.3}", 9, None),
        ("{benchmark: cars, share: 0.05}", 9, "8: stages[0].agent.rules[0].sample.benchmark: benchmarks has no 'cars'"),
        ("{benchmark: pets, share: 0.05}", 7, "it has: none"),
        ("{benchmark: pets, share: 0.05, least: 0.1}", 9, "`share` must be between `least` and `most`"),
        ("{benchmark: pets, share: 0.5, most: 0.3}", 9, "`share` must be between `least` and `most`"),
        ("{benchmark: pets, share: 5}", 9, "less than or equal to 1"),
        ("{benchmark: pets}", 9, "share"),
    ],
    ids=["plain", "adapting", "unknown", "another project's", "least above", "most below", "percent", "no share"],
)
def test_a_sample_is_checked(sample: str, project: int, fault: str | None) -> None:
    text = PIPELINE.format(sample=sample, project=UUID(int=project))
    if fault is None:
        PipelineConfig.parse("pipeline.yaml", text)
        return
    with pytest.raises(Misconfigured) as refused:
        PipelineConfig.parse("pipeline.yaml", text)
    assert fault in refused.value.reason
