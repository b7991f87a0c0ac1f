"""What a browser makes of the answers' CORS headers, for a page that sends no credentials (the Fetch standard)."""

from collections.abc import Iterable

import httpx

ORIGIN = "https://app.encord.com"
ANY = "*"


def preflight(asked: Iterable[str]) -> dict[str, str]:
    """The headers of the question a browser asks before a POST with these headers of the page's own."""
    names = ",".join(sorted(name.lower() for name in asked))
    return {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": names}


def forbids(answer: httpx.Response, asked: Iterable[str]) -> str:
    """Why the browser does not go on after this answer to its question; empty if it does."""
    if not answer.is_success:
        return f"the preflight was answered with status {answer.status_code}"
    allowed = {name.strip().lower() for name in answer.headers.get("Access-Control-Allow-Headers", "").split(",")}
    missing = [name for name in asked if name.lower() not in allowed and ANY not in allowed]
    if missing:
        return f"Access-Control-Allow-Headers lacks {', '.join(missing)}"
    return hides(answer)


def hides(answer: httpx.Response) -> str:
    """Why the page may not read this answer; empty if it may."""
    origin = answer.headers.get("Access-Control-Allow-Origin")
    return "" if origin in (ORIGIN, ANY) else f"Access-Control-Allow-Origin is {origin!r}, not {ORIGIN!r}"
