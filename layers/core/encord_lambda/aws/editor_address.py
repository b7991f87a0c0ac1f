"""The editor agents' address, tried as Encord's own test of it does: no agent runs, and nothing is asked of anybody."""

import requests

from encord_lambda.doctor.reachable import Pinged
from encord_lambda.errors import Retry

TEST_HEADER = "X-Encord-Editor-Agent"
_SECONDS = 30
"""That an HTTP API answers within."""


def ping(url: str, origin: str) -> Pinged:
    """What the address answers to a page of this origin.

    Raises:
        Retry: Nothing answers.
    """
    headers = {TEST_HEADER: "test", "Origin": origin}
    try:
        answer = requests.post(url, json={}, headers=headers, timeout=_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise Retry(f"{url} cannot be reached from here: {type(error).__name__}") from None
    return Pinged(answer.status_code, answer.headers.get("Access-Control-Allow-Origin", ""))
