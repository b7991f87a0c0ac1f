"""Proposed answers beside people's."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.labels.proposals import Answer, Choice, Label, Value
from encord_lambda.shadow_report.answers import AnswersReport, report
from encord_lambda.shadow_report.standing import Standing

OPTIONS = st.sampled_from(["Cat", "Dog"])
PAIRS = st.lists(st.tuples(st.none() | OPTIONS, st.none() | OPTIONS, st.floats(0, 1)), max_size=30)


def standing(*labels: Label, is_video: bool = False) -> Standing:
    return Standing("Complete", finished=True, is_video=is_video, labels=labels)


def animal(value: Value, confidence: float = 1.0, frame: int = 0, last: int | None = None) -> Answer:
    return Answer("Animal", value, confidence, frame, last)


def by_person(answer: Answer) -> Label:
    return Label(answer, "person", "hash")


def compared(
    proposals: tuple[Answer, ...], *labels: Label, is_video: bool = False, is_text: bool = False
) -> AnswersReport:
    return report("Animal", is_text, [(proposals, standing(*labels, is_video=is_video))])


def confusion(found: AnswersReport) -> dict[tuple[str | None, str | None], int]:
    return {(one.proposed, one.person): one.count for one in found.confusion}


@given(PAIRS)
def test_counts_are_those_of_the_pairs_and_deciles_hold_all_proposals(
    pairs: list[tuple[str | None, str | None, float]],
) -> None:
    found = report(
        "Animal",
        False,
        [
            (
                (animal(proposed, confidence),) if proposed else (),
                standing(by_person(animal(person))) if person else standing(),
            )
            for proposed, person, confidence in pairs
        ],
    )

    assert confusion(found) == Counter((proposed, person) for proposed, person, _ in pairs)
    assert found.agreed == sum(proposed == person for proposed, person, _ in pairs)
    assert found.agreement == (found.agreed / len(pairs) if pairs else None)
    assert sum(one.compared for one in found.deciles) == sum(proposed is not None for proposed, _, _ in pairs)
    assert [one.least for one in found.deciles] == sorted((one.least for one in found.deciles), reverse=True)


@pytest.mark.parametrize(
    ("confidence", "least"), [(0.0, 0.0), (0.0999, 0.0), (0.1, 0.1), (0.89, 0.8), (0.9, 0.9), (1.0, 0.9)]
)
def test_a_decile_begins_at_its_tenth_and_the_last_includes_certainty(confidence: float, least: float) -> None:
    assert [one.least for one in compared((animal("Cat", confidence),)).deciles] == [least]


@pytest.mark.parametrize(
    ("proposed", "person", "agrees"),
    [
        (Choice("Dog", (("Breed", "Pug"),)), "Dog", True),
        (("Legs", "Tail"), ("Legs", "Tail"), True),
        (("Legs",), ("Legs", "Tail"), False),
        (3.0, 3, True),
        (1_234_567.0, 1_234_568.0, False),
        (0.1 + 0.2, 0.3, True),
        ("cat", "Cat", False),
    ],
)
def test_answers_of_every_kind_are_compared(proposed: Value, person: Value, agrees: bool) -> None:
    assert compared((animal(proposed),), by_person(animal(person))).agreed == agrees


def test_texts_are_compared_but_not_listed() -> None:
    found = compared((animal("a cat"),), by_person(animal("a dog")), is_text=True)

    assert (found.compared, found.agreed, found.confusion) == (1, 0, ())


def test_where_an_agents_answer_stands_nothing_is_compared() -> None:
    found = compared((animal("Cat"),), Label(animal("Cat"), "agent", "hash"))

    assert (found.compared, found.unjudged, found.agreement) == (0, 1, None)


def test_another_classification_does_not_matter() -> None:
    found = compared((animal("Cat"), Answer("Scene", "a cat", 1.0)), by_person(Answer("Scene", "a dog", 1.0)))

    assert confusion(found) == {("Cat", None): 1}


def test_ranges_are_compared_on_the_first_frame_of_the_proposal() -> None:
    proposals = (animal("Cat", frame=0, last=4), animal("Dog", frame=5))
    person = [by_person(animal("Cat", frame=0, last=6)), by_person(animal("Dog", frame=7, last=9))]

    assert confusion(compared(proposals, *person)) == {("Cat", "Cat"): 1, ("Dog", "Cat"): 1, (None, "Dog"): 1}


def test_what_people_say_of_frames_between_the_sampled_ones_is_not_held_against_an_agent() -> None:
    person = [by_person(animal("Cat", frame=0)), by_person(animal("Dog", frame=3))]

    assert confusion(compared((animal("Cat"),), *person, is_video=True)) == {("Cat", "Cat"): 1}
