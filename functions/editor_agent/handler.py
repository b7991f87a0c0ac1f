"""Answer the Label Editor: HTTP API events through Mangum to the FastAPI app."""

import gc
import logging

from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum

from encord_lambda import editor_api, observability, wiring_editor

_app = Mangum(
    editor_api.create_app(
        wiring_editor.editor_agent,
        wiring_editor.editor_pipeline,
        wiring_editor.editor_origins,
        observability.record,
        wiring_editor.editor_distribution,
    ),
    lifespan="off",
)
# What the first call imports is no garbage, and looking through it time and again takes a tenth of that call.
gc.set_threshold(50_000)
# Mangum notes the path of every request, and a path may end in an agent's token.
logging.getLogger("mangum").setLevel(logging.WARNING)


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> object:
    """One HTTP request."""
    return _app(editor_api.bounded(event), context)  # type: ignore[arg-type]
