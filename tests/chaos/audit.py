"""Whether what is true at the end is what must be: each violation in words."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from tests.chaos import replies
from tests.chaos.facts import Claim, Facts, Visit
from tests.chaos.items import LOOPING, NOTHING, SORT, Item, Known
from tests.chaos.rows import Standing
from tests.chaos.world import AGENT, AGENT_STAGE, PERSON

REASONS: Final = {
    "no-picture": "no readable picture",
    "truncated": "no readable picture",
    "pixel-bomb": "pixels",
    "missing": "404",
    "endless": "larger than",
    "killer": "workers died",
    "strange-boxes": "detections",
}
"""What the reason of a dead letter must say, so that the poison is what it was buried for."""


def violations(known: Mapping[int, Known], facts: Facts) -> list[str]:
    """All there are; none if every rule was kept."""
    found = [words for one in known.values() for words in _of_item(one.item, facts)]
    found += _of_letters(known, facts)
    found += _of_claims(known, facts)
    found += [f"{who}: the handler let a fault through; its log says which" for who in facts.faulty]
    if facts.left_over:
        found.append(f"{facts.left_over} messages are left in the queue")
    return found


def unfinished(known: Mapping[int, Known], visits: Mapping[int, Sequence[Visit]]) -> list[str]:
    """Which tasks have not come to their end."""
    return [
        f"{one.item.title} is at '{visits[number][-1].stage}' after {len(visits[number])} visits"
        for number, one in known.items()
        if number in visits and len(visits[number]) < min(map(len, _ways(one.item, ["", one.item.answer])))
    ]


def _of_item(item: Item, facts: Facts) -> Iterator[str]:
    if item.number in facts.deleted:
        if item.number in facts.visits:
            yield f"{item.title}: was deleted, and has a task"
        return
    if item.number not in facts.visits:
        yield f"{item.title}: its task is lost"
        return
    own = [note for note in facts.people if note["number"] == item.number]
    yield from _of_visits(item, facts.visits[item.number], own)
    yield from _of_labels(item, facts.labels[item.number], own)
    if problem := facts.problems.get(item.number):
        yield f"{item.title}: the ontology does not allow its labels: {problem}"


def _of_visits(item: Item, visits: Sequence[Visit], own: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each visit to the agent ends once, along the right pathway; everything else that happens, people do."""
    went = [visit.stage for visit in visits]
    ways = _ways(item, _answers(item, own))
    if went not in ways:
        yield f"{item.title}: went {' → '.join(went)}; expected {' or '.join(' → '.join(way) for way in ways)}"
    for left, visit in itertools.pairwise(visits):
        sender = AGENT if left.stage == AGENT_STAGE[item.desk] else PERSON
        if visit.by != sender:
            yield f"{item.title}: was sent from '{left.stage}' to '{visit.stage}' by {visit.by}, not by {sender}"


def _answers(item: Item, own: Sequence[Mapping[str, Any]]) -> list[str]:
    """What people may have answered before the agent: where they came in between, either may have been first."""
    if item.person != "meanwhile" or not own:
        return [""]
    return [item.answer] if own[-1]["certain"] else ["", item.answer]


def _ways(item: Item, answers: Iterable[str]) -> list[list[str]]:
    agent = AGENT_STAGE[item.desk]
    ways = []
    for answer in answers:
        way = [agent]
        for destination in item.destinations(answer if item.person == "meanwhile" else ""):
            way += [destination, agent]
        ways.append(way if item.is_buried else way[:-1])
    return ways


def _of_labels(item: Item, labels: Sequence[Standing], own: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What people wrote stands as they wrote it, and beside it one set of the agent's labels."""
    by_people = {(label.hash, label.says) for label in labels if label.by_person}
    written = {(note["hash"], note["says"]) for note in own}
    certain = {(note["hash"], note["says"]) for note in own if note["certain"]}
    for _, says in sorted(certain - by_people):
        yield f"{item.title}: a person's label is gone or changed: {says}"
    for _, says in sorted(by_people - written):
        yield f"{item.title}: a label is signed as a person's, but no person wrote it: {says}"
    found = sorted(label.says for label in labels if not label.by_person)
    expected = _expected_labels(item, bool(by_people))
    if found != expected:
        yield f"{item.title}: the agent's labels are {found}; expected {expected}"


def _expected_labels(item: Item, answered: bool) -> list[str]:
    if item.poison:
        return []
    if item.desk == SORT:
        return [] if answered or item.shows in (NOTHING, LOOPING) else [item.shows]
    boxes = {"sure": replies.SURE, "unsure": replies.UNSURE, "empty": []}[item.shows]
    if item.answer == "edits":
        boxes = boxes[1:]  # the first gives way to the one that the person corrected
    return sorted(f"{label.title()} {' '.join(f'{place:.4f}' for place in box)}" for label, box in boxes)


def _of_letters(known: Mapping[int, Known], facts: Facts) -> Iterator[str]:
    """The dead letters hold the poison and nothing else, each with its reason."""
    poison = {str(one.task): one.item for one in known.values() if one.item.is_buried}
    strange = {note["body"]: note["fault"] for note in facts.strangers if note["buried"]}
    healthy = [letter for letter in facts.letters if letter.body not in strange]
    for subject in sorted(poison.keys() - {letter.subject for letter in healthy}):
        yield f"{poison[subject].title}: is poison, and not among the dead letters"
    for body in sorted(strange.keys() - {letter.body for letter in facts.letters}):
        yield f"{strange[body]}: is not among the dead letters"
    for letter in facts.letters:
        if not letter.reason:
            yield f"a dead letter without a reason: {letter.subject}"
    # One that was deleted between two looks is rejected, and rightly so.
    gone = {str(one.task) for number, one in known.items() if number in facts.deleted}
    for letter in healthy:
        if letter.subject not in poison and letter.subject not in gone:
            yield f"a dead letter that is no poison: {letter.subject}: {letter.reason}"
        elif letter.subject in poison and REASONS[poison[letter.subject].poison] not in letter.reason:
            yield f"{poison[letter.subject].title}: was buried for the wrong reason: {letter.reason}"


SETTLED = ("done", "gone")
"""Gone is a task that a late message found to have left; whether it left rightly, the visits tell."""


def _of_claims(known: Mapping[int, Known], facts: Facts) -> Iterator[str]:
    """Nothing is queued or running; rejected is the poison, and all the rest is done, or was found to be gone."""
    strange = {note["task"] for note in facts.strangers if note["buried"]}
    found = {(claim.task, claim.stage): claim for claim in facts.claims}
    expected = {
        (str(one.task), facts.stages[one.item.desk]): ("rejected" if one.item.is_buried else "done", one.item.title)
        for number, one in known.items()
        if number not in facts.deleted
    }
    gone = {str(one.task) for number, one in known.items() if number in facts.deleted}
    for key, (state, title) in expected.items():
        yield from _of_claim(title, state, found.get(key))
    for key, claim in found.items():
        if claim.task in gone and (claim.state in (*SETTLED, "rejected") or _was_never_sent(claim)):
            continue
        if key not in expected:
            yield from _of_claim(f"task {claim.task}", "rejected" if claim.task in strange else "done", claim)


def _of_claim(title: str, state: str, claim: Claim | None) -> Iterator[str]:
    if claim is None:
        yield f"{title}: has no claim"
    elif claim.state != state and not (state == "done" and claim.state in SETTLED):
        yield f"{title}: its claim is {claim.state}, not {state} ({claim.reason})"
    elif claim.counted:
        yield f"{title}: its claim is {claim.state} and counts as in flight"


def _was_never_sent(claim: Claim) -> bool:
    """A sweep died after it claimed; no sweep lists a task that was deleted then, so its claim just expires."""
    return claim.state == "queued" and not claim.owner
