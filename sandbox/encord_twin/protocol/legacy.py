"""The legacy protocol: two URLs, an envelope that says what is meant, and errors inside HTTP 200."""

import inspect
import json
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..platform import access
from ..platform.json_values import JsonObject
from ..platform.refusals import Invalid, Refused, TooLarge, Unimplemented
from . import legacy_datasets as datasets
from . import legacy_label_listing as label_listing
from . import legacy_labels as labels
from . import legacy_projects as projects
from . import legacy_uploads as uploads
from .calls import LegacyCall, LegacyHandler, UserCall, UserHandler, parsed
from .exchange import Desk, Exchange, envelope, exchange, json_response

USER_PATH = "/public/user"
HANDLERS: dict[tuple[str, str, str], LegacyHandler] = {
    ("project", "labelrowmetadata", "GET"): label_listing.list_rows,
    ("project", "labelrow", "PUT"): labels.create_rows,
    ("project", "labelrow", "GET"): labels.read_rows,
    ("project", "labelrow", "POST"): labels.save_rows,
    ("project", "labelworkflowgraphnode", "POST"): labels.complete_or_reopen,
    ("project", "projectdataset", "POST"): projects.attach_datasets,
    ("project", "projectdataset", "DELETE"): projects.detach_datasets,
    ("project", "projectusers", "POST"): projects.add_users,
    ("dataset", "dataset", "GET"): datasets.read_dataset,
    ("dataset", "datarows", "GET"): datasets.list_rows,
    ("dataset", "datarow", "GET"): datasets.read_row,
    ("dataset", "datasetlinkitems", "POST"): datasets.link_items,
    ("dataset", "video", "DELETE"): datasets.delete_rows,  # rows of any type
    ("dataset", "datasetdatalongpolling", "POST"): uploads.start,
    ("dataset", "datasetdatalongpolling", "GET"): uploads.poll,
}
USER_HANDLERS: dict[tuple[str, str], UserHandler] = {
    ("projectwithuserrole", "GET"): projects.list_projects,
}


class Values(BaseModel):
    """The arguments of a query."""

    uid: Any = None
    payload: JsonObject | None = None


class Query(BaseModel):
    """The envelope of a request."""

    query_type: str
    query_method: str
    values: Values


def routes(desk: Desk) -> list[Route]:
    """One for what is asked of a project or dataset, and one for the rest."""

    async def endpoint(request: Request) -> Response:
        query = _query(await request.body())
        name = f"POST legacy {query.query_type} {query.query_method}" if query else "POST legacy (malformed)"
        return await exchange(desk, request, name, lambda one: _answer(desk, one, query))

    return [Route(path, endpoint, methods=["POST"]) for path in ("/public", USER_PATH)]


async def _answer(desk: Desk, one: Exchange, query: Query | None) -> Response:
    try:
        user = one.entry.user = desk.signatures.legacy_user(one.signed)
        _check_size(desk, one)
        if query is None:
            raise Invalid("the body is not an envelope")
        about_user = one.request.url.path == USER_PATH
        result = _of_user(desk, query, user) if about_user else _of_resource(desk, one, query, user)
        response = await result if inspect.isawaitable(result) else result
        return json_response({"status": 200, "response": response})
    except TooLarge as refusal:
        return json_response({"message": str(refusal)}, refusal.status)
    except Refused as refusal:
        one.entry.status = refusal.status
        one.entry.unimplemented = isinstance(refusal, Unimplemented)
        return envelope(refusal.status, refusal.code, refusal.payload)


def _check_size(desk: Desk, one: Exchange) -> None:
    if len(one.body) > (limit := desk.store.settings.label_row_bytes):
        raise TooLarge(limit)


def _of_user(desk: Desk, query: Query, user: str) -> Any:
    handler = USER_HANDLERS.get((query.query_type, query.query_method))
    if handler is None:
        raise Unimplemented(f"the twin does not know {query.query_method} {query.query_type} of a user")
    return handler(UserCall(desk.store, user, query.values.payload or {}))


def _of_resource(desk: Desk, one: Exchange, query: Query, user: str) -> Any:
    headers = one.request.headers
    kind, resource = headers.get("resourcetype", ""), headers.get("resourceid", "")
    one.entry.resource = resource
    handler = HANDLERS.get((kind, query.query_type, query.query_method))
    if handler is None:
        raise Unimplemented(f"the twin does not know {query.query_method} {query.query_type} of a {kind}")
    call = LegacyCall(desk.store, user, parsed(UUID, resource), query.values.uid, query.values.payload or {})
    access.check(desk.store, user, "project" if kind == "project" else "dataset", call.resource)
    return handler(call)


def _query(body: bytes) -> Query | None:
    try:
        return Query.model_validate(json.loads(body))
    except ValueError:  # pydantic's ValidationError is one too
        return None
