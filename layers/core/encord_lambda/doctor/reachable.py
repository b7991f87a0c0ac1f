"""Whether the models, the detectors and the editor agents' address answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Protocol

from encord_lambda.config import PipelineConfig
from encord_lambda.config_budgets import MODEL, asked, name_of
from encord_lambda.config_prelabel import Prelabel, RemoteDetector, VisionDetector
from encord_lambda.doctor.buckets import origins
from encord_lambda.doctor.deployed import Deployed
from encord_lambda.doctor.results import Check, Prior, Result, fault, ok

ADDRESS = "editor agents' address"


@dataclass(frozen=True, slots=True)
class Pinged:
    """What a try of the editor agents' address was answered."""

    status: int
    allowed: str
    """The origin whose pages may read the answer; empty if none was named."""


class Far(Protocol):
    """What is asked over the internet."""

    def ping(self, url: str, origin: str) -> Pinged:
        """Try the editor agents' address as a page of this origin does.

        Raises:
            Trouble: Nothing answers.
        """

    def model(self, name: str) -> str:
        """What there is to say of a model that can be asked, without its being asked.

        Raises:
            Trouble: It is not there, or the key is refused, or nothing answers.
        """

    def detector(self, detector: RemoteDetector) -> str:
        """What a detector says about a grey picture.

        Raises:
            Trouble: It is not there, refuses the token, or does not answer as a detector.
        """


def checks(stack: Deployed, far: Far, pipeline: Prior[PipelineConfig], url: str) -> Iterator[Check]:
    """What is asked over the internet; `url` is the editor agents' address, if not the stack's own output."""
    yield Check(ADDRESS, lambda: _address(stack, far, pipeline(), url))
    yield Check("models", lambda: _models(far, pipeline()))
    yield Check("detectors", lambda: _detectors(far, pipeline()))


def _address(stack: Deployed, far: Far, pipeline: PipelineConfig, url: str) -> Iterator[Result]:
    if not pipeline.editor_agents:
        return
    address = url or stack.output("EditorApiUrl")
    for origin in origins(stack):
        answer = far.ping(address, origin)
        if answer.status == HTTPStatus.FORBIDDEN:
            yield fault(ADDRESS, f"{address} refuses pages of {origin}: deploy with EditorOrigin, or name your address")
        elif answer.status != HTTPStatus.OK:
            yield fault(ADDRESS, f"{address} answers {answer.status} to Encord's test, not 200: see the function's log")
        elif answer.allowed not in (origin, "*"):
            yield fault(ADDRESS, f"pages of {origin} may not read the answers of {address}: deploy with EditorOrigin")
        else:
            yield ok(ADDRESS, f"{address} answers Encord's test, and pages of {origin} may read it")


def _models(far: Far, pipeline: PipelineConfig) -> Iterator[Result]:
    names = {name for name in asked((pipeline.stages, pipeline.editor_agents)) if name.startswith(MODEL)}
    for name in sorted(names):
        subject = f"model {name}"
        yield from Check(subject, partial(_heard, subject, partial(far.model, name))).results()


def _detectors(far: Far, pipeline: PipelineConfig) -> Iterator[Result]:
    agents = [stage.agent for stage in pipeline.stages if isinstance(stage.agent, Prelabel)]
    every = [one for agent in agents for one in agent.detectors if not isinstance(one, VisionDetector)]
    for name, detector in {name_of(one): one for one in every}.items():
        subject = f"detector {name}"
        yield from Check(subject, partial(_heard, subject, partial(far.detector, detector))).results()


def _heard(subject: str, ask: Callable[[], str]) -> list[Result]:
    return [ok(subject, ask())]
