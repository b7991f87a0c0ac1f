"""Look at upload jobs: link and write down what has ended, look again later at what has not."""

from datetime import UTC, datetime

from encord_lambda import observability, wiring_registration
from encord_lambda.dispatch import messages
from encord_lambda.registration import following


@observability.watched
def lambda_handler(event: object, context: object) -> messages.SqsReply:  # noqa: ARG001 - Lambda's signature
    """Lambda's entry: a batch of RegistrationsQueue."""
    result = following.follow(messages.records(event), wiring_registration.track_registrations, datetime.now(UTC))
    observability.record(result.outcomes)
    return messages.reply(result.keep)
