"""What must hold of the library: each file, directory and line became its item, or was refused with a reason."""

from collections.abc import Iterator, Sequence

from encord_lambda.registration.client_metadata import SOURCE
from sandbox.scenario.catalogue import Catalogue, Holding
from sandbox.scenario.check import Check, some
from sandbox.scenario.library import FAULTY_LINE, MANIFEST, NOT_PROBED, Piece


def library_checks(library: Sequence[Piece], held: Catalogue) -> Iterator[Check]:
    """One row of the closing table each."""
    items = {holding.title: holding for holding in held.holdings}
    yield _registered(library, held.holdings)
    yield _linked(held.holdings)
    yield _told(library, items)
    yield _described(library, held)
    yield _manifest(library, held)


def _registered(library: Sequence[Piece], holdings: Sequence[Holding]) -> Check:
    wanted = sorted((piece.title, piece.type.name) for piece in library)
    there_are = sorted((holding.title, holding.type.name) for holding in holdings)
    wrong = [f"no {kind} {title}" for title, kind in wanted if (title, kind) not in there_are]
    wrong += [f"{kind} {title}" for title, kind in there_are if (title, kind) not in wanted]
    found = f"{len(holdings)} of {len(library)}"
    return Check("library: all items are there once, of their types", found, wanted == there_are, some(wrong))


def _linked(holdings: Sequence[Holding]) -> Check:
    loose = [holding.title for holding in holdings if not holding.linked]
    found = f"{len(holdings) - len(loose)} of {len(holdings)}"
    return Check("library: items are linked to the dataset", found, bool(holdings) and not loose, some(loose))


def _told(library: Sequence[Piece], items: dict[str, Holding]) -> Check:
    uploaded = [piece for piece in library if not piece.listed and piece.title in items]
    lost = [
        piece.title
        for piece in uploaded
        if items[piece.title].told != piece.metadata or SOURCE not in items[piece.title].metadata
    ]
    found = f"{sum(bool(piece.metadata) for piece in uploaded)} items with metadata"
    claim = "library: user metadata and sidecars are client metadata"
    return Check(claim, found, bool(uploaded) and not lost, some(lost))


def _described(library: Sequence[Piece], held: Catalogue) -> Check:
    can_be = [piece.title for piece in library if not piece.listed and piece.type not in NOT_PROBED]
    missing = [title for title in can_be if title not in held.described]
    found = f"{len(can_be) - len(missing)} of {len(can_be)}"
    return Check("library: Encord was told sizes, durations, pages and tags", found, not missing, some(missing))


def _manifest(library: Sequence[Piece], held: Catalogue) -> Check:
    claim, listed = "library: the manifest's bad line is refused, its receipt is beside it", _listed(library)
    if held.beside is None:
        return Check(claim, "no receipt", holds=False, missing=f"there is no receipt beside {MANIFEST}")
    places = [one.place for one in held.beside.objects if one.reason]
    whole = (held.beside.registered, held.beside.pending) == (listed, 0) and places == [str(FAULTY_LINE)]
    found = f"{held.beside.registered} of {listed + 1}, not line {', '.join(places)}"
    return Check(claim, found, whole, held.beside.model_dump_json())


def _listed(library: Sequence[Piece]) -> int:
    return sum(piece.listed for piece in library)
