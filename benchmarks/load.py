"""Send recorded requests again and again, each over a connection of its own, several at once."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """How it went: requests per second, and how often each status line came back."""

    per_second: float
    statuses: Counter[int]


def replay(requests: Sequence[bytes], port: int, *, total: int, at_once: int) -> Load:
    """Send `total` requests in turn, `at_once` at a time, and read every answer to its end."""
    return asyncio.run(_replay(requests, port, total, at_once))


async def _replay(requests: Sequence[bytes], port: int, total: int, at_once: int) -> Load:
    turns = itertools.islice(itertools.cycle(requests), total)
    statuses: Counter[int] = Counter()
    started = time.perf_counter()
    await asyncio.gather(*(_send_each(turns, port, statuses) for _ in range(at_once)))
    return Load(total / (time.perf_counter() - started), statuses)


async def _send_each(turns: Iterator[bytes], port: int, statuses: Counter[int]) -> None:
    for request in turns:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        writer.close()
        statuses[int(head.split(b" ", 2)[1])] += 1


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without Content-Length")
