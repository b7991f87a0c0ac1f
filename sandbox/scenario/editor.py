"""Call the deployed editor agent as the Label Editor does: from a browser, over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx

from sandbox.scenario.encord import Encord
from sandbox.scenario.world import ANIMAL, DESCRIPTION, PROJECT

ORIGIN = "https://app.encord.com"
NAMED, UNNAMED = "/agents/describe-scene", "/"
SHORTEST = 25  # characters of a description, as seed 001 asks
PATIENCE = 30.0  # what an HTTP API grants its function


@dataclass(frozen=True, slots=True)
class Call:
    """One call and what is wrong with the answer, or with what it left behind; empty if nothing is."""

    what: str
    trouble: str = ""


class LabelEditor:
    """A browser at the Label Editor's origin."""

    def __init__(self, api_url: str, encord: Encord) -> None:
        self._api, self._encord = api_url, encord
        self._http = httpx.Client(headers={"Origin": ORIGIN}, trust_env=False, timeout=PATIENCE)

    def calls(self, labelled: UUID, other: UUID) -> Iterator[Call]:
        """Everything an annotator's browser does: two data units are described, one of which has a label already."""
        before = self._answers(labelled, ANIMAL)
        yield Call(f"OPTIONS {NAMED}: the browser asks first", self._preflight())
        yield Call(f"POST {NAMED} with X-Encord-Editor-Agent: Encord tries the address", self._ping())
        yield Call(f"POST {NAMED}: describe a picture", self._describe(NAMED, labelled))
        yield Call(f"POST {UNNAMED}: describe another", self._describe(UNNAMED, other))
        yield Call("no other label was touched", self._kept(labelled, before))

    def _preflight(self) -> str:
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        answer = self._http.request("OPTIONS", self._api + NAMED, headers=asked)
        if not answer.is_success or answer.headers.get("Access-Control-Allow-Origin") != ORIGIN:
            return f"status {answer.status_code}, headers {dict(answer.headers)}"
        return ""

    def _ping(self) -> str:
        return _unless_empty(self._http.post(self._api + NAMED, headers={"X-Encord-Editor-Agent": "test"}))

    def _describe(self, path: str, data_hash: UUID) -> str:
        body = {"projectHash": str(PROJECT), "dataHash": str(data_hash), "frame": 0}
        if trouble := _unless_empty(self._http.post(self._api + path, json=body)):
            return trouble
        found = self._answers(data_hash, DESCRIPTION)
        if len(found) == 1 and len(str(found[0])) >= SHORTEST:
            return ""
        return f"expected one description of at least {SHORTEST} characters, found {found}"

    def _kept(self, data_hash: UUID, before: list[object]) -> str:
        found = self._answers(data_hash, ANIMAL)
        return "" if before and found == before else f"the picture's {ANIMAL} was {before} and is {found} now"

    def _answers(self, data_hash: UUID, title: str) -> list[object]:
        rows = [row for row in self._encord.look().label_rows if row.data_hash == data_hash]
        return [answer for row in rows for answer in row.answers(title)]


def _unless_empty(answer: httpx.Response) -> str:
    if answer.status_code == httpx.codes.OK and not answer.content:
        return ""
    return f"expected an empty 200, got status {answer.status_code}: {answer.text[:300]}"
