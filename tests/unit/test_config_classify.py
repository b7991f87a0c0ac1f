"""`kind: classify` of pipeline.yaml: one question or several, and when an answer is unsure."""

import pytest

from encord_lambda.config import PipelineConfig
from encord_lambda.config_classify import Classify
from encord_lambda.errors import Misconfigured

STAGE = """\
version: 1
stages:
  - project: 027e0c65-0000-4000-8000-000000000001
    stage: Agent 1
    agent: {{kind: classify, model: {model}, classification: {classification}{more}}}
    pathways: {{Cat: Cat, otherwise: Other{pathways}}}
"""


def configured(classification: str, more: str = "", pathways: str = "", model: str = "openai:m") -> Classify:
    text = STAGE.format(classification=classification, more=more, pathways=pathways, model=model)
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
        ("7", "", "p.yaml:5: stages[0].agent.classification: must be text: put it in quotes"),
        ("[A, '']", "", "p.yaml:5: stages[0].agent.classification[1]: String should have at least 1 character"),
        ("[A, B, A]", "", "p.yaml:5: stages[0].agent: the classification 'A' stands twice"),
        ("A", ", unsure_below: 1.5", "p.yaml:5: stages[0].agent.unsure_below: Input should be less than or equal to 1"),
        ("A", ", unsure_below: .nan", "p.yaml:5: stages[0].agent.unsure_below: Input should be a finite number"),
        (
            "A",
            ", unsure_below: 0.5",
            "p.yaml:6: stages[0].pathways: pathways needs `unsure`, for answers that are less sure",
        ),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(classification: str, more: str, fault: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        configured(classification, more)

    assert trouble.value.reason.startswith(fault)
    assert "\n" not in trouble.value.reason


def test_one_model_or_a_list_of_them_is_taken() -> None:
    assert configured("Animal").models == ("openai:m",)
    both = configured("Animal", ", unsure_below: 0.5", ", unsure: Cat", "[openai:a, openai:b]")
    assert both.models == ("openai:a", "openai:b")


@pytest.mark.parametrize(
    ("model", "fault"),
    [
        (
            "[openai:a, openai:b]",
            "p.yaml:5: stages[0].agent: several models need `unsure_below`: below it the next one",
        ),
        ("[openai:a, openai:a]", "p.yaml:5: stages[0].agent: the model 'openai:a' stands twice"),
        ("[]", "p.yaml:5: stages[0].agent.model: List should have at least 1 item"),
        ("[gpt]", "p.yaml:5: stages[0].agent.model[0]: must be `openai:` and the name"),
        ("gpt", "p.yaml:5: stages[0].agent.model: must be `openai:` and the name"),
    ],
)
def test_what_is_wrong_with_models_is_one_line_with_its_place(model: str, fault: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        configured("A", model=model)

    assert trouble.value.reason.startswith(fault)
    assert "\n" not in trouble.value.reason


@pytest.mark.parametrize("file", ["prompts/a.md", "prompts/pets/my-animals_2.md", "prompts/a"])
def test_a_prompt_lies_below_prompts(file: str) -> None:
    text = STAGE.format(classification="A", more=f", prompt: {file}", pathways="", model="openai:m")

    assert PipelineConfig.parse("p.yaml", text).prompts == {(file, "classify")}


@pytest.mark.parametrize(
    "file", ["a.md", "/prompts/a.md", "prompts/../a.md", "prompts/", "prompts//a", "prompts/.a", "prompts/a b", "''"]
)
def test_a_prompt_that_lies_elsewhere_is_refused(file: str) -> None:
    with pytest.raises(
        Misconfigured, match=r"p\.yaml:5: stages\[0\]\.agent\.prompt: must be the name of a file below prompts/"
    ):
        configured("A", f", prompt: {file}")


def test_prompts_of_language_models_that_draw_are_found_wherever_they_are() -> None:
    text = """
version: 1
stages:
  - project: 027e0c65-0000-4000-8000-000000000001
    stage: Agent 1
    agent:
      kind: prelabel
      detector: {kind: vision, model: openai:a, prompt: prompts/a.md}
      escalate: [{kind: vision, model: openai:b, prompt: prompts/b.md}, {kind: http, url: https://d}]
      classes: {cat: Cat}
      accept: 0.9
      review: 0.5
    pathways: {otherwise: Other}
"""
    found = PipelineConfig.parse("p.yaml", text).prompts
    assert found == {("prompts/a.md", "detect"), ("prompts/b.md", "detect")}


def test_prompts_of_editor_agents_are_prompts_of_the_pipeline_too() -> None:
    text = """
version: 1
editor_agents:
  one: {kind: describe, model: openai:m, classification: Scene, prompt: prompts/a.md}
  two: {kind: describe, model: openai:m, classification: Scene}
"""
    assert PipelineConfig.parse("p.yaml", text).prompts == {("prompts/a.md", "describe")}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (", confidence: logprobs", "p.yaml:5: stages[0].agent.confidence: Input should be 'stated' or"),
        (
            ", frames: {spread: 0}",
            "p.yaml:5: stages[0].agent.frames.spread: Input should be greater than or equal to 1",
        ),
        (", frames: {spread: 4, every: 2}", "p.yaml:5: stages[0].agent.frames: say one of"),
    ],
)
def test_how_it_looks_and_judges_has_few_words(more: str, fault: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        configured("A", more)

    assert trouble.value.reason.startswith(fault)
