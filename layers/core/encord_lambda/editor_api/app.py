"""The app as it is deployed: what is around the routes, which are loaded for the first call that needs one.

A test ping needs none, nor does a page that asks what it may do, so neither waits for Encord's SDK.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from encord_lambda.editor_api.cors import Guarded
from encord_lambda.editor_api.late_loading import LateLoaded
from encord_lambda.editor_api.recording import Record, Recorded

if TYPE_CHECKING:
    from encord_lambda.config import PipelineConfig
    from encord_lambda.editor_api.desk import Desk


def create_app(
    desk: "Callable[[], Desk]",
    pipeline: "Callable[[], PipelineConfig]",
    origins: Callable[[], Collection[str]],
    record: Record,
    distribution: Callable[[], str] = str,
) -> Recorded:
    """The app, which has each call of an agent recorded.

    `distribution` tells the secret of the one that alone may call; empty where there is none. It and the first three
    are called when they are needed, at each request, so that pipeline.yaml is the current one.
    """

    def routes() -> ASGIApp:
        from encord_lambda.editor_api.routes import create_routes

        return create_routes(desk, pipeline)

    return Recorded(Guarded(LateLoaded(routes), origins, distribution), record)
