"""What must hold of the receipts: they add up, and to what was uploaded, registration by registration."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

from encord_lambda.registration.upload_jobs.receipts import Summary
from sandbox.scenario.check import Check, some
from sandbox.scenario.library import MANIFEST, Piece
from sandbox.scenario.receipts import Receipts
from sandbox.scenario.uploads import Upload
from sandbox.scenario.world import PREFIX as PETS

TERMS = ("registered", "existing", "failed", "pending")


def receipt_checks(found: Receipts, uploads: Sequence[Upload], library: Sequence[Piece]) -> Iterator[Check]:
    """Two rows of the closing table."""
    summed = sums(found.days)
    totals = [sum(one[term] for one in summed.values()) for term in ("submitted", *TERMS)]
    wanted = Counter(piece.prefix for piece in library) + Counter(PETS for one in uploads if one.kind is not None)
    wrong = [prefix for prefix in wanted if not _adds_up(summed.get(prefix), found.counts(prefix))]
    wrong += [
        f"{_registered(found, prefix)} of {number} items below {prefix} have a receipt"
        for prefix, number in wanted.items()
        if number != _registered(found, prefix)
    ]
    yield Check(
        "receipts: submitted = registered + existing + failed + pending",
        f"{totals[0]} = {' + '.join(map(str, totals[1:]))}",
        bool(wanted) and not wrong,
        some(wrong),
    )
    failed = {one.key for day in found.days for one in day.objects if one.reason}
    wrong = sorted(failed ^ _bad(uploads))
    yield Check("receipts of the day name what failed, and why", f"{len(failed)} objects", not wrong, some(wrong))


def sums(days: Sequence[Summary]) -> Mapping[str, Mapping[str, int]]:
    """What each registration's days add up to, by prefix: `TERMS`, `submitted` and `skipped`."""
    added: dict[str, Counter[str]] = {}
    for day in days:
        terms = {term: getattr(day, term) for term in ("submitted", *TERMS, "skipped")}
        added.setdefault(day.prefix or "", Counter()).update(terms)
    return added


def _adds_up(day: Mapping[str, int] | None, receipts: Mapping[str, int]) -> bool:
    """The day's sums are those of its receipts, and nothing is open."""
    if day is None or day["pending"] or day["submitted"] != sum(day[term] for term in TERMS):
        return False
    return all(day[term] == receipts.get(term, 0) for term in (*TERMS, "skipped"))


def _registered(found: Receipts, prefix: str) -> int:
    return sum(reason is None for reason in found.of(prefix).values())


def _bad(uploads: Sequence[Upload]) -> Set[str]:
    """What must fail. The marker of a folder is nothing to register, which is no failure."""
    return {one.key for one in uploads if one.kind is None and not one.key.endswith("/")} | {MANIFEST}
