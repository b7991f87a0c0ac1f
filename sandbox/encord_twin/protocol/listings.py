"""What was listed before: a reader behind the times gets it once more."""

import re
from collections import OrderedDict

from starlette.responses import Response

from .signatures import Signed

ROUTES = re.compile(
    r"GET .*/(tasks|items|child-items|folders|reviews)|POST legacy (labelrowmetadata|datarows) GET"
)  # names of routes that list
MOST_BYTES = 64_000_000  # of all answers; a listing of 1000 label rows is some 700 kB

type Question = tuple[str, str, bytes]


class Listings:
    """The last true answer to each question that lists something; the questions not asked for longest are forgotten."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Question, Response] = OrderedDict()
        self._bytes = 0

    def earlier(self, route: str, request: Signed) -> Response | None:
        """The answer to the same question, if it was asked before."""
        return self._answers.get(_question(request)) if ROUTES.fullmatch(route) else None

    def remember(self, route: str, request: Signed, answer: Response) -> None:
        """Keep the answer, if this is a question that lists something."""
        if ROUTES.fullmatch(route) is None:
            return
        question = _question(request)
        self._forget(self._answers.pop(question, None))
        self._answers[question] = answer
        self._bytes += len(answer.body)
        while self._bytes > MOST_BYTES and len(self._answers) > 1:
            self._forget(self._answers.popitem(last=False)[1])

    def _forget(self, answer: Response | None) -> None:
        self._bytes -= len(answer.body) if answer else 0


def _question(request: Signed) -> Question:
    return request.target, request.headers.get("resourceid", ""), request.body
