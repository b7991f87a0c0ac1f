"""Ten thousand requests, half of them rightly signed: these pass, and nothing else does."""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from encord_lambda.dispatch.notification import TaskReady
from sandbox.encord_twin.outbound.signing import SIGNATURE, TIMESTAMP, signature
from tests.task_ready.desk import Scene
from tests.task_ready.signed import NOW, PROJECT, SECRET, Json, envelope, request, written

type Headers = dict[str, str]
type Forgery = Callable[[random.Random, bytes, Headers], tuple[bytes, Headers]]
ROUNDS = 5_000


def changed_body(dice: random.Random, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    at = dice.randrange(len(body))
    return body[:at] + bytes([body[at] ^ 1 << dice.randrange(8)]) + body[at + 1 :], headers


def cut_body(dice: random.Random, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    return body[: dice.randrange(len(body))], headers


def longer_body(dice: random.Random, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    return body + dice.choice([b" ", b"\n", b"\0", b"}", body]), headers


def other_body(dice: random.Random, _: bytes, headers: Headers) -> tuple[bytes, Headers]:
    return written(envelope(stage=UUID(int=dice.getrandbits(128)))), headers


def other_time(dice: random.Random, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    seconds = int(headers[TIMESTAMP]) + dice.choice([-1, 1]) * dice.randint(1, 400)
    return body, headers | {TIMESTAMP: str(seconds)}


def odd_time(dice: random.Random, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    sent = headers[TIMESTAMP]
    odd = [f" {sent}", f"+{sent}", f"0{sent}", f"{sent}.0", f"{sent}\n", f"{sent[:3]}_{sent[3:]}", "", "now", "9" * 400]
    return body, headers | {TIMESTAMP: dice.choice(odd)}


def out_of_date(dice: random.Random, body: bytes, _: Headers) -> tuple[bytes, Headers]:
    return body, signature(SECRET, body, NOW + dice.choice([-1, 1]) * timedelta(seconds=dice.randint(301, 10**6)))


def changed_digest(dice: random.Random, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    digest, at = headers[SIGNATURE], dice.randrange(64)
    other = dice.choice([letter for letter in "0123456789abcdef" if letter != digest[at]])
    return body, headers | {SIGNATURE: digest[:at] + other + digest[at + 1 :]}


def odd_digest(dice: random.Random, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    sent = headers[SIGNATURE]
    odd = [sent[:-1], f"{sent}0", f"sha256={sent}", f"{sent},{sent}", f" {sent}", "", "ø" * 64, "\ud800"]
    return body, headers | {SIGNATURE: dice.choice(odd)}


def other_secret(dice: random.Random, body: bytes, _: Headers) -> tuple[bytes, Headers]:
    return body, signature(dice.choice(["", SECRET[:-1], f"{SECRET} ", SECRET.upper(), "x"]), body, NOW)


def missing(dice: random.Random, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    gone = dice.choice([SIGNATURE, TIMESTAMP])
    rest = {name: value for name, value in headers.items() if name != gone}
    return body, rest | {f"{gone}-V2": headers[gone]}


FORGERIES: list[Forgery] = [
    changed_body,
    cut_body,
    longer_body,
    other_body,
    other_time,
    odd_time,
    out_of_date,
    changed_digest,
    odd_digest,
    other_secret,
    missing,
]


def a_body(dice: random.Random) -> tuple[bytes, TaskReady | None]:
    """What may be signed, and the stage it is about; None if it is something else."""
    stage = UUID(int=dice.getrandbits(128))
    match dice.randrange(4):
        case 0:
            return dice.randbytes(dice.randint(1, 200)), None
        case 1:
            return written(envelope(event_type=dice.choice(["task_submitted_event", "x" * 500]))), None
    said = envelope(stage=stage, reason=dice.choice(["batch_size_reached", "new", None]), uid=dice.random())
    return written(said), TaskReady(project=PROJECT, stage=stage)


def odd_case(dice: random.Random, headers: Headers) -> Headers:
    others = {"Host": "x", "User-Agent": "Encord", f"{SIGNATURE}-V2": "unknown"}
    mixed = headers | {name: others[name] for name in others if dice.random() < 0.5}
    return {"".join(dice.choice([c.lower(), c.upper()]) for c in name): value for name, value in mixed.items()}


@pytest.fixture(scope="module")
def dice() -> random.Random:
    return random.Random(7)  # noqa: S311 - test data


def test_all_that_is_rightly_signed_passes(dice: random.Random) -> None:
    scene, expected = Scene(), []
    for number in range(ROUNDS):
        body, ready = a_body(dice)
        now = NOW + timedelta(seconds=number)
        headers = signature(SECRET, body, now + timedelta(seconds=dice.randint(-300, 300)))
        event = request(body, {}) | {"headers": odd_case(dice, headers)}

        assert scene.answer(event, now)[0] in (200, 400)
        expected += [ready] if ready else []

    assert scene.told == expected
    assert len(expected) > ROUNDS / 3


def test_nothing_else_passes(dice: random.Random) -> None:
    scene, statuses = Scene(), set[int]()
    for number in range(ROUNDS):
        body, _ = a_body(dice)
        forged, headers = FORGERIES[number % len(FORGERIES)](dice, body, signature(SECRET, body, NOW))
        event: Json = request(forged, {}) | {"headers": odd_case(dice, headers)}
        status, _ = scene.answer(event)
        statuses.add(status)
        assert status == 401, (forged, headers)

    assert scene.told == []
    assert statuses == {401}
