"""What is shown of a submission that is not all right."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from encord_lambda.benchmark.disagreement import MOST, Disagreement, disagreement
from encord_lambda.benchmark.submissions import Unit
from encord_lambda.benchmark.worst import Disputed
from encord_lambda.labels.proposals import Choice, Proposal
from tests.benchmark.drawn import FAR, SQUARE, moved, thing, track
from tests.benchmark.labelled import ANN, answer, submission, unit
from tests.benchmark.test_scoring import ONTOLOGY

EDITOR = "https://app.encord.com/label_editor/p"


def shown(truth: Sequence[Proposal], given: Sequence[Proposal], of: Unit | None = None) -> Disagreement:
    return disagreement(Disputed(submission(truth, given, ANN, of), 1, 4), ONTOLOGY, EDITOR)


def test_drawings_of_both_sides_are_told_right_from_wrong_with_the_wrong_ones_first() -> None:
    found = shown([thing(SQUARE), thing(FAR, "Dog")], [thing(moved(SQUARE, 0.1)), thing(FAR, "Cat")])
    assert [(one.thing.object, one.right) for one in found.given] == [("Cat", False), ("Cat", True)]
    assert [(one.thing.object, one.right) for one in found.truth] == [("Dog", False), ("Cat", True)]
    assert found.given[0].thing.placements[0].shape == ("bounding_box", FAR)
    assert (found.rater, found.right, found.tried, found.width, found.height) == (ANN.name, 1, 4, 100, 100)


def test_the_frame_with_the_most_wrong_drawings_is_shown() -> None:
    truth = track("Cat", dict.fromkeys(range(5), SQUARE))
    given = [track("Cat", dict.fromkeys(range(3), SQUARE)), thing(FAR, frame=4)]
    found = shown([truth, answer("Cat", frame=0, last=9)], [*given, answer("Dog", frame=2, last=9)], unit(3, 10))
    assert (found.frame, found.frames) == (4, 10)
    assert [(one.thing.placements[0].frame, one.right) for one in (*found.truth, *found.given)] == [
        (4, False),
        (4, False),
    ]
    assert [(one.truth, one.given) for one in found.answers] == [("Cat", "Dog")]
    assert found.link == f"{EDITOR}/{UUID(int=3)}/4"


def test_without_a_wrong_drawing_the_first_frame_with_a_wrong_answer_is_shown() -> None:
    found = shown([answer("Cat", frame=0, last=9)], [answer("Cat", frame=0, last=6)], unit(0, 10))
    assert found.frame == 7
    assert [(one.truth, one.given, one.right) for one in found.answers] == [("Cat", "<missing>", False)]


def test_nested_answers_and_checklists_are_shown_question_by_question() -> None:
    truth = [answer(Choice("Dog", (("Breed", "Poodle"),))), answer(("Rain", "Snow"), "Seen")]
    given = [answer(Choice("Dog", (("Breed", "Beagle"),))), answer(("Snow",), "Seen")]
    found = {one.question: (one.truth, one.given, one.right) for one in shown(truth, given).answers}
    assert found == {
        ("Animal",): ("Dog", "Dog", True),
        ("Animal", "Dog", "Breed"): ("Poodle", "Beagle", False),
        ("Seen",): ("Rain, Snow", "Snow", False),
    }


def test_a_text_is_cut() -> None:
    [said] = shown([answer("a" * 1000, "Caption")], [answer("b", "Caption")]).answers
    assert len(said.truth) == 301


@pytest.mark.parametrize("side", ["given", "truth"])
def test_of_very_many_drawings_some_are_shown(side: str) -> None:
    many = [thing(moved(SQUARE, place / 100), key=str(place)) for place in range(MOST + 20)]
    found = shown(*([], many) if side == "given" else (many, []))
    assert (len(found.given), len(found.truth)) == ((MOST, 0) if side == "given" else (0, MOST))
