"""The report as plain text."""

from collections.abc import Iterator, Sequence

from encord_lambda.shadow_report.answers import DECILES, AnswersReport
from encord_lambda.shadow_report.objects import PRECISION, SAME, ObjectsReport
from encord_lambda.shadow_report.stages import StageReport

NOTHING = "—"
LONGEST = 40
"""How many characters of an answer a table shows."""

type Cells = Sequence[str]


def text(reports: Sequence[StageReport]) -> str:
    """All stages, one after the other; what a terminal would not print is a question mark."""
    return "\n\n".join("\n".join(map(_printable, _stage(one))) for one in reports)


def _stage(one: StageReport) -> Iterator[str]:
    yield f"Stage '{one.stage}': {one.decisions} decisions"
    yield from table(
        [
            ("finished by people, compared below", str(one.compared)),
            ("not finished yet", str(one.unfinished)),
            ("the agent could not work on", str(one.rejected)),
            ("no longer in Encord", str(one.gone)),
        ]
    )
    if one.pathways:
        yield ""
        rows = [(way.pathway or NOTHING, way.stage, str(way.count)) for way in one.pathways]
        yield from table([("would have taken", "is now at", "tasks"), *rows])
    for answers in one.classifications:
        yield ""
        yield from _answers(answers)
    if one.objects:
        yield ""
        yield from _objects(one.objects)


def _answers(one: AnswersReport) -> Iterator[str]:
    apart = f"; {one.unjudged} left out, where an agent's answer stands" if one.unjudged else ""
    agree = f"{one.agreed} of {one.compared} agree, {percent(one.agreement)}"
    yield f"Classification '{one.classification}': {agree}{apart}"
    if one.confusion:
        rows = [(_short(pair.proposed), _short(pair.person), str(pair.count)) for pair in one.confusion]
        yield from table([("agent", "people", "count"), *rows])
    if one.deciles:
        rows = [
            (
                f"{each.least:.1f} to {each.least + 1 / DECILES:.1f}",
                percent(each.agreed / each.compared),
                str(each.compared),
            )
            for each in one.deciles
        ]
        yield from table([("confidence", "agree", "count"), *rows])


def _objects(objects: Sequence[ObjectsReport]) -> Iterator[str]:
    yield f"Objects (the same at an overlap of {SAME:g} or more; `accept` for {PRECISION:.0%} precision):"
    heads = (
        "object",
        "agent",
        "people",
        "matched",
        "precision",
        "recall",
        "mean IoU",
        "accept",
        "accepted",
        "left out",
    )
    yield from table([heads, *(_object(one) for one in objects)])


def _object(one: ObjectsReport) -> Cells:
    return (
        one.object,
        str(one.proposed),
        str(one.people),
        str(one.matched),
        percent(one.precision),
        percent(one.recall),
        NOTHING if one.mean_iou is None else f"{one.mean_iou:.2f}",
        NOTHING if one.accept_above is None else f"{one.accept_above:.3f}",
        str(one.accepted),
        str(one.unjudged),
    )


def table(rows: Sequence[Cells]) -> Iterator[str]:
    """Rows with their cells under each other: words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    words = [all(not row[place][:1].isdigit() for row in rows) for place in range(len(widths))]
    for row in rows:
        cells = zip(row, widths, words, strict=True)
        line = "  ".join(cell.ljust(width) if is_word else cell.rjust(width) for cell, width, is_word in cells)
        yield f"  {line.rstrip()}"


def percent(share: float | None) -> str:
    """A share, or that there is none."""
    return NOTHING if share is None else f"{100 * share:.1f} %"


def _printable(line: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in line)


def _short(answer: str | None) -> str:
    line = " ".join((answer or NOTHING).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
