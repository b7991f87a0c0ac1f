"""Answer the Label Editor: HTTP API events through Mangum to the app."""

import functools
import gc
import logging

# Until the first answer: what is imported for it is no garbage, and looking through it time and again takes 100 ms.
gc.disable()

from aws_lambda_powertools.utilities.typing import LambdaContext  # noqa: E402 - after the line above
from mangum import Mangum  # noqa: E402

from encord_lambda import editor_api, observability, wiring_editor  # noqa: E402

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
# Mangum notes the path of every request, and a path may end in an agent's token.
logging.getLogger("mangum").setLevel(logging.WARNING)


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> object:
    """One HTTP request."""
    try:
        return _app(editor_api.bounded(event), context)  # type: ignore[arg-type]
    finally:
        _collect_again()


@functools.cache
def _collect_again() -> None:
    gc.freeze()
    gc.enable()
