"""Answer the Label Editor: HTTP API events through Mangum to the FastAPI app."""

from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum

from encord_lambda import editor_api, observability, wiring

_app = Mangum(editor_api.create_app(wiring.editor_agent), lifespan="off")


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> object:
    """One HTTP request."""
    return _app(event, context)  # type: ignore[arg-type]
