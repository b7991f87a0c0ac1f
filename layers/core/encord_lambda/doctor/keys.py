"""Whether the secrets that the stack uses can be read and can be what they should, and how old they are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from encord_lambda.config import PipelineConfig
from encord_lambda.doctor.deployed import Deployed, StoredSecret
from encord_lambda.doctor.results import Check, Prior, Result, fault, ok, warning

OLD: Final = timedelta(days=365)
"""Who has not stored a secret anew for so long is reminded."""
PARAMETERS: Final[Mapping[str, str]] = {
    "OpenAI key": "OpenAiKeySecretArn",
    "detectors' token": "DetectorTokenSecretArn",
    "webhook's signing secrets": "EncordWebhookSecretArn",
}
"""Which parameter names the secret; that of Encord's key is looked at where the key is tried."""


def checks(stack: Deployed, now: datetime, pipeline: Prior[PipelineConfig]) -> Iterator[Check]:
    """One for each secret that the stack was deployed with, and for those that pipeline.yaml names."""
    for subject, parameter in PARAMETERS.items():
        yield Check(subject, partial(_deployed, stack, subject, parameter, now))
    yield Check("editor agents' signing secrets", lambda: _signing(stack, now, pipeline()))


def told(subject: str, secret: StoredSecret, now: datetime, praise: str = "") -> Result:
    """A good secret, by its age."""
    age = now - secret.changed
    stored = f"{praise}stored {age.days:,} days ago"
    if age > OLD:
        return warning(subject, f"{stored}: put a new one into the same secret (docs/operations.md, Rotate a key)")
    return ok(subject, stored)


def _deployed(stack: Deployed, subject: str, parameter: str, now: datetime) -> Sequence[Result]:
    name = stack.parameter(parameter)
    return _secret(stack, subject, name, now) if name else []


def _signing(stack: Deployed, now: datetime, pipeline: PipelineConfig) -> Iterator[Result]:
    for agent, configured in pipeline.editor_agents.items():
        if name := configured.signing_secret:
            subject = f"signing secret of {agent}"
            yield from Check(subject, partial(_secret, stack, subject, name, now)).results()


def _secret(stack: Deployed, subject: str, name: str, now: datetime) -> Sequence[Result]:
    secret = stack.secret(name)
    lines = secret.text.splitlines()
    if all(line.isascii() and line.isprintable() and " " not in line for line in lines):
        return [told(subject, secret, now)]
    return [fault(subject, f"the secret {name} has characters that no key has: store it anew, as text")]
