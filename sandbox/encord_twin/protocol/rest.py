"""The v2 protocol: HTTP methods and statuses, camelCase JSON, HTTP message signatures."""

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..platform.json_values import Json
from ..platform.refusals import Invalid, Refused, Unimplemented
from . import rest_projects as projects
from . import rest_storage as storage
from . import rest_uploads as uploads
from .calls import Call, Handler
from .exchange import Desk, Exchange, exchange, json_response

type Endpoint = Callable[[Request], Awaitable[Response]]

PREFIX = "/v2/public"
TASKS = "/projects/{project}/workflow/stages/{stage}"
JOBS = "/storage/folders/{folder}/data-upload-jobs"
HANDLERS: list[tuple[str, str, Handler]] = [
    ("GET", "/cloud-integrations", storage.list_integrations),
    ("GET", "/storage/folders", storage.list_folders),
    ("POST", "/storage/folders", storage.create_folder),
    ("GET", "/storage/search/folders", storage.list_folders),
    ("GET", "/storage/folders/{folder}", storage.get_folder),
    ("GET", "/storage/folders/{folder}/items", storage.list_items),
    ("GET", "/storage/items/{item}", storage.get_item),
    ("POST", "/storage/items/get-bulk", storage.get_items),
    ("POST", JOBS, uploads.start_job),
    ("GET", JOBS + "/{job}", uploads.poll_job),
    ("POST", JOBS + "/{job}/cancel", uploads.cancel_job),
    ("POST", "/datasets", storage.create_dataset),
    ("GET", "/projects/{project}", projects.get_project),
    ("GET", "/ontologies/{ontology}", projects.get_ontology),
    ("GET", TASKS + "/tasks", projects.list_tasks),
    ("POST", TASKS + "/actions", projects.act),
    ("POST", TASKS + "/move-tasks", projects.move_tasks),
    ("POST", "/projects/{project}/priorities", projects.set_priorities),
]
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def routes(desk: Desk) -> Iterator[Route]:
    """A route per call the twin knows, then one for all others."""
    for method, template, handler in HANDLERS:
        yield Route(PREFIX + template, _endpoint(desk, f"{method} {PREFIX}{template}", handler), methods=[method])
    yield Route(PREFIX + "/{rest:path}", _stranger(desk), methods=["GET", "POST", "PUT", "PATCH", "DELETE"])


def _endpoint(desk: Desk, name: str, handler: Handler) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await exchange(desk, request, name, lambda one: _answer(desk, one, handler))

    return endpoint


def _stranger(desk: Desk) -> Endpoint:
    def refuse(_call: Call) -> Json:
        raise Unimplemented("the twin does not know this call")

    async def endpoint(request: Request) -> Response:
        name = f"{request.method} {UUID.sub('{}', request.url.path)}"
        return await exchange(desk, request, name, lambda one: _answer(desk, one, refuse))

    return endpoint


async def _answer(desk: Desk, one: Exchange, handler: Handler) -> Response:
    try:
        result = handler(_verified(desk, one))
        return json_response(await result if inspect.isawaitable(result) else result)
    except Refused as refusal:
        one.entry.unimplemented = isinstance(refusal, Unimplemented)
        return json_response({"message": str(refusal)}, refusal.status)


def _verified(desk: Desk, one: Exchange) -> Call:
    one.entry.resource = next(iter(one.request.path_params.values()), None)
    user = one.entry.user = desk.signatures.v2_user(one.signed, desk.store.now().timestamp())
    try:
        content = json.loads(one.body) if one.body else None
    except ValueError as error:
        raise Invalid("the body is not JSON") from error
    return Call(desk.store, user, one.request.path_params, one.request.query_params, content)
