"""What must hold of the receipts: they add up to what was uploaded, registration by registration."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

from encord_lambda.registration.receipts import Summary
from sandbox.scenario.check import Check, some
from sandbox.scenario.library import MANIFEST, Piece
from sandbox.scenario.uploads import Upload
from sandbox.scenario.world import PREFIX as PETS

TERMS = ("registered", "existing", "failed", "pending")


def receipt_checks(days: Sequence[Summary], uploads: Sequence[Upload], library: Sequence[Piece]) -> Iterator[Check]:
    """One row of the closing table."""
    summed = sums(days)
    wanted = Counter(piece.prefix for piece in library) + Counter({PETS: sum(one.kind is not None for one in uploads)})
    wrong = [prefix for prefix in wanted if not _right(summed.get(prefix), wanted[prefix])]
    failed = {one.key for day in days for one in day.objects if one.reason}
    wrong += [f"{key} is not told as failed" for key in _bad(uploads) - failed]
    wrong += [f"{key} is told as failed" for key in failed - _bad(uploads)]
    totals = [sum(one[term] for one in summed.values()) for term in ("submitted", *TERMS)]
    found = f"{totals[0]} = {' + '.join(map(str, totals[1:]))}"
    yield Check("receipts: submitted = registered + existing + failed + pending", found, not wrong, some(wrong))


def sums(days: Sequence[Summary]) -> Mapping[str, Mapping[str, int]]:
    """What each registration's days add up to, by prefix: `TERMS`, `submitted` and `skipped`."""
    added: dict[str, Counter[str]] = {}
    for day in days:
        terms = Counter({term: getattr(day, term) for term in ("submitted", *TERMS, "skipped")})
        added.setdefault(day.prefix or "", Counter()).update(terms)
    return added


def _right(found: Mapping[str, int] | None, registered: int) -> bool:
    """Existing ones are no fault: what comes twice is submitted twice."""
    if found is None or (found["registered"], found["pending"]) != (registered, 0):
        return False
    return found["submitted"] == sum(found[term] for term in TERMS)


def _bad(uploads: Sequence[Upload]) -> Set[str]:
    """What must fail. The marker of a folder is nothing to register, which is no failure."""
    return {one.key for one in uploads if one.kind is None and not one.key.endswith("/")} | {MANIFEST}
