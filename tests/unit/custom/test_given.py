"""What a function of the user's own is given, of pictures, groups and videos alike."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from uuid import UUID

import pytest
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field

from encord_lambda.agents.agent import DataUnit, Facts, Question, Reply, Tools
from encord_lambda.agents.sampling import Sampling
from encord_lambda.config_custom import Custom
from encord_lambda.custom import Answer, Given, Label, decoded, scripted
from encord_lambda.errors import Misconfigured, Reject
from tests.fakes.media import ScriptedVideo
from tests.fakes.stages import ONTOLOGY, ScriptedModel, ScriptedPictures
from tests.fakes.units import a_unit

FACTS = Facts(UUID(int=5), "image", 0.25, {"camera": 7}, UUID(int=6))
UNIT = a_unit("cat.jpg", "https://s3/cat.jpg?X-Amz-Signature=secret", ONTOLOGY, facts=FACTS)
GROUP = a_unit("pets", "p0", ONTOLOGY, pictures=("p0", "p1", "p2"))
VIDEO = a_unit("pets.mp4", "video", ONTOLOGY, is_video=True)
RED, BLUE = (Image.new("RGB", (8, 6), colour) for colour in ("red", "blue"))
SCHEMA: dict[str, object] = {"type": "object"}


def given(unit: DataUnit = UNIT, tools: Tools | None = None, options: dict[str, int] | None = None) -> Given:
    configured = Custom(kind="custom", run="gate", options=options or {})
    return Given.about(unit, configured, tools or Tools(ScriptedModel(), ScriptedPictures()))


def seeing(pictures: dict[int, str | None]) -> tuple[Given, ScriptedVideo]:
    video = ScriptedVideo(pictures)
    return given(VIDEO, Tools(ScriptedModel(), ScriptedPictures(), frames=video)), video


def asked(says: str) -> tuple[Given, ScriptedModel]:
    model = ScriptedModel(lambda _: says)
    return given(tools=Tools(model, ScriptedPictures())), model


def test_it_tells_what_is_known_of_the_data_unit() -> None:
    label = Label(Answer("Animal", "Cat", 1.0), "person", "abcd1234")
    one = given(replace(UNIT, labels=lambda: (label,)), options={"sharpness": 3})

    assert (one.title, one.data_type, one.dataset, one.priority) == ("cat.jpg", "image", UUID(int=5), 0.25)
    assert (one.metadata, one.ontology, one.options) == ({"camera": 7}, ONTOLOGY, {"sharpness": 3})
    assert one.labels() == (label,)


def test_what_is_printed_of_it_holds_no_signed_url() -> None:
    assert "cat.jpg" in repr(given())
    assert "Signature" not in f"{given()!r} {given()}"


def test_a_picture_is_decoded_in_rgb() -> None:
    image = scripted(Image.new("LA", (8, 6), (255, 0))).image()

    assert (image.mode, image.size, image.getpixel((0, 0))) == ("RGB", (8, 6), (255, 255, 255))


def test_of_a_group_the_picture_is_the_first_and_the_frames_are_all() -> None:
    one = given(GROUP)

    assert one.picture().content == b"p0"
    assert [(number, shown.content) for number, shown in one.frames(seconds=1)] == [(0, b"p0"), (1, b"p1"), (2, b"p2")]


def test_of_a_video_the_picture_is_the_frame_in_the_middle_and_the_video_is_closed() -> None:
    one, video = seeing({50: "middle", 60: "later"})

    assert one.picture().content == b"middle"
    assert video.asked == [Sampling(spread=1)]
    assert video.is_closed


@pytest.mark.parametrize(
    ("frames", "wanted"),
    [
        (lambda one: one.frames(every=5), Sampling(every_frames=5)),
        (lambda one: one.frames(seconds=0.5), Sampling(every_seconds=0.5)),
        (lambda one: one.frames(spread=3), Sampling(spread=3)),
    ],
)
def test_frames_of_a_video_come_as_they_were_asked_for_without_damaged_ones(
    frames: Callable[[Given], object], wanted: Sampling
) -> None:
    one, video = seeing({0: "a", 5: None, 10: "c"})

    assert [(n, shown.content) for n, shown in frames(one)] == [(0, b"a"), (10, b"c")]  # type: ignore[attr-defined]
    assert video.asked == [wanted]


def test_who_stops_early_closes_the_video() -> None:
    one, video = seeing({0: "a", 5: "b"})

    with closing(one.frames(every=5)) as frames:
        next(frames)

    assert video.is_closed


@pytest.mark.parametrize("ways", [{}, {"every": 1, "seconds": 1.0}, {"every": 0}])
def test_frames_need_one_way_of_choosing_them(ways: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="FrameSampling"):
        next(given().frames(**ways))


def test_a_video_without_a_readable_frame_is_rejected() -> None:
    one, _ = seeing({0: None, 5: None})

    with pytest.raises(Reject, match=r"^nothing of 'pets\.mp4' can be read$"):
        one.image()


def test_a_function_without_a_decoder_says_so() -> None:
    with pytest.raises(Misconfigured, match="lacks the layer `video`"):
        given(VIDEO).image()


def test_a_model_is_asked_with_pictures_and_its_json_is_read() -> None:
    one, model = asked('{"a": [1, "x"]}')

    assert one.ask("openai:m", "What?", SCHEMA, one.picture()) == {"a": [1, "x"]}
    assert model.questions == [Question("openai:m", "What?", (one.picture(),), SCHEMA)]


@pytest.mark.parametrize("says", ["", "{", "[]", "null", '"a"', "NaN"])
def test_an_answer_that_is_no_json_object_is_rejected(says: str) -> None:
    one, _ = asked(says)

    with pytest.raises(Reject, match=r"^openai:m answered no JSON object: "):
        one.ask("openai:m", "What?", SCHEMA)


def test_an_answer_that_is_no_json_object_is_not_kept_for_the_next_try() -> None:
    one, model = asked("{}")
    one.ask("openai:m", "What?", SCHEMA)

    with pytest.raises(Reject):
        model.questions[0].accepts(Reply("[]"))


def test_a_model_without_its_provider_would_pass_by_its_budget_and_is_not_asked() -> None:
    one, model = asked("{}")

    with pytest.raises(Misconfigured, match=r"there is no model 'gpt-4o'; is `openai:gpt-4o` meant\?"):
        one.ask("gpt-4o", "What?", SCHEMA)

    assert model.questions == []


class Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")

    least: int = Field(default=3, ge=1)


def test_options_are_read_as_a_model_with_its_defaults() -> None:
    assert given().options_as(Limits).least == 3
    assert given(options={"least": 5}).options_as(Limits).least == 5


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"least": 0}, "options.least: Input should be greater than or equal to 1"),
        ({"lest": 1}, "options.lest: Extra inputs are not permitted"),
    ],
)
def test_options_that_do_not_fit_wait_until_they_are_mended(options: dict[str, int], told: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        given(options=options).options_as(Limits)

    assert refused.value.reason == f"pipeline.yaml: {told}"


def test_a_scripted_unit_shows_its_pictures_and_says_its_answers() -> None:
    one = scripted(RED, BLUE, title="pets", metadata={"a": 1}, options={"b": 2}, answers=({"c": 3},))

    colours = [decoded(shown).getpixel((0, 0)) for _, shown in one.frames(every=1)]
    assert colours == [(255, 0, 0), (0, 0, 255)]
    assert (one.title, one.data_type, one.metadata, one.options) == ("pets", "img_group", {"a": 1}, {"b": 2})
    assert one.ask("openai:m", "?", SCHEMA) == {"c": 3}
    with pytest.raises(LookupError, match="asks more often than there are `answers`"):
        one.ask("openai:m", "?", SCHEMA)
