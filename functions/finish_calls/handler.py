"""Finish calls of the Label Editor that nobody can wait for; what may work later stays on the queue."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from encord_lambda import observability, wiring_editor
from encord_lambda.dispatch import messages
from encord_lambda.editor_api import finishing


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> messages.SqsReply:  # noqa: ARG001 - Lambda's signature
    """Lambda's entry: a batch of CallsQueue."""
    result = finishing.finish(messages.records(event), wiring_editor.finish_calls)
    observability.record(result.outcomes)
    return messages.reply(result.keep)
