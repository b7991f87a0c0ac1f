"""A second run replaces what the first one wrote and nobody touched; the true SDK, without a platform."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from encord.objects import LabelRowV2
from encord.objects.coordinates import BoundingBoxCoordinates

from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.encord_platform.ownership import Owner
from encord_lambda.errors import Reject
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Box, Owned, Placement, Proposal, Thing, Written, object_hash
from tests.adapters.offline_rows import GROUP, IMAGE, TEXT, VIDEO, Kind, Scribe, a_row
from tests.adapters.offline_rows import read_back as read
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


def moved(row: LabelRowV2) -> None:
    """As the Label Editor does it: the label keeps its hash and is marked as manual on the frame that was changed."""
    [instance] = row.get_object_instances()
    annotation = instance.get_annotations()[-1]
    annotation.coordinates = BoundingBoxCoordinates(0.2, 0.2, 0.5, 0.5)
    annotation.manual_annotation = True


def signed(row: LabelRowV2) -> None:
    """Somebody else's name is on the last edit."""
    [instance] = row.get_object_instances()
    annotation = instance.get_annotations()[0]
    annotation.created_by, annotation.last_edited_by = "robot@example.com", "person@example.com"


def test_a_second_run_replaces_its_objects_whatever_keys_they_have() -> None:
    row = a_row(STRUCTURE)
    assert write(row, paw("0:0"), paw("0:1"), paw("0:2")) == Written(added=3)
    row = saved(row)

    assert write(row, paw("0:0", box=THERE), paw("0:7")) == Written(added=1, replaced=3)

    assert contents(row) == {(paw("", box=THERE), "agent"), (paw(""), "agent")}


def test_an_object_keeps_its_hash() -> None:
    row = a_row(STRUCTURE)
    write(row, paw("track 1"))

    [label] = read(row, STRUCTURE)
    assert label.hash == object_hash("scribe", "row", "Paw", "track 1")


def test_a_second_run_that_finds_nothing_removes_its_objects_and_answers() -> None:
    row = a_row(STRUCTURE)
    write(row, CAT, paw("0:0"))
    row = saved(row)

    assert write(row) == Written(replaced=2)
    assert contents(row) == set()


def test_what_a_person_drew_stays_beside_the_agents_own() -> None:
    row = a_row(STRUCTURE)
    drawn_by_a_person(row, THERE)

    assert write(row, paw("0:0")) == Written(added=1)
    assert write(saved(row)) == Written(replaced=1)
    row = saved(row)
    assert write(row) == Written(replaced=1)
    assert [author for _, author in contents(row)] == ["person"]


@pytest.mark.parametrize("edited", [moved, signed])
def test_an_object_that_a_person_edited_stays_and_is_not_doubled(edited: Callable[[LabelRowV2], None]) -> None:
    row = a_row(STRUCTURE, VIDEO)
    write(row, paw("track", 3, 4))
    row = saved(row, VIDEO)
    edited(row)
    [before] = read(row, STRUCTURE, VIDEO)
    row = saved(row, VIDEO)

    assert write(row, paw("track", 3, 4), paw("other", 5)) == Written(added=1, kept=1)
    assert write(saved(row, VIDEO)) == Written(replaced=1), "the edited one is not removed either"

    assert before.author == "person"
    assert before in read(row, STRUCTURE, VIDEO)
    assert len(read(row, STRUCTURE, VIDEO)) == 2


def test_an_object_that_a_person_deleted_is_drawn_again_if_it_is_found_again() -> None:
    """Encord keeps no trace of a deleted label."""
    row = a_row(STRUCTURE)
    write(row, paw("0:0"))
    row = saved(row)
    row.remove_object(row.get_object_instances()[0])

    assert write(row, paw("0:0")) == Written(added=1)


def test_another_agents_objects_are_left_alone() -> None:
    row = a_row(STRUCTURE)
    write(row, paw("0:0"))
    row = saved(row)

    assert write(row, paw("0:0", box=THERE), agent=OTHER) == Written(added=1)
    assert contents(row) == {(paw(""), "agent"), (paw("", box=THERE), "agent")}


def test_things_that_would_share_a_hash_are_told_apart_in_every_run() -> None:
    owner = Owner("scribe", "row")
    first, second = owner.identities([paw("a"), paw("a")])

    assert first == object_hash("scribe", "row", "Paw", "a") != second
    assert list(owner.identities([paw("a"), paw("a")])) == [first, second]


def test_an_agent_called_on_one_frame_replaces_only_what_is_on_that_frame() -> None:
    row = a_row(STRUCTURE, VIDEO)
    write(row, CAT, replace(CAT, frame=3), paw("0", 0), paw("3", 3), paw("track", 3, 4))
    row = saved(row, VIDEO)
    here = Row(row, Ontology.parse(STRUCTURE))

    assert here.write((replace(DOG, frame=3),), AGENT, frame=3) == Written(replaced=2)

    expected = {CAT, replace(DOG, frame=3), paw("", 0), paw("", 3, 4)}
    assert contents(row, VIDEO) == {(one, "agent") for one in expected}


def test_on_one_frame_an_answer_that_is_about_others_too_stands() -> None:
    long = replace(CAT, frame=2, last=5)
    row = a_row(STRUCTURE, VIDEO)
    write(row, long)
    row = saved(row, VIDEO)

    here = Row(row, Ontology.parse(STRUCTURE))
    assert here.write((replace(DOG, frame=3),), AGENT, frame=3) == Written(standing="Cat", kept=1)
    assert contents(row, VIDEO) == {(long, "agent")}


def test_boxes_are_cut_to_the_picture_and_counted_when_nothing_is_left() -> None:
    row = a_row(STRUCTURE, VIDEO)
    partly, gone = Placement(1, Box(0.75, 0.5, 0.5, 0.25), 0.5), Placement(2, Box(1.5, 0.5, 0.5, 0.25), 0.5)

    assert write(row, Thing("Paw", (partly, gone), "a"), Thing("Paw", (gone,), "b")) == Written(added=1, outside=2)

    cut = Placement(1, Box(0.75, 0.5, 0.25, 0.25), 0.5)
    assert contents(row, VIDEO) == {(Thing("Paw", (cut,), ""), "agent")}


@pytest.mark.parametrize("kind", [GROUP, VIDEO], ids=lambda kind: kind.name)
def test_answers_on_frames_and_ranges_are_replaced_each_by_its_first_frame(kind: Kind) -> None:
    row = a_row(STRUCTURE, kind)
    assert write(row, CAT, replace(DOG, frame=3, last=5), replace(CAT, frame=8)) == Written(added=3)
    row = saved(row, kind)

    assert write(row, DOG, replace(DOG, frame=3)) == Written(replaced=3)

    assert contents(row, kind) == {(DOG, "agent"), (replace(DOG, frame=3), "agent")}


def test_a_persons_answer_on_some_frames_stands_and_the_others_are_answered() -> None:
    row = a_row(STRUCTURE, VIDEO)
    answered_by_a_person(row, "Dog", 4)

    proposals = (replace(CAT, frame=1), replace(CAT, frame=3, last=4), replace(CAT, frame=5))
    assert write(row, *proposals) == Written(added=2, standing="Dog", kept=1)
    assert len(contents(row, VIDEO)) == 3


def test_only_the_first_classifications_standing_answer_is_told() -> None:
    both = Scribe(Owned(("Animal", "Scene")))
    row = a_row(STRUCTURE)
    write(row, Answer("Scene", "a mat", 1.0), agent=Scribe(Owned(("Scene",)), name="another"))

    assert write(row, CAT, Answer("Scene", "a rug", 1.0), agent=both) == Written(added=1, kept=1)


def test_a_global_answer_is_one_for_all_frames() -> None:
    agent = Scribe(Owned(("Place",)))
    row = a_row(STRUCTURE, VIDEO)
    assert write(row, Answer("Place", "a yard", 0.5, frame=7), agent=agent) == Written(added=1)
    row = saved(row, VIDEO)

    assert write(row, Answer("Place", "a street", 0.25), agent=agent) == Written(replaced=1)
    assert contents(row, VIDEO) == {(Answer("Place", "a street", 0.25), "agent")}
    foreign = Scribe(Owned(("Place",)), name="another")
    assert write(row, Answer("Place", "x", 1.0), agent=foreign) == Written(standing="a street", kept=1)


@pytest.mark.parametrize(
    ("proposal", "reason"),
    [
        (replace(CAT, frame=10), "'one' has 10 frames; there is no frame 10"),
        (replace(CAT, frame=-1), "'one' has 10 frames; there is no frame -1"),
        (replace(CAT, frame=3, last=2), "the frames 3 to 2 of 'Animal' are no range"),
        (replace(CAT, confidence=float("nan")), "a confidence of nan is not within 0 and 1"),
        (replace(CAT, confidence=1.5), "a confidence of 1.5 is not within 0 and 1"),
        (replace(CAT, answer="Fish"), "'Animal' has no option 'Fish' in the ontology of this label row"),
        (replace(CAT, answer=3.0), "'Animal' is of type radio and cannot be answered with '3.0'"),
        (Answer("Scene", "x", 1.0), "the agent scribe proposes 'Scene', which is not among what it owns"),
        (Thing("Tail", (), "a"), "the agent scribe proposes 'Tail', which is not among what it owns"),
        (paw("a", 10), "'one' has 10 frames; there is no frame 10"),
        (paw("a", box=Box(float("nan"), 0, 1, 1)), "a Box has a coordinate that is no number"),
        (Thing("Paw", (Placement(0, HERE, 2.0),), "a"), "a confidence of 2.0 is not within 0 and 1"),
    ],
)
def test_what_cannot_be_written_is_rejected(proposal: Proposal, reason: str) -> None:
    with pytest.raises(Reject) as trouble:
        write(a_row(STRUCTURE, VIDEO), proposal)

    assert trouble.value.reason == reason


GROUPS = tuple(f"https://x/{frame}" for frame in range(10))


@pytest.mark.parametrize(
    ("kind", "url", "pictures", "is_video"),
    [
        (IMAGE, "https://x/one", (), False),
        (VIDEO, "https://x/one", (), True),
        (GROUP, "https://x/7", GROUPS, False),
        (TEXT, "https://x/one", (), False),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_an_agent_is_shown_where_to_read_all_of_a_data_unit(
    kind: Kind, url: str, pictures: tuple[str, ...], is_video: bool
) -> None:
    unit = Row(a_row(STRUCTURE, kind), Ontology.parse(STRUCTURE)).unit(min(7, kind.frames - 1))

    assert (unit.url, unit.pictures, unit.is_video) == (url, pictures, is_video)
