"""Turn a batch of uploads into Encord upload jobs; what may work later goes back to the queue."""

from datetime import UTC, datetime

from encord_lambda import observability, wiring_registration
from encord_lambda.dispatch import messages
from encord_lambda.registration import registering


@observability.watched
def lambda_handler(event: object, context: object) -> messages.SqsReply:  # noqa: ARG001 - Lambda's signature
    """Lambda's entry: a batch of UploadsQueue."""
    result = registering.register(messages.records(event), wiring_registration.register_uploads, datetime.now(UTC))
    observability.record(result.outcomes)
    return messages.reply(result.keep)
