"""Where each page is, and what it takes to show it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ..platform.refusals import Refused
from ..protocol.exchange import Desk
from . import board, overview, rendering, task, traffic
from .files import Files
from .live import Live

type View = Callable[[Desk, Request], Mapping[str, object]]
type Endpoint = Callable[[Request], Awaitable[Response]]

PAGES: dict[str, tuple[str, View]] = {
    "/": ("home", overview.home),
    "/projects/{project:uuid}": ("board", board.board),
    "/projects/{project:uuid}/stages/{stage:uuid}": ("stage", board.stage_list),
    "/projects/{project:uuid}/tasks/{data:uuid}": ("task", task.task),
    "/folders": ("folders", overview.folders),
    "/folders/{folder:uuid}": ("folder", overview.folder),
    "/items/{item:uuid}": ("item", task.item),
    "/jobs": ("jobs", overview.jobs),
    "/jobs/{job:uuid}": ("job", overview.job),
    "/datasets": ("datasets", overview.datasets),
    "/datasets/{dataset:uuid}": ("dataset", overview.dataset),
    "/log": ("log", traffic.log),
    "/faults": ("faults", traffic.faults),
}
NOW = "now"  # under each page: the part of it that changes


def routes(desk: Desk) -> Iterator[BaseRoute]:
    """All pages, their changing parts, pictures of items, and what pages are made of."""
    live = Live(desk)
    for path, (template, view) in PAGES.items():
        yield Route(path, _whole(desk, template, view))
        yield Route(f"{path.rstrip('/')}/{NOW}", _changing(desk, live, template, view))
    yield Route("/label_editor/{project:uuid}/{data:uuid}/{frame:int}", _in_label_editor)
    yield from Files(desk).routes()
    yield Mount("/static", StaticFiles(directory=rendering.STATIC))


async def _in_label_editor(request: Request) -> Response:
    """Encord's own address of a frame leads to the page that shows it here."""
    project, data, frame = (request.path_params[name] for name in ("project", "data", "frame"))
    return RedirectResponse(f"/projects/{project}/tasks/{data}?frame={frame}")


def _whole(desk: Desk, template: str, view: View) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        here = request.url
        now = here.replace(path=f"{here.path.rstrip('/')}/{NOW}", scheme="", netloc="")
        try:
            return rendering.page(template, view(desk, request), now=str(now))
        except Refused:
            return rendering.page("missing", {"title": "Nothing here", "trail": []}, now="", status=404)

    return endpoint


def _changing(desk: Desk, live: Live, template: str, view: View) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return live.answer(request, lambda: rendering.content(template, view(desk, request)))
        except Refused as refusal:
            raise HTTPException(404) from refusal

    return endpoint
