"""What Encord would hold of a few media if every agent did its work, without a server."""

from collections.abc import Sequence

from sandbox.encord_twin.storage_specs import ItemSpec
from sandbox.scenario.archive import Animals, Medium
from sandbox.scenario.findings import Drawn, Finding

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
