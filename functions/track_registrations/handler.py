"""Look at upload jobs: link and write down what has ended, look again later at what has not."""

from datetime import UTC, datetime

from aws_lambda_powertools.utilities.typing import LambdaContext

from encord_lambda import observability, wiring_registration
from encord_lambda.dispatch import messages
from encord_lambda.registration import following


@observability.watched
def lambda_handler(event: object, context: LambdaContext) -> messages.SqsReply:
    """Lambda's entry: a batch of RegistrationsQueue."""
    result = following.follow(
        messages.records(event),
        wiring_registration.track_registrations,
        datetime.now(UTC),
        lambda: context.get_remaining_time_in_millis() / 1000,
    )
    observability.record(result.outcomes)
    return messages.reply(result.keep)
