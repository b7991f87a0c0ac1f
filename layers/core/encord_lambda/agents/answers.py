"""Answers that were paid for: kept under a digest of everything that was asked, and found again by a retry."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from pydantic import BaseModel

from encord_lambda.agents.agent import Reply, Usage
from encord_lambda.agents.detector import Detected, Detection
from encord_lambda.labels.ontology import SHAPES
from encord_lambda.labels.tokens import Token

_KINDS: Final = {shape: kind for kind, shape in SHAPES.items()}


class Answers(Protocol):
    """Keeps answers for as long as a retry may come."""

    def kept(self, digest: str) -> bytes | None:
        """The answer to what was asked before.

        Raises:
            Retry: It cannot be looked up now.
        """
        ...

    def keep(self, digest: str, answer: bytes) -> None:
        """Keep an answer. Never raises: what could not be kept is asked anew."""
        ...


@dataclass(frozen=True, slots=True)
class Form[T]:
    """How answers of a kind are written down, and read again; the name is another one whenever that changes."""

    name: str
    write: Callable[[T], bytes]
    read: Callable[[bytes], T]


def once[T](
    answers: Answers | None,
    question: tuple[object, ...],
    form: Form[T],
    ask: Callable[[], T],
    usable: Callable[[T], bool] = lambda _: True,
) -> T:
    """The answer that was kept, or a new one, which is kept if it is usable. Without `answers` always a new one.

    Raises:
        Trouble: As `answers` and `ask`.
    """
    if answers is None:
        return ask()
    digest = digest_of((form.name, *question))
    kept = answers.kept(digest)
    if kept is not None and usable(found := form.read(kept)):
        return found
    answer = ask()
    if usable(answer):
        answers.keep(digest, form.write(answer))
    return answer


def digest_of(asked: object) -> str:
    """The same for the same texts, bytes, configurations and dataclasses of them, and for nothing else."""
    return _digest(asked).hex()


def _digest(asked: object) -> bytes:
    return hashlib.sha256(f"{type(asked).__name__} ".encode() + _content(asked)).digest()


def _content(asked: object) -> bytes:
    match asked:
        case bytes():
            return asked
        case str():
            return asked.encode("utf-8", "surrogatepass")
        case tuple():
            return b"".join(map(_digest, asked))
        case BaseModel():
            return asked.model_dump_json().encode()
        case Mapping():
            return json.dumps(dict(asked)).encode()
    if dataclasses.is_dataclass(asked):
        parts = (getattr(asked, part.name) for part in dataclasses.fields(asked) if part.compare)
        return b"".join(map(_digest, parts))
    return repr(asked).encode()


def _written_reply(reply: Reply) -> bytes:
    # What a token is made of may be a part of a character, and a text half a surrogate pair: JSON escapes both.
    tokens = [(token.text.decode("latin-1"), token.logprob) for token in reply.tokens]
    return json.dumps([reply.text, tokens]).encode()


def _read_reply(answer: bytes) -> Reply:
    text, tokens = json.loads(answer)
    return Reply(text, tokens=tuple(Token(piece.encode("latin-1"), logprob) for piece, logprob in tokens))


def _written_detections(detected: Detected) -> bytes:
    told = [
        (one.label, one.confidence, _KINDS[type(one.shape)], dataclasses.astuple(one.shape), dict(one.attributes))
        for one in detected.detections
    ]
    return json.dumps([told, detected.refused]).encode()


def _read_detections(answer: bytes) -> Detected:
    told, refused = json.loads(answer)
    detections = (
        Detection(label, confidence, SHAPES[kind](*map(_part, parts)), attributes)
        for label, confidence, kind, parts, attributes in told
    )
    return Detected(tuple(detections), refused=refused, usage=Usage())


def _part(part: Any) -> Any:
    """A part of a shape: points come back as lists."""
    return tuple((x, y) for x, y in part) if isinstance(part, list) else part


REPLY: Final = Form("reply 1", _written_reply, _read_reply)
DETECTED: Final = Form("detected 1", _written_detections, _read_detections)
