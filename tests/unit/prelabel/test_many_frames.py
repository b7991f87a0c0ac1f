"""Pre-labelling of videos and image groups: many frames, some of them bad."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest

from encord_lambda.agents.agent import Decision, Picture, Tools
from encord_lambda.agents.linking import LONGEST
from encord_lambda.agents.prelabel import PrelabelAgent
from encord_lambda.agents.sampling import Frame, Sampling
from encord_lambda.errors import Misconfigured, OverBudget, Reject, Retry
from encord_lambda.labels.ontology import Object, Ontology
from encord_lambda.labels.proposals import Thing
from tests.fakes.units import a_unit
from tests.unit.prelabel.drawn import a_config
from tests.unit.prelabel.scripted import SECONDS, Says, ScriptedDetectors, another, seen, tools

ONTOLOGY = Ontology((), (Object("Cat", "bounding_box"), Object("Dog", "bounding_box")))
VIDEO = a_unit("pets.mp4", "video", ONTOLOGY, is_video=True)
GROUP = a_unit("pets", "p0", ONTOLOGY, pictures=("p0", "p1", "p2"))


@dataclass
class ScriptedFrames:
    """Frames whose pictures' bytes are their names; None is a damaged one."""

    pictures: dict[int, str | None]
    asked: list[tuple[str, Sampling, Callable[[], float]]] = field(default_factory=list)
    is_closed: bool = False

    def sample(self, url: str, every: Sampling, time_left: Callable[[], float]) -> Iterator[Frame]:
        self.asked.append((url, every, time_left))
        try:
            for number, name in self.pictures.items():
                picture = None if name is None else Picture(name.encode(), "image/jpeg")
                yield Frame(number, picture, len(self.pictures))
        finally:
            self.is_closed = True

    def read(self, url: str, number: int, time_left: Callable[[], float]) -> Picture:
        raise NotImplementedError


def decide(pictures: dict[int, str | None], says: Mapping[str, Says], **changes: object) -> Decision:
    """What the agent makes of a video; `says` is what the detector sees on the pictures with these names."""
    hand = replace(tools(says), frames=ScriptedFrames(pictures))
    return PrelabelAgent(a_config(**changes), "Agent 1").decide(VIDEO, hand)


def drawn(decision: Decision) -> list[tuple[str, str, list[int]]]:
    """Object, key and frames of each thing."""
    things = [one for one in decision.proposals if isinstance(one, Thing)]
    return [(one.object, one.key, [placement.frame for placement in one.placements]) for one in things]


def test_boxes_are_on_the_frames_they_were_seen_on() -> None:
    decision = decide(
        {0: "a", 5: "b", 10: "c"}, {"a": [seen("cat")], "b": [], "c": [seen("dog", 0.8), seen("cat", x=0.6)]}
    )

    assert drawn(decision) == [("Cat", "0:0", [0]), ("Cat", "10:0", [10]), ("Dog", "10:1", [10])]
    assert (decision.answer, decision.confidence) == ("review", 0.8)
    assert decision.reason == "2 accepted, 1 for review, 0 dropped on 3 frames"
    assert decision.usage.seconds == 3 * SECONDS


def test_one_box_to_review_on_one_frame_sends_the_video_to_review() -> None:
    sure = {f"p{n}": [seen("cat", 0.99)] for n in range(8)}

    assert decide({n: f"p{n}" for n in range(8)}, dict(sure)).answer == "accepted"
    assert decide({n: f"p{n}" for n in range(8)}, sure | {"p5": [seen("cat", 0.90)]}).answer == "review"


def test_linked_boxes_are_one_object_with_frames_between() -> None:
    says: dict[str, Says] = {"a": [seen("cat", 0.99, x=0.1)], "b": [seen("cat", 0.97, x=0.12)]}

    assert drawn(decide({0: "a", 3: "b"}, says, link={})) == [("Cat", "0:0", [0, 3])]
    assert drawn(decide({0: "a", 3: "b"}, says, link={"interpolate": True})) == [("Cat", "0:0", [0, 1, 2, 3])]


def test_an_object_that_spans_too_many_frames_is_not_interpolated_and_the_reason_says_so() -> None:
    says: dict[str, Says] = {"a": [seen("cat", 0.99, x=0.1)], "b": [seen("cat", 0.97, x=0.12)]}

    far = decide({0: "a", LONGEST: "b"}, says, link={"interpolate": True})
    near = decide({0: "a", LONGEST - 1: "b"}, says, link={"interpolate": True})

    assert drawn(far) == [("Cat", "0:0", [0, LONGEST])]
    assert far.reason.endswith("1 objects span more than 5,000 frames and are not interpolated")
    assert drawn(near) == [("Cat", "0:0", list(range(LONGEST)))]


def test_frames_between_do_not_choose_the_pathway() -> None:
    says: dict[str, Says] = {"a": [seen("cat", 0.905)], "b": [seen("cat", 0.905)]}

    decision = decide({0: "a", 9: "b"}, says, link={"interpolate": True})

    assert decision.answer == "accepted"
    assert decision.confidence == 0.905


def test_bad_frames_are_left_out_and_counted() -> None:
    decision = decide(
        {0: "a", 5: None, 10: "b", 15: "c"}, {"a": [seen("cat")], "b": Reject("too dark"), "c": [seen("cat")]}
    )

    assert [numbers for _, _, numbers in drawn(decision)] == [[0], [15]]
    assert decision.answer == "accepted"
    assert decision.reason.endswith("2 of 4 frames left out; the first: frame 5 is damaged")


@pytest.mark.parametrize(
    ("pictures", "reason"),
    [
        ({0: None, 5: "b"}, "none of 2 frames could be looked at; the first: frame 0 is damaged"),
        ({0: "b"}, "too dark"),
        ({}, "there are no frames to look at"),
    ],
    ids=["all bad", "the only one", "no frames"],
)
def test_a_video_of_which_nothing_can_be_looked_at_is_rejected(pictures: dict[int, str | None], reason: str) -> None:
    with pytest.raises(Reject) as trouble:
        decide(pictures, {"b": Reject("too dark")})

    assert trouble.value.reason == reason


@pytest.mark.parametrize("trouble", [Retry("busy"), Misconfigured("mend it"), OverBudget("spent")])
def test_a_busy_detector_holds_the_whole_video_up(trouble: Retry) -> None:
    with pytest.raises(type(trouble), match=trouble.reason):
        decide({0: "a", 5: "b", 10: "c"}, {"b": trouble})


def test_a_video_without_time_is_given_back_and_waits() -> None:
    film = ScriptedFrames(dict.fromkeys(range(30), "a"))
    hand = replace(tools({}), frames=film, time_left=lambda: 0.0)

    with pytest.raises(Retry, match=r"^looked at 0 of 30 frames before the function's time ran out; what was answered"):
        PrelabelAgent(a_config(), "Agent 1").decide(VIDEO, hand)

    assert film.is_closed


def test_a_video_whose_objects_cannot_be_drawn_is_given_back() -> None:
    film = ScriptedFrames(dict.fromkeys(range(30), "a"))
    unit = replace(VIDEO, ontology=Ontology((), (Object("Cat", "point"), Object("Dog", "bounding_box"))))

    with pytest.raises(Misconfigured, match="'Cat' is of shape point") as told:
        PrelabelAgent(a_config(), "Agent 1").decide(unit, replace(tools({"a": [seen("cat")]}), frames=film))

    assert told.tb  # which holds on to all that was under way, as a future does
    assert film.is_closed


AGREE = {"detector": another("second"), "iou": 0.5}


def test_a_frame_that_the_second_detector_refuses_is_left_out_and_counted() -> None:
    says: dict[str, Says] = {"detector": [seen("cat")], "second": [seen("cat")], "second:b": Reject("too dark")}

    decision = decide({0: "a", 5: "b", 10: "c"}, says, agree=AGREE)

    assert [numbers for _, _, numbers in drawn(decision)] == [[0], [10]]
    assert decision.answer == "accepted"
    assert decision.reason == "2 accepted, 0 for review, 0 dropped on 2 frames; " + (
        "1 of 3 frames left out; the first: too dark"
    )


def test_a_frame_that_the_second_detector_is_too_busy_for_waits_until_the_others_are_looked_at() -> None:
    film = ScriptedFrames({0: "a", 5: "b", 10: "c"})
    hand = replace(tools({"second:a": Retry("502")}), frames=film)

    with pytest.raises(Retry, match="502"):
        PrelabelAgent(a_config(agree=AGREE), "Agent 1").decide(VIDEO, hand)

    assert isinstance(hand.detector, ScriptedDetectors)
    assert {("second", b"b"), ("second", b"c")} <= set(hand.detector.asked)


@pytest.mark.parametrize(
    ("configured", "sampling"),
    [
        ({"every": 5}, Sampling(every_frames=5)),
        ({"seconds": 0.5, "key_frames_first": True}, Sampling(every_seconds=0.5, key_frames_first=True)),
        ({"spread": 8, "most": 20}, Sampling(spread=8, most=20)),
    ],
)
def test_frames_are_sampled_as_configured(configured: dict[str, object], sampling: Sampling) -> None:
    frames = ScriptedFrames({0: "a"})
    hand = replace(tools({}), frames=frames)
    PrelabelAgent(a_config(frames=configured), "Agent 1").decide(VIDEO, hand)

    assert frames.asked == [("video", sampling, hand.time_left)]


def test_without_a_decoder_a_video_waits_for_the_deployment() -> None:
    with pytest.raises(Misconfigured, match="lacks the layer `video`"):
        PrelabelAgent(a_config(), "Agent 1").decide(VIDEO, tools({}))


def test_every_picture_of_a_group_is_looked_at_and_one_that_is_none_left_out() -> None:
    hand: Tools = tools({"p0": [seen("cat")], "p2": [seen("dog")]}, p1=Reject("no picture"))

    decision = PrelabelAgent(a_config(), "Agent 1").decide(GROUP, hand)

    assert drawn(decision) == [("Cat", "0:0", [0]), ("Dog", "2:0", [2])]
    assert decision.reason.endswith("1 of 3 frames left out; the first: frame 1 is damaged")


def test_a_groups_picture_that_cannot_be_reached_holds_it_up() -> None:
    with pytest.raises(Retry, match="later"):
        PrelabelAgent(a_config(), "Agent 1").decide(GROUP, tools({}, p1=Retry("later")))


@pytest.mark.parametrize("keys", [{}, {"every_frames": 5, "every_seconds": 1.0}, {"every_frames": 5, "spread": 8}])
def test_sampling_is_done_in_one_way(keys: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Sampling(**keys)  # type: ignore[arg-type]
