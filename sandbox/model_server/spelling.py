"""An answer as JSON, in tokens with log-probabilities: a choice is as probable as the model finds it.

The first token of a choice carries its probability, and all others are certain; so the probabilities of the tokens that
a value is written with multiply to the confidence that is stated next to it (which is rounded).
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.model_server.wire import Token

LENGTH = 4  # OpenAI's rule of thumb: a token is about four characters
IMPOSSIBLE = -9999.0  # what OpenAI says of a token that is not among the likely ones


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to an enum, and how probable it is that it is right, in [0, 1]."""

    value: str | None
    probability: float


def plain(answer: Any) -> Any:
    """The JSON value of an answer, in which choices may stand for values."""
    match answer:
        case Choice(value=value):
            return value
        case Mapping():
            return {name: plain(part) for name, part in answer.items()}
        case list():
            return [plain(part) for part in answer]
    return answer


def spelled(answer: Any) -> list[Token]:
    """The tokens of `json.dumps(plain(answer))`."""
    return [_token(piece, logprob) for text, logprob in _written(answer) for piece, logprob in _cut(text, logprob)]


def certain(text: str) -> list[Token]:
    """The tokens of a text that the model does not choose."""
    return [_token(piece, logprob) for piece, logprob in _cut(text, 0.0)]


def _written(answer: Any) -> Iterator[tuple[str, float]]:
    """Texts that make up the JSON, each with the log-probability of all of it."""
    match answer:
        case Choice(value=value, probability=probability):
            yield json.dumps(value), math.log(probability) if probability > 0 else IMPOSSIBLE
        case Mapping():
            for place, (name, part) in enumerate(answer.items()):
                yield f"{', ' if place else '{'}{json.dumps(name)}: ", 0.0
                yield from _written(part)
            yield "}" if answer else "{}", 0.0
        case list():
            for place, part in enumerate(answer):
                yield ", " if place else "[", 0.0
                yield from _written(part)
            yield "]" if answer else "[]", 0.0
        case _:
            yield json.dumps(answer), 0.0


def _cut(text: str, logprob: float) -> Iterator[tuple[str, float]]:
    for at in range(0, len(text), LENGTH):
        yield text[at : at + LENGTH], 0.0 if at else logprob


def _token(piece: str, logprob: float) -> Token:
    return Token(token=piece, bytes=list(piece.encode()), logprob=logprob)
