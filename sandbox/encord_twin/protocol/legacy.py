"""The legacy protocol: one URL, an envelope that says what is meant, and errors inside HTTP 200."""

import json
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..platform.json_values import JsonObject
from ..platform.refusals import Invalid, Refused, Unimplemented
from . import legacy_datasets as datasets
from . import legacy_labels as labels
from .calls import LegacyCall, LegacyHandler, parsed
from .exchange import Desk, Exchange, exchange, json_response

HANDLERS: dict[tuple[str, str, str], LegacyHandler] = {
    ("project", "labelrowmetadata", "GET"): labels.list_rows,
    ("project", "labelrow", "PUT"): labels.create_rows,
    ("project", "labelrow", "GET"): labels.read_rows,
    ("project", "labelrow", "POST"): labels.save_rows,
    ("project", "labelworkflowgraphnode", "POST"): labels.complete_or_reopen,
    ("dataset", "dataset", "GET"): datasets.read_dataset,
    ("dataset", "datarows", "GET"): datasets.list_rows,
    ("dataset", "datasetlinkitems", "POST"): datasets.link_items,
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


def route(desk: Desk) -> Route:
    """The only route there is."""

    async def endpoint(request: Request) -> Response:
        query = _query(await request.body())
        name = f"POST legacy {query.query_type} {query.query_method}" if query else "POST legacy (malformed)"
        return await exchange(desk, request, name, lambda one: _answer(desk, one, query))

    return Route("/public", endpoint, methods=["POST"])


async def _answer(desk: Desk, one: Exchange, query: Query | None) -> Response:
    try:
        user = one.entry.user = desk.signatures.legacy_user(one.signed)
        return json_response({"status": 200, "response": _result(desk, one, query, user)})
    except Refused as refusal:
        one.entry.status = refusal.status
        one.entry.unimplemented = isinstance(refusal, Unimplemented)
        return json_response({"status": refusal.status, "response": [refusal.code], "payload": refusal.payload})


def _result(desk: Desk, one: Exchange, query: Query | None, user: str) -> Any:
    if query is None:
        raise Invalid("the body is not an envelope")
    headers = one.request.headers
    kind, resource = headers.get("resourcetype", ""), headers.get("resourceid", "")
    one.entry.resource = resource
    handler = HANDLERS.get((kind, query.query_type, query.query_method))
    if handler is None:
        raise Unimplemented(f"the twin does not know {query.query_method} {query.query_type} of a {kind}")
    call = LegacyCall(desk.store, user, parsed(UUID, resource), query.values.uid, query.values.payload or {})
    return handler(call)


def _query(body: bytes) -> Query | None:
    try:
        return Query.model_validate(json.loads(body))
    except ValueError:  # pydantic's ValidationError is one too
        return None
