"""How sure a model was of an answer: how probable the tokens were that it wrote the answer with.

A value is taken as it stands in the JSON, quotes and brackets included: at the quote that begins a text a model decides
against `null`, and at the one that ends it against a longer option. A token that reaches beyond the value counts in
full.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from encord_lambda.labels.ontology import Attribute


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a reply as the model wrote it; it may be a part of a character."""

    text: bytes
    logprob: float
    """Natural logarithm of its probability."""


type Span = tuple[int, int]
"""Where something begins and ends in a text, in characters."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a JSON object, and where its key and its value stand, quotes and brackets included."""

    name: str
    key: Span
    value: Span


def spelled(text: str, tokens: Sequence[Token]) -> bool:
    """Whether tokens are what a text was written with; more may follow, as marks of its end do."""
    return b"".join(token.text for token in tokens).startswith(_utf8(text))


def confidence(question: Attribute, text: str, path: Sequence[str], tokens: Sequence[Token]) -> float:
    """How sure the model was of the answer to a question, in [0, 1]; it stands at `path` of the JSON `text`.

    Of a radio the probability of its option, whatever is nested in it; of a checklist and of a number that of exactly
    this answer; of a text the geometric mean over its tokens, for no long text is probable as a whole.
    """
    found = logprobs(text, _judged(question, text, path), tokens)
    together = math.fsum(found)
    return math.exp(min(together / max(len(found), 1) if question.kind == "text" else together, 0.0))


def logprobs(text: str, span: Span, tokens: Sequence[Token]) -> list[float]:
    """Log-probabilities of all tokens that any part of a span of the text was written with."""
    start, end = (len(_utf8(text[:edge])) for edge in span)
    found, at = [], 0
    for token in tokens:
        if max(at, start) < min(at + len(token.text), end):
            found.append(token.logprob)
        at += len(token.text)
    return found


def members(text: str, at: int) -> Iterator[Member]:
    """The members of the object that begins at `at`, in order. `text` must be JSON."""
    decoder = json.JSONDecoder()
    at = _ink(text, at + 1)
    while text[at] == '"':
        name, after = decoder.raw_decode(text, at)
        start = _ink(text, _ink(text, after) + 1)
        _, end = decoder.raw_decode(text, start)
        yield Member(name, (at, after), (start, end))
        at = _ink(text, end)
        at = _ink(text, at + 1) if text[at] == "," else at


def _judged(question: Attribute, text: str, path: Sequence[str]) -> Span:
    """What of an answer says how sure it is."""
    start, end = _ink(text, 0), len(text)
    for name in path:
        start, end = next(member.value for member in members(text, start) if member.name == name)
    if question.kind == "radio" and text[start] == "{":
        return next(members(text, start)).key
    # Only what comes after a number says that no digit follows.
    return (start, end + 1) if question.kind == "numeric" else (start, end)


def _ink(text: str, at: int) -> int:
    """The place of the first character from `at` on that is no white space."""
    while text[at] in " \t\n\r":
        at += 1
    return at


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
