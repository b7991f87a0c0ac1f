"""Steady work for the sandbox: a picture is uploaded, and an annotator clicks, again and again."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Final
from uuid import UUID

import httpx

from benchmarks.soak_verdicts import Traffic
from sandbox.scenario.editor import NAMED, ORIGIN, PATIENCE
from sandbox.scenario.servers import Sandbox
from sandbox.scenario.world import PREFIX, PROJECT

UPLOADS_EVERY, CLICKS_EVERY = 1.0, 3.0  # seconds
SOAKED: Final = f"{PREFIX}soak/"
"""Where its pictures go."""


class Driver:
    """Uploads pictures and clicks until it is told to end; `may_be_clicked` are data units that no agent works on."""

    def __init__(self, sandbox: Sandbox, pictures: Iterator[bytes], may_be_clicked: Callable[[], list[UUID]]) -> None:
        self._sandbox, self._pictures, self._units = sandbox, pictures, may_be_clicked
        self._s3 = sandbox.cloud.session.client("s3")
        self._http = httpx.Client(headers={"Origin": ORIGIN}, trust_env=False, timeout=PATIENCE)
        self._over = threading.Event()
        self._uploads = self._clicks = 0
        self._refused: list[str] = []

    @property
    def traffic(self) -> Traffic:
        """What was asked up to now."""
        return Traffic(self._uploads, self._clicks, tuple(self._refused))

    @contextmanager
    def driving(self) -> Iterator[None]:
        """Drive from threads until the block ends, and what was begun is done."""
        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(self._upload), threads.submit(self._click)]
            try:
                yield
            finally:
                self._over.set()
        for one in both:
            one.result()

    def _upload(self) -> None:
        for number, jpeg in zip(self._paced(UPLOADS_EVERY), self._pictures, strict=False):
            key = f"{SOAKED}{number:06}.jpg"
            self._s3.put_object(Bucket=self._sandbox.stack.uploads_bucket, Key=key, Body=jpeg)
            self._uploads += 1

    def _click(self) -> None:
        chance = random.Random(9)  # noqa: S311 - a simulation
        for _ in self._paced(CLICKS_EVERY):
            if units := self._units():
                self._call(chance.choice(units))

    def _call(self, unit: UUID) -> None:
        body = {"projectHash": str(PROJECT), "dataHash": str(unit), "frame": 0}
        self._clicks += 1
        try:
            answer = self._http.post(self._sandbox.stack.api_url + NAMED, json=body)
        except httpx.HTTPError as error:
            self._refused.append(type(error).__name__)
        else:
            if not answer.is_success:
                self._refused.append(f"status {answer.status_code}: {answer.text[:200]}")

    def _paced(self, seconds: float) -> Iterator[int]:
        """Numbers, each no earlier than its turn, until it is over."""
        began = time.monotonic()
        for number in count():
            if self._over.wait(max(0.0, began + number * seconds - time.monotonic())):
                return
            yield number
