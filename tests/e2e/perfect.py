"""What Encord and the records bucket would hold of a few media if all of it worked, without a server."""

from collections.abc import Mapping, Sequence

from encord.orm.storage import StorageItemType as Type

from encord_lambda.registration.client_metadata import SOURCE
from encord_lambda.registration.upload_jobs.receipts import FailedObject, Summary, slug
from sandbox.annotators import Annotator
from sandbox.encord_twin.storage_specs import ItemSpec
from sandbox.scenario.archive import Animals, Medium
from sandbox.scenario.catalogue import Catalogue, Holding
from sandbox.scenario.findings import Drawn, Finding
from sandbox.scenario.gold import AGENTS, ANNOTATORS
from sandbox.scenario.library import FAULTY_LINE, MANIFEST, Piece
from sandbox.scenario.receipts import Fates, Receipts
from sandbox.scenario.scoring import PAGE, Interval, Line, Scoring, Share, Standings

WORDS = "A brown dog stands on a lawn in the sun."
CAT: Animals = (("Cat", (100, 100, 200, 200)),)
SIDES = (0.1, 0.1, 0.2, 0.2)


def medium(title: str, frames: int = 1, animals: Animals = CAT) -> Medium:
    item = ItemSpec(url=f"https://archive.s3.eu-west-1.amazonaws.com/{title}", title=title, width=1000, height=1000)
    return Medium(item, {}, dict.fromkeys(range(frames), animals))


def cat(confidence: float, frame: int = 0) -> Drawn:
    return Drawn(frame, "Cat", confidence, SIDES)


def zoo() -> list[Finding]:
    return [
        Finding(medium("sure.png"), "Annotate 1", [cat(0.91)]),
        Finding(medium("doubtful.png"), "Review", [cat(0.90), cat(0.99)]),
        Finding(medium("empty.png", animals=()), "Annotate by hand"),
        Finding(medium("film.mp4", frames=6), "Annotate 1", [cat(0.95, 0), cat(0.96, 5)]),
    ]


def street() -> list[Finding]:
    return [
        Finding(medium("benchmark 1.png"), "Annotate benchmark"),
        Finding(medium("benchmark 2 blurred.png"), "Retake"),
        Finding(medium("street 1.png"), "Annotate", texts=[WORDS]),
    ]


def changed(findings: Sequence[Finding], title: str, new: Finding) -> list[Finding]:
    """The findings, with another for one title."""
    return [new if one.medium.title == title else one for one in findings]


def library() -> list[Piece]:
    """One piece of each registration, and one that the import manifest names."""
    return [
        Piece("library/cat.jpg", Type.IMAGE, {"library/cat.jpg": b""}, metadata={"camera": "north gate"}),
        Piece("library/mri.nii", Type.NIFTI, {"library/mri.nii": b""}),
        Piece("library/groups/burst", Type.IMAGE_GROUP, {"library/groups/burst/1.png": b""}),
        Piece("A dog", Type.IMAGE, {"shelf/dog.png": b""}, listed=True),
    ]


def catalogue() -> Catalogue:
    holdings = [Holding(one.title, one.type, {SOURCE: {}, **one.metadata}, linked=True) for one in library()]
    return Catalogue(holdings, frozenset({"library/cat.jpg", "library/groups/burst"}), of_manifest())


def of_manifest(**changes: object) -> Summary:
    """The receipt beside the import manifest: an item, and a line that was refused."""
    sums = {"submitted": 2, "registered": 1, "existing": 0, "failed": 1, "pending": 0, "skipped": 0}
    told = {"receipts": (), "objects": (failed(MANIFEST, str(FAULTY_LINE)),), "left_out": 0}
    return Summary.model_validate({**sums, **told, **changes})


def receipts(pets: Fates) -> Receipts:
    """What the receipts say if all went well with the library, and the pets had these fates."""
    bad = [failed(key) for key, reason in pets.items() if reason]
    fates = {
        "pets": pets,
        SLUGS["library/"]: {"library/cat.jpg": None, "library/mri.nii": None, "A dog": None, MANIFEST: "a space"},
        SLUGS["library/groups/"]: {"library/groups/burst": None},
    }
    days = [
        day("pets/", len(pets) - len(bad), bad),
        day("library/", 3, [failed(MANIFEST, str(FAULTY_LINE))]),
        day("library/groups/", 1, []),
    ]
    counted = {SLUGS[one.prefix or ""]: _counted(one) for one in days}
    return Receipts(fates, days, counted)


def day(prefix: str, registered: int, objects: Sequence[FailedObject], **changes: int) -> Summary:
    sums = {"registered": registered, "existing": 0, "failed": len(objects), "pending": 0, **changes}
    told = {"prefix": prefix, "skipped": 0, "receipts": (), "objects": tuple(objects), "left_out": 0}
    return Summary.model_validate({"submitted": sum(sums.values()), **sums, **told})


def failed(key: str, place: str = "") -> FailedObject:
    return FailedObject(receipt="receipts/1.json", key=key, place=place, reason="no good")


SLUGS = {prefix: slug(prefix) for prefix in ("pets/", "library/", "library/groups/")}


def _counted(day: Summary) -> Mapping[str, int]:
    return {"registered": day.registered, "failed": day.failed}


def scoring() -> Scoring:
    """Everybody measured as good as they are, each a little worse than the one before."""
    lines = [_line(one, place) for place, one in enumerate((*ANNOTATORS, *AGENTS), 1)]
    return Scoring(ANNOTATORS, Standings(units=40, leaderboard=lines), PAGE, tasks=40, archived=40)


def _line(one: Annotator, rank: int) -> Line:
    share = Share(value=one.accuracy, interval=Interval(low=one.accuracy - 0.05, high=one.accuracy + 0.05))
    kind = "model" if one in AGENTS else "annotator"
    return Line(rater=one.email, kind=kind, rank=rank, units=40, prelabelled=20, target="open", accuracy=share)
