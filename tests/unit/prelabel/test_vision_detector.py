"""A language model as a detector."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents.agent import Picture, Question, Tools, Usage
from encord_lambda.agents.boxes import Found
from encord_lambda.agents.naming import Seen
from encord_lambda.agents.vision_detector import detect
from encord_lambda.config_prelabel import VisionDetector
from encord_lambda.errors import Misconfigured, Reject, Retry
from encord_lambda.labels.ontology import Attribute, Object, Option
from encord_lambda.labels.proposals import Box, Choice, Point, Polygon, Polyline, RotatedBox
from tests.fakes.stages import ScriptedModel, ScriptedPictures

CONFIGURED = VisionDetector(kind="vision", model="openai:m")
PICTURE = Picture(b"picture", "image/png")
BOX = {"x": 0.1, "y": 0.2, "width": 0.5, "height": 0.6}
CAT = {"Cat": {"confidence": 0.9, "box": BOX}}
FOUND = Found("Cat", 0.9, Box(0.1, 0.2, 0.5, 0.6))
POSE = Attribute("Pose", "radio", (Option("sits"), Option("lies")), dynamic=True)
BREED = Attribute("Breed", "radio", (Option("Pug"), Option("Puli")), required=True)
SPECIES = Attribute("Species", "radio", (Option("Fox"), Option("Dog", (BREED,))))
OBJECTS = (Object("Cat", "bounding_box"), Object("Dog", "bounding_box"))


def ask(things: Sequence[object] | str, *objects: Object, model: ScriptedModel | None = None) -> Seen:
    text = things if isinstance(things, str) else json.dumps({"things": things})
    hand = Tools(model or ScriptedModel(lambda _: text), ScriptedPictures())
    return detect(CONFIGURED, objects or OBJECTS, PICTURE, hand)


def thing(**changed: object) -> dict[str, object]:
    return {"Cat": CAT["Cat"] | changed}


def test_what_is_seen_is_under_its_objects_title() -> None:
    assert ask([CAT]) == Seen((FOUND,), usage=Usage(0.5))


def test_a_prompt_of_ones_own_takes_the_place_of_ours() -> None:
    model = ScriptedModel(lambda _: '{"things": []}')
    hand = Tools(model, ScriptedPictures(), prompts={"prompts/a.md": "Up to $most of:\n$objects\nas $drawings"})
    detect(CONFIGURED.model_copy(update={"prompt": "prompts/a.md"}), OBJECTS, PICTURE, hand)

    assert model.questions[0].prompt.startswith("Up to 20 of:\n- Cat: draw `box`\n")


def test_nothing_seen_is_an_answer() -> None:
    assert ask([]) == Seen(usage=Usage(0.5))


POINTS = [{"x": 0.1, "y": 0.2}, {"x": 0.5, "y": 0.2}, {"x": 0.1, "y": 1}]
SPOTS = ((0.1, 0.2), (0.5, 0.2), (0.1, 1.0))


@pytest.mark.parametrize(
    ("shape", "drawing", "drawn"),
    [
        ("bounding_box", {"box": BOX}, Box(0.1, 0.2, 0.5, 0.6)),
        ("rotatable_bounding_box", {"rotated_box": BOX | {"theta": -30}}, RotatedBox(0.1, 0.2, 0.5, 0.6, -30)),
        ("polygon", {"polygon": POINTS}, Polygon(SPOTS)),
        ("polyline", {"polyline": POINTS[:2]}, Polyline(SPOTS[:2])),
        ("point", {"point": POINTS[2]}, Point(0.1, 1.0)),
    ],
)
def test_an_object_is_drawn_as_the_ontology_draws_it(shape: str, drawing: dict[str, object], drawn: object) -> None:
    model = ScriptedModel(lambda _: json.dumps({"things": [{"Mark": {"confidence": 0.5} | drawing}]}))
    seen = ask("", Object("Mark", shape), model=model)

    assert [one.shape for one in seen.found] == [drawn]
    assert f"- Mark: draw `{next(iter(drawing))}`\n" in model.questions[0].prompt
    assert f"\n- `{next(iter(drawing))}`: the " in model.questions[0].prompt


def test_static_and_dynamic_attributes_are_told_apart() -> None:
    attributes = {"Species": {"Dog": {"Breed": "Pug"}}, "Pose": "sits"}
    seen = ask([thing(attributes=attributes)], Object("Cat", "bounding_box", (SPECIES, POSE)))

    species = ("Species", Choice("Dog", (("Breed", "Pug"),)))
    assert seen.found == (replace(FOUND, static=(species,), dynamic=(("Pose", "sits"),)),)


def test_the_attributes_are_told_in_prose() -> None:
    model = ScriptedModel(lambda _: '{"things": []}')
    ask("", Object("Cat", "bounding_box", (SPECIES, POSE)), Object("Way", "polyline"), model=model)

    assert model.questions[0].prompt.startswith(
        """\
Find every object in the image that is one of these, and nothing else:
- Cat: draw `box`
  - then **Species**: choose exactly one of these options (may be null)
    - Fox
    - Dog
      - then **Breed**: choose exactly one of these options (must be answered)
        - Pug
        - Puli
  - then **Pose**: choose exactly one of these options (may be null)
    - sits
    - lies
- Way: draw `polyline`

List each once under its title, spelled as written, 20 at most, and draw it:
- `box`: the smallest upright box"""
    )


@pytest.mark.parametrize(
    "attributes",
    [
        {"Species": "Cow", "Pose": "sits"},
        {"Species": "Dog", "Pose": "sits"},
        {"Species": {"Dog": {"Breed": None}}, "Pose": "sits"},
        {"Species": {"Dog": {}}, "Pose": "sits"},
        {"Species": 7, "Pose": "sits"},
    ],
)
def test_an_attribute_that_the_ontology_does_not_allow_is_left_out_and_counted(attributes: object) -> None:
    seen = ask([thing(attributes=attributes)], Object("Cat", "bounding_box", (SPECIES, POSE)))

    assert seen.found == (replace(FOUND, dynamic=(("Pose", "sits"),)),)
    assert (seen.misanswered, seen.refused) == (1, 0)


def test_a_box_that_cannot_be_is_counted() -> None:
    seen = ask([CAT, thing(confidence=7), thing(box=BOX | {"x": 64})])

    assert (len(seen.found), seen.refused) == (1, 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("[]", "expected an object, not a list"),
        ('{"things": [', "Expecting value"),
        ("{}", "'things' is missing"),
        ('{"things": {}}', "things: expected a list"),
        ('{"things": [7]}', "things.0: expected one thing under its title"),
        ('{"things": [{}]}', "things.0: expected one thing under its title"),
        ('{"things": [{"Cow": {}}]}', "things.0: expected one thing under its title, which 'Cow' is not"),
        (json.dumps({"things": [CAT | {"Dog": CAT["Cat"]}]}), "things.0: expected one thing under its title"),
        (json.dumps({"things": [thing(box=None)]}), "things.0.Cat.box: expected an object, not None"),
        (json.dumps({"things": [thing(box=BOX | {"x": "0"})]}), "things.0.Cat.box.x: expected a number, not '0'"),
        (json.dumps({"things": [thing(why="ears")]}), "things.0.Cat: 'why' was not asked for"),
        (json.dumps({"things": [thing(attributes={})]}), "things.0.Cat: 'attributes' was not asked for"),
    ],
)
def test_a_malformed_answer_is_rejected(text: str, reason: str) -> None:
    with pytest.raises(Reject, match="the model's answer is malformed: ") as trouble:
        ask(text)

    assert reason in trouble.value.reason


def test_attributes_must_all_be_there() -> None:
    with pytest.raises(Reject, match=r"things\.0\.Cat\.attributes: 'Pose' is missing"):
        ask([thing(attributes={"Species": None})], Object("Cat", "bounding_box", (SPECIES, POSE)))


def test_a_language_model_cannot_draw_masks() -> None:
    with pytest.raises(Misconfigured, match=r"'Fog' is of shape bitmask.*detectors of kind http and sagemaker can"):
        ask([], *OBJECTS, Object("Fog", "bitmask"))


def test_a_dollar_sign_in_a_title_is_not_a_blank() -> None:
    model = ScriptedModel(lambda _: '{"things": []}')
    ask("", Object("$most", "point"), Object("100$", "point"), model=model)

    assert "- $most: draw `point`\n- 100$: draw `point`\n" in model.questions[0].prompt


@pytest.mark.parametrize(
    ("drawn", "tokens"),
    [
        (Object("Cat", "point"), 1000),
        (Object("Cat", "polygon"), 4000),
        (Object("Cat", "point", (POSE,)), 4000),
    ],
)
def test_outlines_and_attributes_may_be_long(drawn: Object, tokens: int) -> None:
    model = ScriptedModel(lambda _: '{"things": []}')
    ask("", drawn, model=model)

    assert model.questions[0].reply_tokens == tokens


def test_without_time_left_nothing_is_asked() -> None:
    model = ScriptedModel()
    with pytest.raises(Retry, match="time ran out"):
        detect(CONFIGURED, OBJECTS, PICTURE, Tools(model, ScriptedPictures(), time_left=lambda: 0))

    assert model.questions == []


MANY = Attribute("Kind", "radio", tuple(Option(f"kind {number:04}") for number in range(1500)))


def test_attributes_that_are_too_large_for_one_schema_are_asked_of_each_thing() -> None:
    replies = iter(
        [
            {"things": [CAT, {"Dog": {"confidence": 0.8, "box": BOX, "attributes": {"Pose": "lies"}}}]},
            {"Kind": "group 1"},
            {"Kind": "kind 0007"},
            {"Pose": "sits"},
        ]
    )
    model = ScriptedModel(lambda _: json.dumps(next(replies)))
    seen = ask("", Object("Cat", "bounding_box", (MANY, POSE)), Object("Dog", "bounding_box", (POSE,)), model=model)

    cat, dog = seen.found
    assert (cat.static, cat.dynamic) == ((("Kind", "kind 0007"),), (("Pose", "sits"),))
    assert (dog.static, dog.dynamic) == ((), (("Pose", "lies"),))
    assert seen.usage == Usage(4 * 0.5)
    assert "from 0.10, 0.20 to 0.60, 0.80" in model.questions[1].prompt


def test_a_thing_stays_whose_attributes_asked_alone_are_answered_as_the_ontology_does_not_allow() -> None:
    replies = iter([{"things": [CAT, CAT]}, {"Kind": "group 99"}, {"Kind": "group 1"}, {"Kind": "kind 0007"}])
    model = ScriptedModel(lambda _: json.dumps(next(replies)))
    seen = ask("", Object("Cat", "bounding_box", (MANY,)), model=model)

    assert [one.static for one in seen.found] == [(), (("Kind", "kind 0007"),)]
    assert (seen.misanswered, seen.usage) == (1, Usage(3 * 0.5))


def test_objects_that_are_too_many_for_one_schema_are_asked_for_one_part_after_the_other() -> None:
    titles = [f"object {number}" for number in range(1200)]
    found: Callable[[Question], Any] = lambda question: [  # noqa: E731
        {title: CAT["Cat"]} for title in ("object 3", "object 1100") if f"- {title}: " in question.prompt
    ]
    model = ScriptedModel(lambda question: json.dumps({"things": found(question)}))
    seen = ask("", *(Object(title, "bounding_box") for title in titles), model=model)

    assert [one.title for one in seen.found] == ["object 3", "object 1100"]
    assert [question.prompt.count(": draw `box`") for question in model.questions] == [600, 600]


@given(st.text())
def test_whatever_the_model_says_is_seen_or_rejected(text: str) -> None:
    try:
        seen = ask(text)
    except Reject:
        return
    assert seen.usage.seconds == 0.5
