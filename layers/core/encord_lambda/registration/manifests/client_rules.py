"""What client metadata may hold (import-formats §4 and J24 to J27 of §9.1), wherever it was read from."""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple, TypeGuard

from encord_lambda.registration.manifests.characters import UNWRITABLE

type Path = tuple[str | int, ...]

LONGEST_EMBEDDING: Final = 4096
_DEEPEST: Final = 64
_DEPTH: Final = 4
"""Of client metadata in a manifest, where it is an object of an item of an array of the file's object."""
_LARGEST: Final = 1.7976931348623157e308
_SECRET: Final = frozenset({"password", "token", "secret", "authorization"})
_ENCORD: Final = "$encord"
_FRAME: Final = {"frame": re.compile(r"[0-9]{1,9}"), "seconds": re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")}


class Breach(NamedTuple):
    """What breaks a rule, by the keys and indices that lead to it from the client metadata."""

    code: str
    path: Path
    said: str
    hint: str = ""


def faults(metadata: Mapping[str, object], *, is_video: bool) -> Iterator[Breach]:
    """All that Encord would not take, or should not be given; `$encord` is for videos alone.

    Who needs only the first few takes no more: there may be as many as there are values.
    """
    for key, value in metadata.items():
        if key == _ENCORD and not is_video:
            yield Breach("J26", (key,), f"{_ENCORD} is for videos alone", "remove it")
        elif key == _ENCORD:
            yield from _settings(value)
        else:
            yield from _named((key,), key)
            yield from _embedding((key,), value)
            yield from _values((key,), value, _DEPTH)


def unwritable(value: object) -> bool:
    """Whether a value of the same depth in a manifest has numbers or characters that JSON has not, or is too deep."""
    return any(breach.code in ("J25", "J36") for breach in _values((), value, _DEPTH - 1))


def _values(path: Path, value: object, depth: int) -> Iterator[Breach]:
    """Of a value inside of `depth` objects and arrays."""
    match value:
        case dict() | list() if depth >= _DEEPEST:
            yield Breach("J36", path, f"is nested deeper than {_DEEPEST}", "flatten it")
        case dict():
            for key, member in value.items():
                yield from _named((*path, key), key)
                yield from _values((*path, key), member, depth + 1)
        case list():
            for index, member in enumerate(value):
                yield from _values((*path, index), member, depth + 1)
        case str():
            yield from _writable(path, value)
        case int() | float() if not -_LARGEST <= value <= _LARGEST:
            yield Breach("J25", path, "is not a number that JSON has", "a number is finite, at most 1.8e308")


def _named(path: Path, key: str) -> Iterator[Breach]:
    if key.startswith("$"):
        yield Breach("J26", path, "keys with $ are reserved", f"rename it; only {_ENCORD} means something")
    elif key.casefold() in _SECRET:
        yield Breach("J26", path, "client metadata is no place for secrets", "remove it, or rename it if it is none")
    yield from _writable(path, key)


def _writable(path: Path, text: str) -> Iterator[Breach]:
    if odd := UNWRITABLE.search(text):
        yield Breach("J36", path, f"has the character U+{ord(odd[0]):04X} in it", "write what it stands for")


def _embedding(path: Path, value: object) -> Iterator[Breach]:
    """A list with a number in it is an embedding, and so is an empty one; others are left to Encord."""
    if not isinstance(value, list) or not (not value or any(map(_is_number, value))):
        return
    if not 1 <= len(value) <= LONGEST_EMBEDDING:
        yield Breach("J27", path, f"an embedding has 1 to {LONGEST_EMBEDDING} numbers, this has {len(value)}")
    for index, number in enumerate(value):
        if not _is_number(number):
            yield Breach("J27", (*path, index), "an embedding holds numbers alone")
            return


def _settings(value: object) -> Iterator[Breach]:
    """`$encord`: how densely a video is sampled, and metadata of single frames."""
    path: Path = (_ENCORD,)
    yield from _object(path, value, {"config": _config, "frames": _no_rule})
    mode = "frame"
    if isinstance(value, dict):
        config = value.get("config")
        if isinstance(config, dict) and config.get("keyframe_mode") == "seconds":
            mode = "seconds"
        if "frames" in value:
            yield from _frames((*path, "frames"), value["frames"], mode)


type _Rule = Callable[[Path, object], Iterator[Breach]]


def _object(path: Path, value: object, rules: Mapping[str, _Rule]) -> Iterator[Breach]:
    if not isinstance(value, dict):
        yield Breach("J26", path, "must be an object", f"its keys are {' and '.join(rules)}")
        return
    for key, member in value.items():
        if key in rules:
            yield from rules[key]((*path, key), member)
        else:
            near = get_close_matches(key, rules, 1)
            hint = f"did you mean {near[0]}?" if near else f"its keys are {' and '.join(rules)}"
            yield Breach("J26", (*path, key), "is not a key that Encord knows here", hint)


def _no_rule(_path: Path, _value: object) -> Iterator[Breach]:
    return iter(())


def _config(path: Path, value: object) -> Iterator[Breach]:
    yield from _object(path, value, {"sampling_rate": _sampling_rate, "keyframe_mode": _keyframe_mode})


def _sampling_rate(path: Path, value: object) -> Iterator[Breach]:
    if not _is_number(value) or not 0 <= value <= _LARGEST:
        yield Breach("J26", path, "must be a number of frames a second, 0 or more", "0 samples the first frame alone")


def _keyframe_mode(path: Path, value: object) -> Iterator[Breach]:
    if not isinstance(value, str) or value not in _FRAME:
        yield Breach("J26", path, "must be one of frame and seconds")


def _frames(path: Path, value: object, mode: str) -> Iterator[Breach]:
    if not isinstance(value, dict):
        yield Breach("J26", path, "must be an object of frames", "its keys are numbers of frames")
        return
    for key, frame in value.items():
        where: Path = (*path, key)
        if not _FRAME[mode].fullmatch(key):
            yield Breach("J26", where, f"is not a number of {'a frame' if mode == 'frame' else 'seconds'}")
        elif not isinstance(frame, dict):
            yield Breach("J26", where, "must be an object of the frame's metadata")
        else:
            for name, member in frame.items():
                yield from _named((*where, name), name)
                yield from _embedding((*where, name), member)
                yield from _values((*where, name), member, _DEPTH + 3)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
