"""The v2 protocol: HTTP methods and statuses, camelCase JSON, HTTP message signatures."""

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..platform import access
from ..platform.json_values import Json
from ..platform.refusals import Invalid, Refused, Unimplemented
from . import rest_branches as branches
from . import rest_datasets as datasets
from . import rest_items as items
from . import rest_projects as projects
from . import rest_storage as storage
from . import rest_uploads as uploads
from . import rest_users as users
from . import rest_workflow as workflow
from .calls import Call, Handler
from .exchange import Desk, Exchange, exchange, json_response

type Endpoint = Callable[[Request], Awaitable[Response]]

PREFIX = "/v2/public"
GUARDED: tuple[Literal["project", "dataset"], ...] = ("project", "dataset")
PROJECT = "/projects/{project}"
TASKS = PROJECT + "/workflow/stages/{stage}"
FOLDER = "/storage/folders/{folder}"
JOBS = FOLDER + "/data-upload-jobs"
HANDLERS: list[tuple[str, str, Handler]] = [
    ("GET", "/cloud-integrations", storage.list_integrations),
    ("GET", "/storage/folders", storage.list_folders),
    ("POST", "/storage/folders", storage.create_folder),
    ("GET", "/storage/search/folders", storage.search_folders),
    ("PATCH", "/storage/folders/patch-bulk", storage.update_folders),
    ("POST", "/storage/folders/move", storage.move_folders),
    ("GET", FOLDER, storage.get_folder),
    ("PATCH", FOLDER, storage.update_folder),
    ("DELETE", FOLDER, storage.delete_folder),
    ("GET", FOLDER + "/folders", storage.list_subfolders),
    ("GET", FOLDER + "/summary", storage.summarise_folder),
    ("GET", FOLDER + "/items", items.list_items),
    ("POST", FOLDER + "/items/delete", items.delete_items),
    ("POST", FOLDER + "/items/move", items.move_items),
    ("PATCH", FOLDER + "/items/{item}", items.update_item),
    ("GET", FOLDER + "/items/{item}/child-items", items.list_parts),
    ("GET", FOLDER + "/items/{item}/summary", items.summarise_item),
    ("GET", "/storage/search/items", items.search_items),
    ("GET", "/storage/items/{item}", items.get_item),
    ("POST", "/storage/items/get-bulk", items.get_items),
    ("PATCH", "/storage/items/patch-bulk", items.update_items),
    ("POST", JOBS, uploads.start_job),
    ("GET", JOBS + "/{job}", uploads.poll_job),
    ("POST", JOBS + "/{job}/cancel", uploads.cancel_job),
    ("POST", "/datasets", datasets.create_dataset),
    ("GET", "/datasets/list", datasets.list_datasets),
    ("GET", "/user/bearer-token", users.bearer_token),
    ("GET", "/projects", projects.list_projects),
    ("GET", PROJECT, projects.get_project),
    ("PUT", PROJECT + "/status", projects.set_status),
    ("GET", PROJECT + "/datasets", projects.list_datasets),
    ("GET", PROJECT + "/users", projects.list_users),
    ("POST", PROJECT + "/users/bulk-delete", projects.remove_users),
    ("GET", "/ontologies", projects.list_ontologies),
    ("GET", "/ontologies/{ontology}", projects.get_ontology),
    ("GET", PROJECT + "/branches", branches.list_branches),
    ("POST", PROJECT + "/labels/copy-branch", branches.copy_branch),
    ("GET", PROJECT + "/labels/{label}/validation-state", branches.validation_state),
    ("POST", PROJECT + "/label-rows/classifications", branches.read_classifications),
    ("GET", TASKS + "/tasks", workflow.list_tasks),
    ("POST", TASKS + "/actions", workflow.act),
    ("POST", TASKS + "/move-tasks", workflow.move_tasks),
    ("GET", TASKS + "/tasks/{task}/reviews", workflow.list_reviews),
    ("POST", TASKS + "/tasks/{task}/reviews/actions", workflow.act_on_reviews),
    ("POST", PROJECT + "/priorities", workflow.set_priorities),
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
    call = Call(desk.store, user, one.request.path_params, one.request.query_params, content)
    for kind in GUARDED:
        if kind in call.path:
            access.check(desk.store, user, kind, call.uuid(kind))
    return call
