"""Templates to pages. Titles, URLs and label texts are strangers' words: every one is escaped."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from . import wording

HERE = Path(__file__).parent
STATIC = HERE / "static"
# Nothing inline and nothing from elsewhere: an escape forgotten somewhere still runs nothing.
POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{what}-src 'self'" for what in ("img", "media", "style", "script", "connect")),
        *(f"{what} 'none'" for what in ("base-uri", "form-action", "frame-ancestors")),
    )
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "bytes": wording.size,
    "sure": wording.confidence,
    "amount": wording.amount,
    "clock": wording.clock,
    "last_part": wording.last_part,
}


def content(template: str, context: Mapping[str, object]) -> str:
    """The part of a page that changes, as HTML."""
    return _templates.get_template(f"{template}.html").render(context)


def page(template: str, context: Mapping[str, object], *, now: str, status: int = 200) -> HTMLResponse:
    """A whole page; `now` is where its changing part is to be had later."""
    body = _templates.get_template("page.html").render({**context, "content": f"{template}.html", "now": now})
    return HTMLResponse(body, status, HEADERS | {"Cache-Control": "no-store"})
