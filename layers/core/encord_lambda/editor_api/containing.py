"""Faults of ours are answered, too: without the headers around the app a browser shows the annotator nothing."""

import logging
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from encord_lambda.editor_api.replies import FAILED, refused, register
from encord_lambda.errors import fault

_log = logging.getLogger(__name__)


class Contained:
    """The app, which answers with a 500 where it would break."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # whatever it is, the annotator waits for an answer
            if begun:
                raise
            _log.error(fault(error).reason)  # the error's own words may hold a signed URL
            await refused(HTTPStatus.INTERNAL_SERVER_ERROR, FAILED)(scope, receive, send)


def contain[App: Starlette](app: App) -> App:
    """The app, with every trouble and every fault answered."""
    register(app)
    app.add_middleware(Contained)
    return app
