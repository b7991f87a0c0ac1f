"""Answer the Label Editor: HTTP API events through Mangum to the FastAPI app."""

import logging

from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum

from encord_lambda import editor_api, observability, wiring

_app = Mangum(editor_api.create_app(wiring.editor_agent, wiring.editor_pipeline, wiring.editor_origins), lifespan="off")
# Mangum notes the path of every request, and a path may end in an agent's token.
logging.getLogger("mangum").setLevel(logging.WARNING)


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> object:
    """One HTTP request."""
    return _app(event, context)  # type: ignore[arg-type]
