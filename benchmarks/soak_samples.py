"""Looks into the running sandbox: memory of its processes, queues, tables, and what Encord's twin holds."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.soak_traffic import SOAKED
from benchmarks.soak_verdicts import Sample
from encord_lambda.registration.upload_jobs.jobs import State
from sandbox.scenario.agents import AGENT_STAGES
from sandbox.scenario.encord import Platform
from sandbox.scenario.servers import Sandbox

ENDED: Final = {State.SPLIT, State.SETTLED, State.CLOSED}
_NAME, _AT = b"AWS_LAMBDA_FUNCTION_NAME=", b"AWS_ENDPOINT_URL="


@dataclass
class Sampler:
    """Looks at one sandbox; `platform` is what Encord held at the last look."""

    sandbox: Sandbox
    began: float = field(default_factory=time.monotonic)
    platform: Platform = field(default_factory=Platform)

    def look(self) -> Sample:
        """How things are now."""
        cloud, stack = self.sandbox.cloud, self.sandbox.stack
        self.platform = self.sandbox.encord.look()
        return Sample(
            at=time.monotonic() - self.began,
            memory=dict(self._workers()),
            servers=dict(self._servers()),
            queued={name: cloud.backlog(url).total for name, url in stack.queue_urls.items()},
            dead={name: cloud.backlog(url).total for name, url in stack.dead_letter_urls.items()},
            live_claims=sum("in_flight" in claim for claim in self._scan(stack.claims_table)),
            open_jobs=sum(map(_is_open, self._scan(stack.registrations_table))),
            waiting=self.platform.visits(AGENT_STAGES)[1],
            registered=sum(item.key.startswith(SOAKED) for item in self.platform.items),
        )

    def _workers(self) -> Iterator[tuple[tuple[str, int], float]]:
        """Of this sandbox's functions: others may run beside it."""
        functions = {name.encode(): function for function, name in self.sandbox.stack.functions.items()}
        here = _AT + self.sandbox.cloud.endpoint.encode()
        for process, environment in _each("environ"):
            variables = environment.split(b"\0")
            name = next((one.removeprefix(_NAME) for one in variables if one.startswith(_NAME)), b"")
            if name in functions and here in variables and (megabytes := _resident(process)):
                yield (functions[name].removesuffix("Function"), process), megabytes

    def _servers(self) -> Iterator[tuple[str, float]]:
        """By their ports, for there may be others of the kind."""
        ports = {"Encord's twin": self.sandbox.encord.url, "the model": self.sandbox.model_url}
        for process, command in _each("cmdline"):
            words = command.decode(errors="replace").split("\0")
            for name, url in ports.items():
                if words[1:2] == ["-m"] and url.rpartition(":")[2] in words:
                    yield name, _resident(process)

    def _scan(self, table: str) -> Iterator[Mapping[str, Any]]:
        pages = self.sandbox.cloud.session.client("dynamodb").get_paginator("scan").paginate(TableName=table)
        return (item for page in pages for item in page["Items"])


def _is_open(item: Mapping[str, Any]) -> bool:
    return item["id"]["S"].startswith("job#") and State(item["state"]["S"]) not in ENDED


def _each(file: str) -> Iterator[tuple[int, bytes]]:
    """A file of each process that is ours to look into."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (content := _read(folder / file)):
            yield int(folder.name), content


def _resident(process: int) -> float:
    """MB; 0 of a process that has ended."""
    _, _, after = _read(Path(f"/proc/{process}/status")).partition(b"VmRSS:")
    return int(after.split()[0]) / 1024 if after else 0.0


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
