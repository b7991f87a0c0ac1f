"""What a run proposes where a person's label, or another agent's, stands; the true SDK, without a platform."""

from dataclasses import replace

import pytest
from encord.objects import LabelRowV2
from encord.objects.coordinates import BoundingBoxCoordinates

from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Box, Thing, Written
from tests.adapters.offline_rows import GROUP, IMAGE, VIDEO, Kind, a_row
from tests.adapters.pet_rows import (
    AGENT,
    CAT,
    DOG,
    HERE,
    OTHER,
    STRUCTURE,
    THERE,
    answered_by_a_person,
    contents,
    drawn_by_a_person,
    paw,
    saved,
    write,
)

NEARLY_HERE = Box(0.12, 0.1, 0.2, 0.2)
CLOSE_TO_HERE = Box(0.14, 0.1, 0.2, 0.2)


def edited(row: LabelRowV2, place: Box, to: Box, frame: int = 0) -> None:
    """As the Label Editor does it: the object keeps its hash and is marked as manual on the frame that was changed."""
    for instance in row.get_object_instances():
        for annotation in instance.get_annotations():
            found = annotation.coordinates
            assert isinstance(found, BoundingBoxCoordinates)
            if (found.top_left_x, found.top_left_y, annotation.frame) == (place.x, place.y, frame):
                annotation.coordinates = BoundingBoxCoordinates(to.height, to.width, to.x, to.y)
                annotation.manual_annotation = True


def moved_to(row: LabelRowV2, frame: int, *, manual: bool = True) -> None:
    """The one answer, taken off its frames and put on another."""
    [instance] = row.get_classification_instances()
    instance.set_for_frames(frame, manual_annotation=manual)
    instance.remove_from_frames([one for one in range(10) if one != frame and instance.is_on_frame(one)])


def hashes(row: LabelRowV2) -> set[str]:
    return {one.object_hash for one in row.get_object_instances()}


def test_after_an_edit_ranks_may_change_and_nothing_is_drawn_twice_or_lost() -> None:
    row = a_row(STRUCTURE)
    write(row, paw("0:0"), paw("0:1", box=THERE))
    edited(row, HERE, NEARLY_HERE)
    row = saved(row)

    for counts in (Written(added=1, replaced=1, kept=1), Written(replaced=1, kept=1)):
        assert write(row, paw("0:0", box=THERE), paw("0:1")) == counts
        row = saved(row)
        assert contents(row) == {(paw("", box=NEARLY_HERE), "person"), (paw("", box=THERE), "agent")}


def test_what_was_moved_elsewhere_leaves_its_hash_to_nothing_else() -> None:
    row = a_row(STRUCTURE)
    write(row, paw("0:0"))
    edited(row, HERE, THERE)
    row = saved(row)
    [before] = hashes(row)

    assert write(row, paw("0:0")) == Written(added=1)
    assert contents(row) == {(paw("", box=THERE), "person"), (paw(""), "agent")}

    fresh = hashes(row) - {before}
    assert write(saved(row), paw("0:0")) == Written(replaced=1)
    assert hashes(row) == {before} | fresh


@pytest.mark.parametrize("kind", [IMAGE, GROUP, VIDEO], ids=lambda kind: kind.name)
def test_what_a_person_drew_is_not_drawn_again(kind: Kind) -> None:
    row = a_row(STRUCTURE, kind)
    drawn_by_a_person(row, NEARLY_HERE)
    row = saved(row, kind)

    assert write(row, paw("0:0"), paw("0:1", box=THERE)) == Written(added=1, kept=1)
    assert contents(row, kind) >= {(paw("", box=THERE), "agent")}
    assert len(contents(row, kind)) == 2


def test_what_another_agent_drew_is_not_drawn_again() -> None:
    row = a_row(STRUCTURE)
    write(row, paw("0:0"))

    assert write(saved(row), paw("0:0", box=NEARLY_HERE), agent=OTHER) == Written(kept=1)


def test_something_else_in_the_same_place_is_drawn() -> None:
    both = replace(AGENT, owned=replace(AGENT.owned, objects=("Paw", "Tail")))
    row = a_row(STRUCTURE)
    drawn_by_a_person(row, HERE)

    assert write(row, replace(paw("0:0"), object="Tail"), paw("0:1"), agent=both) == Written(added=1, kept=1)


def test_one_box_of_a_person_has_the_nearest_one_give_way_and_no_other() -> None:
    row = a_row(STRUCTURE)
    drawn_by_a_person(row, HERE)

    assert write(row, paw("0:0", box=CLOSE_TO_HERE), paw("0:1", box=NEARLY_HERE)) == Written(added=1, kept=1)
    assert (paw("", box=CLOSE_TO_HERE), "agent") in contents(row)


def test_of_a_track_the_frames_that_a_person_drew_are_left_out() -> None:
    row = a_row(STRUCTURE, VIDEO)
    drawn_by_a_person(row, NEARLY_HERE, 4, 5)

    assert write(row, paw("0:0", 3, 4, 5, 6)) == Written(added=1)
    assert (paw("", 3, 6), "agent") in contents(row, VIDEO)
    assert write(saved(row, VIDEO), paw("0:0", 3, 4, 5, 6)) == Written(replaced=1)
    assert write(saved(row, VIDEO), paw("0:0", 4, 5)) == Written(replaced=1, kept=1)


def test_a_persons_track_has_all_of_an_agents_single_boxes_give_way() -> None:
    row = a_row(STRUCTURE, VIDEO)
    drawn_by_a_person(row, HERE, *range(6))

    assert write(row, *(paw(f"{frame}:0", frame) for frame in (0, 5, 7))) == Written(added=1, kept=2)


def test_a_track_that_a_person_corrected_gives_way_there_too_and_goes_on_after_it() -> None:
    row = a_row(STRUCTURE, VIDEO)
    write(row, paw("0:0", 0, 1, 2))
    edited(row, HERE, THERE, frame=1)
    row = saved(row, VIDEO)

    assert write(row, paw("0:0", 0, 1, 2)) == Written(kept=1)
    assert write(row, paw("0:0", 0, 1, 2, 3)) == Written(added=1)
    assert (paw("", 3), "agent") in contents(row, VIDEO)
    assert write(saved(row, VIDEO), paw("0:0", 0, 1, 2, 3)) == Written(replaced=1)


def test_called_on_one_frame_an_agent_does_not_draw_its_own_track_again() -> None:
    row = a_row(STRUCTURE, VIDEO)
    write(row, paw("0:0", 3, 4))
    here = Row(saved(row, VIDEO), Ontology.parse(STRUCTURE))

    assert here.write((paw("0:0", 3), paw("0:1", 3, box=THERE)), AGENT, frame=3) == Written(added=1, kept=1)


def test_an_object_of_which_a_person_deleted_a_frame_is_drawn_there_again() -> None:
    """Encord keeps no trace of what is deleted."""
    row = a_row(STRUCTURE, VIDEO)
    write(row, paw("0:0", 3, 4))
    row.get_object_instances()[0].remove_from_frames(3)

    assert write(saved(row, VIDEO), paw("0:0", 3, 4)) == Written(replaced=1)


@pytest.mark.parametrize("manual", [True, False])
@pytest.mark.parametrize("kind", [GROUP, VIDEO], ids=lambda kind: kind.name)
def test_an_answer_that_a_person_moved_to_another_frame_stands_and_is_not_given_again(
    kind: Kind, *, manual: bool
) -> None:
    row = a_row(STRUCTURE, kind)
    write(row, CAT)
    moved_to(row, 4, manual=manual)
    row = saved(row, kind)

    for proposals, counts in (
        ((CAT,), Written(standing="Cat", kept=1)),
        ((CAT, replace(DOG, frame=4)), Written(standing="Cat", kept=2)),
        ((replace(DOG, frame=2),), Written(added=1, standing="Cat")),
        ((), Written(replaced=1, standing="Cat")),
    ):
        assert write(row, *proposals) == counts
        row = saved(row, kind)
    assert {label for label, _ in contents(row, kind)} == {replace(CAT, frame=4, confidence=1.0)}


def test_an_answer_that_was_moved_is_told_on_the_frame_it_was_moved_from() -> None:
    row = a_row(STRUCTURE, VIDEO)
    write(row, CAT)
    moved_to(row, 4)
    here = Row(saved(row, VIDEO), Ontology.parse(STRUCTURE))

    assert here.write((CAT,), AGENT, frame=0) == Written(standing="Cat", kept=1)
    assert here.write((replace(DOG, frame=1),), AGENT, frame=1) == Written(added=1)


def test_a_range_gives_way_wholly_where_a_person_answered_one_of_its_frames() -> None:
    row = a_row(STRUCTURE, VIDEO)
    answered_by_a_person(row, "Dog", 1, 5)
    row = saved(row, VIDEO)

    ranges = [replace(CAT, frame=first, last=last) for first, last in ((0, 1), (2, 4), (5, 6), (7, 9))]
    assert write(row, *ranges) == Written(added=2, standing="Dog", kept=2)
    assert write(saved(row, VIDEO), *ranges) == Written(replaced=2, standing="Dog", kept=2)


@pytest.mark.parametrize(("gone", "counts"), [(3, Written(standing="Cat", kept=1)), (4, Written(replaced=1))])
def test_a_range_of_which_a_person_deleted_a_frame_stands_if_it_was_the_first(gone: int, counts: Written) -> None:
    """What begins elsewhere than its hash says was moved; a later frame that is missing leaves no trace."""
    row = a_row(STRUCTURE, VIDEO)
    write(row, replace(CAT, frame=3, last=5))
    row.get_classification_instances()[0].remove_from_frames(gone)

    assert write(saved(row, VIDEO), replace(CAT, frame=3, last=5)) == counts


def test_an_answer_that_a_person_deleted_is_given_again() -> None:
    row = a_row(STRUCTURE)
    write(row, CAT)
    row = saved(row)
    row.remove_classification(row.get_classification_instances()[0])

    assert write(saved(row), CAT) == Written(added=1)


@pytest.mark.parametrize("other", [DOG, replace(DOG, frame=2)], ids=["the same frame", "a frame of its range"])
def test_two_answers_to_one_frame_are_rejected(other: Answer) -> None:
    """That is the agent's own fault: nothing stands in their place."""
    with pytest.raises(Reject, match="LabelRowError"):
        write(a_row(STRUCTURE, VIDEO), replace(CAT, last=3), other)


def test_things_of_one_place_in_one_run_are_all_drawn() -> None:
    """Which of them are the same is the agent's to say."""
    row = a_row(STRUCTURE)

    assert write(row, paw("0:0"), paw("0:1")) == Written(added=2)


def test_a_thing_on_no_frame_is_none() -> None:
    assert write(a_row(STRUCTURE), Thing("Paw", (), "0:0")) == Written()
