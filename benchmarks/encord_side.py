"""Encord as a contender meets it: a twin and a bucket in one process, what was asked of them, and what came of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from benchmarks.task_world import Announced
from sandbox.ministack import ROOT
from sandbox.scenario.world import ANIMAL, DESCRIPTION, STAGE_OF


@dataclass(frozen=True)
class Asked:
    """How much was asked since the last reset of the twin's log; of the bucket since its start."""

    requests: int
    connections: int
    downloads: int


@dataclass(frozen=True)
class EncordSide:
    """A running twin with its bucket."""

    at: Announced

    def forget(self) -> None:
        """Reset the twin's log."""
        httpx.post(f"{self.at.twin}/_twin/log/reset", trust_env=False).raise_for_status()

    def asked(self) -> Asked:
        """What was asked up to now."""
        log = _get(f"{self.at.twin}/_twin/log?last=0")
        return Asked(log["total"], log["connections"], _get(f"{self.at.bucket}/"))

    def units(self) -> list[str]:
        """The data units there are."""
        [dataset] = _get(f"{self.at.twin}/_twin/state")["datasets"]
        return [row["data_hash"] for row in dataset["rows"]]

    def described(self) -> list[str]:
        """The data units that have one description, saved once."""
        [project] = _get(f"{self.at.twin}/_twin/state")["projects"]
        rows = project["label_rows"]
        saved = [one for one in rows if one["saves"] == 1 and len(one["classifications"]) == 1]
        return [one["data_hash"] for one in saved if one["classifications"][0]["answers"].get(DESCRIPTION)]

    def audit(self, tasks: int) -> None:
        """Return if every task went where its picture belongs, in one move, and is labelled with what it shows.

        Raises:
            RuntimeError: Not so: a contender that leaves work undone must not win.
        """
        [project] = _get(f"{self.at.twin}/_twin/state")["projects"]
        moved = sum(
            len(task["visits"]) == 2 and stage == STAGE_OF[_option(task)]
            for stage, waiting in project["stages"].items()
            for task in waiting
        )
        labelled = sum(
            [one["answers"][ANIMAL] for one in row["classifications"]] == list(filter(None, [_option(row)]))
            for row in project["label_rows"]
        )
        if (moved, labelled) != (tasks, tasks):
            raise RuntimeError(f"of {tasks} tasks {moved} went where they belong and {labelled} are labelled right")


@contextmanager
def encord_side(tasks: int, latency: float) -> Iterator[EncordSide]:
    """A twin where so many tasks wait, each answer so many seconds late, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.task_world", str(tasks), str(latency)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101
        try:
            yield EncordSide(Announced.model_validate_json(process.stdout.readline()))
        finally:
            process.terminate()


def _option(titled: dict[str, Any]) -> str | None:
    """What a task's or row's picture shows; the ontology has no option for what is neither cat nor dog."""
    shown: str = titled["title"].rpartition("-")[2].removesuffix(".jpg")
    return None if shown == "Other" else shown


def _get(url: str) -> Any:
    answer = httpx.get(url, trust_env=False, timeout=60)
    answer.raise_for_status()
    return json.loads(answer.content)
