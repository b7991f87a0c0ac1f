"""What a batch of messages came to."""

from collections.abc import Sequence
from dataclasses import dataclass

from encord_lambda.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """The outcomes to record, and the ids of the messages that stay on their queue."""

    outcomes: Sequence[Outcome] = ()
    keep: Sequence[str] = ()
