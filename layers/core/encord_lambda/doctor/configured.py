"""Whether pipeline.yaml in S3 is good, and the one that a person has at hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from functools import partial
from typing import Final

from encord_lambda.agents import prompting
from encord_lambda.config import PipelineConfig
from encord_lambda.doctor.deployed import Deployed
from encord_lambda.doctor.results import Check, Prior, Result, ok, warning

FILE: Final = "pipeline.yaml"


@dataclass(frozen=True, slots=True)
class AtHand:
    """The pipeline.yaml that a person has."""

    file: str
    text: str


def read(stack: Deployed) -> PipelineConfig:
    """The file in S3.

    Raises:
        Misconfigured: It is missing or faulty; one line per fault.
        Unchecked: The person may not read it.
    """
    return PipelineConfig.parse(FILE, stack.pipeline())


def checks(stack: Deployed, pipeline: Prior[PipelineConfig], at_hand: AtHand | None) -> Iterator[Check]:
    """The file, and the prompts beside it."""
    yield Check(FILE, lambda: _file(stack, pipeline(), at_hand))
    yield Check("prompts", lambda: _prompts(stack, pipeline()))


def _file(stack: Deployed, pipeline: PipelineConfig, at_hand: AtHand | None) -> Iterator[Result]:
    good = f"good: {len(pipeline.registrations)} registrations, {len(pipeline.stages)} stages, "
    good += f"{len(pipeline.editor_agents)} editor agents, {len(pipeline.benchmarks)} benchmarks"
    if at_hand is None:
        yield ok(FILE, good)
    elif difference := _difference(stack.pipeline(), at_hand.text):
        address = f"s3://{stack.output('RecordsBucketName')}/{FILE}"
        told = f"{at_hand.file} is another one ({difference}); what counts is in S3"
        yield warning(FILE, f"{told}. To have yours count: aws s3 cp {at_hand.file} {address}")
    else:
        yield ok(FILE, f"{good}; the same as {at_hand.file}")


def _difference(deployed: str, at_hand: str) -> str:
    """How many lines differ; empty if none does."""
    changes = list(unified_diff(deployed.splitlines(), at_hand.splitlines(), n=0))[2:]
    added, removed = (sum(line.startswith(sign) for line in changes) for sign in "+-")
    return f"{added} of its lines are not in S3, and {removed} of those in S3 not in it" if changes else ""


def _prompts(stack: Deployed, pipeline: PipelineConfig) -> Iterator[Result]:
    for file, kind in sorted(pipeline.prompts):
        yield from Check(file, partial(_prompt, stack, file, kind)).results()


def _prompt(stack: Deployed, file: str, kind: str) -> list[Result]:
    prompting.checked(file, kind, stack.prompt(file))
    return [ok(file, f"a good prompt of {kind}")]
