"""A page with the curves of a soak: one file, SVG made by hand, nothing loaded from anywhere."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from benchmarks.soak_verdicts import Sample, Verdict

WIDTH, HEIGHT, LEFT, FOOT = 860, 220, 56, 26  # of a plot, in pixels, and what is beside and below the curves
COLOURS: Final = ("#2C6BC9", "#C4481A", "#2A8A4A", "#8A4FBF", "#B8860B", "#00808A", "#C2185B", "#555555")

type Point = tuple[float, float]
type Curves = Mapping[str, Sequence[Point]]


def page(samples: Sequence[Sample], held: Sequence[Verdict]) -> str:
    """All of it; times are in seconds since the traffic began."""
    rows = "".join(
        f'<tr><td class="{"yes" if one.holds else "no"}">{"✓" if one.holds else "✗"}</td>'
        f"<td>{escape(one.claim)}</td><td>{escape(one.found)}</td></tr>"
        for one in held
    )
    plots = "".join(_plot(title, curves) for title, curves in _panels(samples))
    return f"<!doctype html><meta charset=utf-8><title>Soak</title><style>{_STYLE}</style>{plots}<table>{rows}</table>"


def _panels(samples: Sequence[Sample]) -> Iterator[tuple[str, Curves]]:
    yield "MB of each function's largest worker", _memory(samples)
    queued = {name: [(one.at, one.queued[name]) for one in samples] for name in samples[0].queued}
    dead = [(one.at, sum(one.dead.values())) for one in samples]
    yield "Messages by queue", {**queued, "dead letters": dead}
    yield (
        "Under way",
        {
            "claims": [(one.at, one.live_claims) for one in samples],
            "upload jobs": [(one.at, one.open_jobs) for one in samples],
            "tasks at agent stages": [(one.at, one.waiting) for one in samples],
        },
    )
    servers = {name: [(one.at, one.servers.get(name, 0)) for one in samples] for name in samples[0].servers}
    yield "MB of the stand-ins, which keep all they were told", servers


def _memory(samples: Sequence[Sample]) -> Curves:
    curves: dict[str, list[Point]] = {}
    for sample in samples:
        largest: dict[str, float] = {}
        for (function, _), megabytes in sample.memory.items():
            largest[function] = max(largest.get(function, 0.0), megabytes)
        for function, megabytes in largest.items():
            curves.setdefault(function, []).append((sample.at, megabytes))
    return dict(sorted(curves.items()))


def _plot(title: str, curves: Curves) -> str:
    points = [point for curve in curves.values() for point in curve] or [(0.0, 0.0)]
    until, most = max(at for at, _ in points) or 1.0, max(value for _, value in points) or 1.0

    def place(point: Point) -> str:
        across = LEFT + point[0] / until * (WIDTH - LEFT)
        return f"{across:.1f},{(1 - point[1] / most) * (HEIGHT - FOOT) + 4:.1f}"

    lines = "".join(
        f'<polyline points="{" ".join(map(place, curve))}" stroke="{colour}"/>'
        for curve, colour in zip(curves.values(), COLOURS, strict=False)
    )
    names = " ".join(
        f'<b style="color:{colour}">{escape(name)}</b>' for name, colour in zip(curves, COLOURS, strict=False)
    )
    scale = (
        f'<text x="{LEFT - 6}" y="14" text-anchor="end">{most:,.0f}</text>'
        f'<text x="{LEFT - 6}" y="{HEIGHT - FOOT + 4}" text-anchor="end">0</text>'
        f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{until:,.0f} s</text>'
        f'<path d="M{LEFT} 4V{HEIGHT - FOOT + 4}H{WIDTH}"/>'
    )
    return f'<h2>{escape(title)}</h2><p>{names}</p><svg viewBox="0 0 {WIDTH} {HEIGHT}">{scale}{lines}</svg>'


_STYLE: Final = (
    "body{font:14px system-ui;max-width:900px;margin:2em auto;color:#222}h2{font-size:15px;margin:1.4em 0 0}"
    "p{margin:.2em 0}b{margin-right:1em}polyline{fill:none;stroke-width:1.5}path{fill:none;stroke:#999}"
    "text{font-size:11px;fill:#555}td{padding:2px 12px 2px 0}.yes{color:#2A8A4A}.no{color:#C4481A}"
)
