"""`kind: classify` of pipeline.yaml: one question or several, and when an answer is unsure."""

import pytest

from encord_lambda.config import Classify, PipelineConfig
from encord_lambda.errors import Misconfigured

STAGE = """\
version: 1
stages:
  - project: 027e0c65-0000-4000-8000-000000000001
    stage: Agent 1
    agent: {{kind: classify, model: openai:m, classification: {classification}{more}}}
    pathways: {{Cat: Cat, otherwise: Other{pathways}}}
"""


def configured(classification: str, more: str = "", pathways: str = "") -> Classify:
    text = STAGE.format(classification=classification, more=more, pathways=pathways)
    [stage] = PipelineConfig.parse("p.yaml", text).stages
    assert isinstance(stage.agent, Classify)
    return stage.agent


@pytest.mark.parametrize(
    ("classification", "titles"), [("Animal", ("Animal",)), ("[Animal]", ("Animal",)), ("[B, A]", ("B", "A"))]
)
def test_one_title_or_a_list_of_them_is_taken(classification: str, titles: tuple[str, ...]) -> None:
    assert configured(classification).titles == titles


def test_unsure_answers_have_a_limit_and_a_pathway() -> None:
    assert configured("Animal", ", unsure_below: 0.5", ", unsure: Cat").unsure_below == 0.5


@pytest.mark.parametrize(
    ("classification", "more", "fault"),
    [
        ("[]", "", "p.yaml:5: stages[0].agent.classification: List should have at least 1 item"),
        ("7", "", "p.yaml:5: stages[0].agent.classification: Input should be a valid string"),
        ("[A, '']", "", "p.yaml:5: stages[0].agent.classification[1]: String should have at least 1 character"),
        ("[A, B, A]", "", "p.yaml:5: stages[0].agent: the classification 'A' stands twice"),
        ("A", ", unsure_below: 1.5", "p.yaml:5: stages[0].agent.unsure_below: Input should be less than or equal to 1"),
        ("A", ", unsure_below: .nan", "p.yaml:5: stages[0].agent.unsure_below: Input should be a finite number"),
        ("A", ", unsure_below: 0.5", "p.yaml:3: stages[0]: pathways needs `unsure`, for answers that are less sure"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(classification: str, more: str, fault: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        configured(classification, more)

    assert trouble.value.reason.startswith(fault)
    assert "\n" not in trouble.value.reason
