"""What a function of the user's own returns: taken if it is a decision down to the last field, refused otherwise."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Decision, Tools, Usage
from encord_lambda.agents.custom import CustomAgent
from encord_lambda.config_custom import Custom
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.ontology import Object, Ontology
from encord_lambda.labels.proposals import Answer, Box, Owned, Placement, Thing
from tests.fakes.stages import ONTOLOGY, ScriptedModel, ScriptedPictures
from tests.fakes.units import a_unit
from tests.unit.custom.own import GOOD, Write, decided, with_layer

DRAWN = Ontology(ONTOLOGY.classifications, (Object("Cat", "bounding_box"),))
THING = Thing("Cat", (Placement(0, Box(0.1, 0.1, 0.2, 0.2), 0.5),), "0:0")
OWNS = {"classifications": ["Animal", "Scene"], "objects": ["Cat"]}


class Returns:
    """A layer whose every agent returns this."""

    def __init__(self, made: object) -> None:
        self.made = made

    def decide(self, *_: object) -> object:
        return self.made


def taken(made: object, **configured: object) -> Decision:
    tools = Tools(ScriptedModel(), ScriptedPictures(), own_agents=Returns(made))
    return decided("gate", a_unit("cat.jpg", "url", DRAWN), tools, **(configured or OWNS))


def test_the_function_decides_and_its_decision_stands(write: Write) -> None:
    write("gate", GOOD)

    assert decided("gate") == Decision((), "good", "cat.jpg", None)


def test_labels_it_says_it_writes_are_taken_as_they_are() -> None:
    made = Decision((Answer("Animal", "Cat", 1), Answer("Scene", ("a", "b"), 0.5), THING), None, "", 1)

    assert taken(made) == made


NO_DECISIONS = [
    (None, "NoneType, not a Decision"),
    ("good", "str, not a Decision"),
    (Decision, "type, not a Decision"),
    ({"proposals": (), "answer": "good"}, "dict, not a Decision"),
    (Decision([], "x", "", None), "a Decision whose `proposals` is wrong: Input should be a valid tuple"),  # type: ignore[arg-type]
    (Decision((), 3, "", None), "a Decision whose `answer` is wrong: Input should be a valid string"),  # type: ignore[arg-type]
    (Decision((), "\ud800", "", None), "a Decision with a text that is no valid Unicode"),
    (Decision((), None, None, None), "a Decision whose `reason` is wrong"),  # type: ignore[arg-type]
    (Decision((), None, "", "0.5"), "a Decision whose `confidence` is wrong"),  # type: ignore[arg-type]
    (Decision((), None, "", float("nan")), "a Decision whose `confidence` is wrong: Input should be a finite number"),
    (Decision((), None, "", 1.5), "a confidence of 1.5, which is not within 0 and 1"),
    (Decision((), None, "", None, None), "a Decision whose `usage` is wrong"),  # type: ignore[arg-type]
    (Decision((Answer("Animal", None, 1),), None, "", None), "a Decision whose `proposals.0."),  # type: ignore[arg-type]
    (
        Decision((Thing("Cat", (Placement(0, Box(0.1, float("nan"), 0.2, 0.2), 1),), "0"),), None, "", None),
        "a Decision whose `proposals.0.Thing.placements.0.shape.Box.y` is wrong: Input should be a finite number",
    ),
    (Decision(("Cat",), None, "", None), "a Decision whose `proposals.0."),  # type: ignore[arg-type]
    (Decision((Thing("Cat", (Placement(0, None, 1),), "0"),), None, "", None), "a Decision whose `proposals.0."),  # type: ignore[arg-type]
    (Decision((Answer("Sex", "f", 1),), None, "", None), "a label 'Sex', which is not among its `classifications`"),
    (Decision((Thing("Dog", (), "0"),), None, "", None), "a label 'Dog', which is not among its `objects`"),
]


@pytest.mark.parametrize(("made", "told"), NO_DECISIONS)
def test_anything_else_is_a_rejection_that_says_what_it_was(made: object, told: str) -> None:
    with pytest.raises(Reject) as refused:
        taken(made)

    assert refused.value.reason.startswith(f"gate.py: decide returned {told}")


JUNK = st.recursive(st.none() | st.integers() | st.floats() | st.text() | st.booleans(), lambda one: st.tuples(one))


@given(st.tuples(JUNK, JUNK, JUNK, JUNK, JUNK))
def test_whatever_its_fields_are_it_is_taken_or_rejected(fields: tuple[object, ...]) -> None:
    with suppress(Reject):
        made = taken(Decision(*fields))  # type: ignore[arg-type]
        assert isinstance(made.reason, str)
        assert isinstance(made.answer, str | None)


def test_an_agent_that_says_it_writes_nothing_may_write_nothing() -> None:
    with pytest.raises(Reject, match=r"'Animal', which is not among its `classifications` in pipeline.yaml"):
        taken(Decision((Answer("Animal", "Cat", 1),), None, "", None), options={"a": 1})


@pytest.mark.parametrize("owns", [{"classifications": ["Sex"]}, {"objects": ["Dog"]}])
def test_what_it_writes_must_be_in_the_ontology_before_it_runs(owns: dict[str, object]) -> None:
    with pytest.raises(Misconfigured, match="the ontology has no"):
        taken(None, **owns)


def test_a_function_without_the_layer_says_so() -> None:
    with pytest.raises(Misconfigured, match="it lacks the layer `agents`"):
        decided("gate", tools=Tools(ScriptedModel(), ScriptedPictures()))


def test_what_models_took_is_added_to_its_own_account(write: Write) -> None:
    write(
        "gate",
        """
        from encord_lambda.custom import Decision, Usage

        def decide(given):
            for number in range(3):
                given.ask("openai:m", f"{number}?", {"type": "object"}, given.picture())
            return Decision((), None, "", None, Usage(usd=1.0))
        """,
    )

    assert decided("gate", tools=with_layer(ScriptedModel())).usage == Usage(seconds=1.5, usd=1.0)


def test_it_signs_by_its_module_and_owns_what_pipeline_yaml_says() -> None:
    agent = CustomAgent(Custom(kind="custom", run="gate", classifications=["A"], objects=["O"]))

    assert (agent.name, agent.owned, agent.owned.decisive) == ("custom:gate", Owned(("A",), ("O",)), False)
    assert CustomAgent(Custom(kind="custom", run="gate")).owned == Owned()
