"""Whether Encord knows the key, and has what pipeline.yaml names."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final, Protocol

from encord_lambda.checking import pipeline as comparing
from encord_lambda.checking.finding import Finding
from encord_lambda.checking.survey import Named, Survey
from encord_lambda.config import PipelineConfig
from encord_lambda.doctor import keys
from encord_lambda.doctor.configured import FILE
from encord_lambda.doctor.deployed import Deployed, StoredSecret
from encord_lambda.doctor.results import Check, Prior, Result, fault, ok
from encord_lambda.yaml_places import Document

KEY: Final = "Encord key"
NAMED: Final = "what pipeline.yaml names in Encord"


class Encord(Protocol):
    """The platform, read and never changed."""

    def check(self, key: str) -> None:
        """Return if Encord knows this key.

        Raises:
            Misconfigured: It does not, or it is no key, or Encord cannot be reached.
        """

    def survey(self, named: Named, key: str) -> Survey:
        """What Encord has of what is named.

        Raises:
            Misconfigured: Encord cannot be asked.
        """


def checks(stack: Deployed, encord: Encord, now: datetime, pipeline: Prior[PipelineConfig]) -> Iterator[Check]:
    """The key, then all that the file names."""
    known = Prior(KEY, lambda: _known(stack, encord))
    yield Check(KEY, lambda: [keys.told(KEY, known(), now, f"known at {stack.parameter('EncordDomain')}; ")])
    yield Check(NAMED, lambda: _named(stack, encord, pipeline(), known().text))


def _known(stack: Deployed, encord: Encord) -> StoredSecret:
    secret = stack.secret(stack.parameter("EncordKeySecretArn"))
    encord.check(secret.text)
    return secret


def _named(stack: Deployed, encord: Encord, pipeline: PipelineConfig, key: str) -> Iterator[Result]:
    """One line for each part of the file that is well, remarks included; else one for each fault."""
    document = Document.parse(FILE, stack.pipeline())
    found = comparing.findings(pipeline, encord.survey(Named.by(pipeline), key))
    ordered = sorted(found, key=lambda one: (document.line(one.place), _part(one)))
    by_part = {part: list(some) for part, some in groupby(ordered, key=_part)}
    subjects = _subjects(pipeline)
    for part in dict.fromkeys([*subjects, *by_part]):
        yield from _told(subjects.get(part, part), by_part.get(part, []), document)


def _told(subject: str, found: Sequence[Finding], document: Document) -> Iterator[Result]:
    faults = [document.told(one.place, one.text) for one in found if not one.is_remark]
    remarks = [document.told(one.place, one.text) for one in found if one.is_remark]
    yield from (fault(subject, told) for told in faults)
    if not faults:
        yield ok(subject, "; ".join(["all that it names is there", *remarks]))


def _part(one: Finding) -> str:
    return ".".join(map(str, one.place[:2]))


def _subjects(pipeline: PipelineConfig) -> Mapping[str, str]:
    """What a person calls each part of the file."""
    named = {f"registrations.{n}": f"registration '{one.prefix}'" for n, one in enumerate(pipeline.registrations)}
    named |= {f"stages.{n}": f"stage '{one.stage}'" for n, one in enumerate(pipeline.stages)}
    named |= {f"editor_agents.{name}": f"editor agent {name}" for name in pipeline.editor_agents}
    return named | {f"benchmarks.{n}": f"benchmark {one.name}" for n, one in enumerate(pipeline.benchmarks)}
