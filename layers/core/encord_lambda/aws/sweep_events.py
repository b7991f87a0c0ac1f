"""Having stages swept: an event each on the account's EventBridge bus."""

from typing import Final

from encord_lambda.aws.signed_requests import SignedRequests
from encord_lambda.dispatch.notification import TaskReady
from encord_lambda.errors import Retry
from encord_lambda.registration.upload_jobs.announcement import SOURCE

_BUS: Final = "default"


class SweepEvents:
    """The bus that starts sweeps."""

    def __init__(self, aws: SignedRequests) -> None:
        self._aws = aws

    def tell(self, ready: TaskReady) -> None:
        """Have a stage swept.

        Raises:
            Retry: EventBridge refused.
        """
        detail = ready.model_dump_json()
        entry = {"Source": SOURCE, "DetailType": "TaskReady", "Detail": detail, "EventBusName": _BUS}
        doing = f"send an event to the bus {_BUS}"
        [told] = self._aws.call(doing, "events", "AWSEvents.PutEvents", {"Entries": [entry]})["Entries"]
        if "ErrorCode" in told:
            raise Retry(f"cannot {doing}: {told.get('ErrorMessage', told['ErrorCode'])}")
