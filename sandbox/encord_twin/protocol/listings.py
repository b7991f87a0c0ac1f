"""What was listed before: a reader behind the times gets it once more."""

import re
from collections import OrderedDict

from starlette.responses import Response

from .signatures import Signed

ROUTES = re.compile(
    r"GET .*/(tasks|items|child-items|folders|reviews)|POST legacy (labelrowmetadata|datarows) GET"
)  # names of routes that list
KEPT = 50  # questions; a listing of 1000 label rows is some 700 kB

type Question = tuple[str, str, bytes]


class Listings:
    """The last true answer to each question that lists something; the questions not asked for longest are forgotten."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Question, Response] = OrderedDict()

    def earlier(self, route: str, request: Signed) -> Response | None:
        """The answer to the same question, if it was asked before."""
        return self._answers.get(_question(request)) if ROUTES.fullmatch(route) else None

    def remember(self, route: str, request: Signed, answer: Response) -> None:
        """Keep the answer, if this is a question that lists something."""
        if ROUTES.fullmatch(route) is None:
            return
        question = _question(request)
        self._answers[question] = answer
        self._answers.move_to_end(question)
        if len(self._answers) > KEPT:
            self._answers.popitem(last=False)


def _question(request: Signed) -> Question:
    return request.target, request.headers.get("resourceid", ""), request.body
