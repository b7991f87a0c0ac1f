"""The audit can fail: where one rule of a flawless run is broken, it is found, in the words for it and no others."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos import audit, flawless
from tests.chaos.facts import Claim, Facts, Letter
from tests.chaos.flawless import (
    ALL,
    BOXED,
    CORRECTED,
    DELETED,
    FAILED,
    LOOPING,
    MEANWHILE,
    OWN_BOX,
    PLAIN,
    POISON,
    known,
)
from tests.chaos.items import Item
from tests.chaos.rows import Standing

type Change = Callable[[Facts], Facts]


def went(item: Item, *stages: str) -> Change:
    return lambda facts: replace(facts, visits={**facts.visits, item.number: flawless.visits(item, list(stages))})


def labelled(item: Item, labels: Sequence[Standing]) -> Change:
    return lambda facts: replace(facts, labels={**facts.labels, item.number: labels})


def claimed(item: Item, **changes: Any) -> Change:
    task = str(flawless.task(item))
    return lambda facts: replace(
        facts, claims=[replace(claim, **changes) if claim.task == task else claim for claim in facts.claims]
    )


def lost(facts: Facts) -> Facts:
    return replace(facts, visits={n: visits for n, visits in facts.visits.items() if n != PLAIN.number})


def sent_by_a_person(facts: Facts) -> Facts:
    by_person = [replace(visit, by="ann@chaos.local") for visit in facts.visits[PLAIN.number]]
    return replace(facts, visits={**facts.visits, PLAIN.number: by_person})


def agents(says: str, hash_: str = "agents") -> Standing:
    return Standing(says, hash_, by_person=False)


def own(says: str, hash_: str = "own") -> Standing:
    return Standing(says, hash_, by_person=True)


BROKEN: dict[str, tuple[Change, str]] = {
    "lost": (lost, "its task is lost"),
    "wrong pathway": (went(PLAIN, "Classify", "Dogs"), "went Classify → Dogs; expected Classify → Cats"),
    "never left": (went(PLAIN, "Classify"), "went Classify; expected Classify → Cats"),
    "left twice": (went(FAILED, "Classify", "Trouble", "Classify", "Trouble"), "went Classify → Trouble → Classify"),
    "a loop left out": (went(LOOPING, "Classify", "Look again", "Classify", "Dogs"), "went Classify → Look again"),
    "poison went on": (went(POISON, "Prelabel", "Annotate"), "went Prelabel → Annotate; expected Prelabel"),
    "sent by somebody else": (sent_by_a_person, "by ann@chaos.local, not by agent@chaos.local"),
    "no label": (labelled(PLAIN, []), "the agent's labels are []; expected ['Cat']"),
    "wrong label": (labelled(PLAIN, [agents("Dog")]), "the agent's labels are ['Dog']"),
    "two sets": (labelled(PLAIN, [agents("Cat", "a"), agents("Cat", "b")]), "the agent's labels are ['Cat', 'Cat']"),
    "a label on poison": (labelled(FAILED, [agents("Cat")]), "expected []"),
    "a box drawn twice": (labelled(BOXED, [*flawless.labels(BOXED), agents(flawless.CAT, "b")]), "expected ['Cat 0.1"),
    "a box beside a corrected one": (
        labelled(CORRECTED, [*flawless.labels(CORRECTED), agents(flawless.CAT)]),
        "the agent's labels are ['Cat 0.1000",
    ),
    "a person's label gone": (labelled(LOOPING, []), "a person's label is gone or changed: Dog"),
    "a person's box moved": (
        labelled(CORRECTED, [own(OWN_BOX.replace("0.11", "0.10")), agents(flawless.DOG)]),
        f"a person's label is gone or changed: {OWN_BOX}",
    ),
    "a label in a person's name": (labelled(PLAIN, [own("Cat")]), "but no person wrote it: Cat"),
    "against the ontology": (lambda facts: replace(facts, problems={1: "twice"}), "does not allow its labels: twice"),
    "poison not buried": (lambda facts: replace(facts, letters=facts.letters[1:]), "not among the dead letters"),
    "malformed not buried": (lambda facts: replace(facts, letters=facts.letters[:1]), "no JSON: is not among the dead"),
    "a healthy task buried": (
        lambda facts: replace(facts, letters=[*facts.letters, Letter(str(flawless.task(PLAIN)), "given up", "{}")]),
        "a dead letter that is no poison",
    ),
    "no reason": (
        lambda facts: replace(facts, letters=[facts.letters[0], Letter("message 1", "", "{")]),
        "a dead letter without a reason: message 1",
    ),
    "wrong reason": (
        lambda facts: replace(facts, letters=[replace(facts.letters[0], reason="bad luck"), facts.letters[1]]),
        "was buried for the wrong reason: bad luck",
    ),
    "a claim left running": (claimed(PLAIN, state="running", counted=True), "its claim is running, not done"),
    "a claim left queued": (claimed(POISON, state="queued", counted=True), "its claim is queued, not rejected"),
    "a healthy task rejected": (claimed(PLAIN, state="rejected"), "its claim is rejected, not done"),
    "a claim still counted": (claimed(PLAIN, counted=True), "its claim is done and counts as in flight"),
    "no claim": (lambda facts: replace(facts, claims=facts.claims[1:]), "has no claim"),
    "a claim of a strange task": (
        lambda facts: replace(facts, claims=[*facts.claims, Claim("7", "elsewhere", "running", counted=True)]),
        "task 7: its claim is running, not done",
    ),
    "a fault let through": (lambda facts: replace(facts, faulty=["worker-0"]), "worker-0: the handler let a fault"),
    "messages left": (lambda facts: replace(facts, left_over=2), "2 messages are left in the queue"),
}


def test_a_run_that_kept_every_rule_has_no_violations() -> None:
    assert audit.violations(known(), flawless.facts()) == []
    assert audit.unfinished(known(), flawless.facts().visits) == []


@pytest.mark.parametrize(("change", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_found(change: Change, words: str) -> None:
    found = audit.violations(known(), change(flawless.facts()))

    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("owner", "found"), [("", 0), ("m1", 1)], ids=["claimed by a sweep that died", "its message lost"]
)
def test_of_a_deleted_task_a_claim_may_wait_that_no_message_was_sent_for(owner: str, found: int) -> None:
    facts = flawless.facts()
    claim = Claim(str(flawless.task(DELETED)), "elsewhere", "queued", counted=True, owner=owner)

    assert len(audit.violations(known(), replace(facts, claims=[*facts.claims, claim]))) == found


def test_where_a_person_and_a_worker_came_at_once_both_ways_are_right() -> None:
    facts = flawless.facts()
    unsure = [{**note, "certain": False} if note["number"] == MEANWHILE.number else note for note in facts.people]
    overtaken = labelled(MEANWHILE, [agents("Cat")])(went(MEANWHILE, "Classify", "Cats")(facts))

    assert audit.violations(known(), replace(facts, people=unsure)) == []
    assert audit.violations(known(), replace(overtaken, people=unsure)) == []
    assert len(audit.violations(known(), overtaken)) == 2


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.title)
def test_a_task_one_visit_short_of_its_end_is_unfinished(item: Item) -> None:
    visits = {**flawless.facts().visits, item.number: flawless.facts().visits[item.number][:-1]}
    if item is POISON:
        assert audit.unfinished(known(), flawless.facts().visits) == []
        return
    [words] = audit.unfinished(known(), visits)

    assert item.title in words
