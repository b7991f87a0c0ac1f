"""What must hold of the stages that show each kind of agent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import mean

from encord_lambda.config import PipelineConfig
from encord_lambda.config_prelabel import Prelabel
from sandbox.scenario.agents import EVERY_AGENT, PRELABEL
from sandbox.scenario.check import Check, some
from sandbox.scenario.findings import Drawn, Finding

LEAST_OVERLAP = 0.7
SHORTEST = 25  # characters of a description, as seed 001 asks


def agent_checks(zoo: Sequence[Finding], street: Sequence[Finding]) -> Iterator[Check]:
    """One row of the closing table each."""
    yield _split(zoo)
    yield _overlap(zoo)
    yield _frames(zoo)
    yield _gate(street)
    yield _routing(street)
    yield _described(street)


def limits() -> tuple[dict[str, float], dict[str, float]]:
    """`accept` and `review` of the pre-labelling stage, as the file has them."""
    stages = PipelineConfig.parse(EVERY_AGENT.name, EVERY_AGENT.read_text()).stages
    [agent] = [one.agent for one in stages if one.stage == PRELABEL]
    assert isinstance(agent, Prelabel)
    return dict(agent.accept), dict(agent.review)


def expected_stage(boxes: Sequence[Drawn]) -> str:
    """Where a task must wait by the confidences that are stored with its boxes (seed 004)."""
    accept, review = limits()
    if not boxes:
        return "Annotate by hand"
    if any(box.confidence <= review.get(box.title, review["default"]) for box in boxes):
        return "nowhere: a box that should have been dropped is stored"
    sure = all(box.confidence > accept.get(box.title, accept["default"]) for box in boxes)
    return "Annotate 1" if sure else "Review"


def accepted(zoo: Sequence[Finding]) -> list[tuple[Finding, Drawn]]:
    """The boxes above `accept`."""
    accept, _ = limits()
    return [(one, box) for one in zoo for box in one.boxes if box.confidence > accept.get(box.title, accept["default"])]


def _split(zoo: Sequence[Finding]) -> Check:
    wrong = [one.medium.title for one in zoo if one.stage != expected_stage(one.boxes)]
    counts = Counter(one.stage for one in zoo)
    found = " · ".join(f"{stage} {number}" for stage, number in sorted(counts.items()))
    whole = {"Annotate 1", "Review", "Annotate by hand"} <= counts.keys()
    claim = "prelabel: accepted, review, nothing as recomputed from stored confidences"
    return Check(claim, found, whole and not wrong, some(wrong))


def _overlap(zoo: Sequence[Finding]) -> Check:
    overlaps = [one.overlap(box) for one, box in accepted(zoo)]
    found = f"{mean(overlaps):.2f} over {len(overlaps)} boxes" if overlaps else "no box"
    holds = bool(overlaps) and mean(overlaps) >= LEAST_OVERLAP
    return Check(f"prelabel: accepted boxes lie on the animals (mean IoU ≥ {LEAST_OVERLAP})", found, holds)


def _frames(zoo: Sequence[Finding]) -> Check:
    films = [one for one in zoo if len(one.medium.frames) > 1]
    boxes = [(one, box) for one in films for box in one.boxes]
    astray = [f"{one.medium.title} frame {box.frame}" for one, box in boxes if one.overlap(box) < LEAST_OVERLAP]
    bare = [one.medium.title for one in films if not one.boxes]
    frames = {(one.medium.title, box.frame) for one, box in boxes}
    missing = some([*astray, *bare])
    found = f"{len(boxes)} boxes on {len(frames)} frames of {len(films)} files"
    return Check("prelabel: boxes of videos and groups lie on the right frames", found, not missing, missing)


def _gate(street: Sequence[Finding]) -> Check:
    wrong = [one.medium.title for one in street if (one.stage == "Retake") != ("blurred" in one.medium.title)]
    found = f"{sum(one.stage == 'Retake' for one in street)} of {len(street)}"
    return Check("custom: what is out of focus goes to Retake", found, bool(street) and not wrong, some(wrong))


def _routing(street: Sequence[Finding]) -> Check:
    sharp = [one for one in street if "blurred" not in one.medium.title]
    stages = {True: "Annotate benchmark", False: "Annotate"}
    wrong = [one.medium.title for one in sharp if one.stage != stages[one.medium.title.startswith("benchmark")]]
    counts = Counter(one.stage for one in sharp)
    found = f"YES {counts[stages[True]]} · NO {counts[stages[False]]}"
    return Check("route: the benchmark's tasks take YES, the others NO", found, bool(sharp) and not wrong, some(wrong))


def _described(street: Sequence[Finding]) -> Check:
    due = [one for one in street if one.stage == "Annotate"]
    wrong = [one.medium.title for one in due if [len(text) >= SHORTEST for text in one.texts] != [True]]
    holds = bool(due) and not wrong
    return Check("describe: each picture has one description", f"{len(due)} pictures", holds, some(wrong))
