"""`budgets` of pipeline.yaml: what a model or a detector costs, and how much it may cost per day."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Final, Self

from pydantic import BaseModel, Field, model_validator

from encord_lambda.config_faults import PlacedError
from encord_lambda.config_parts import Part
from encord_lambda.config_prelabel import HttpDetector, OpenInferenceDetector, RemoteDetector, SageMakerDetector

MICRO: Final = 1_000_000
"""Amounts are kept in whole micro-USD."""
MODEL: Final = "openai:"
Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Budget(Part):
    """What a model's tokens or a detector's calls cost, and how much it may cost per day, all workers together.

    The name of a model's budget is the model's own, `openai:…`; that of a detector's is `http:` and its `url`,
    `sagemaker:` and its `endpoint`, or `open_inference:` and its `url`, `/` and its `model`.
    """

    usd_per_day: float = Field(gt=0, allow_inf_nan=False)
    usd_per_million_input_tokens: Price | None = None
    usd_per_million_output_tokens: Price | None = None
    usd_per_call: Price | None = None
    """Of a detector: what it costs to have it look at one picture or frame."""

    @model_validator(mode="after")
    def _one_kind_of_price(self) -> Self:
        tokens = {self.usd_per_million_input_tokens is None, self.usd_per_million_output_tokens is None}
        if tokens == {self.usd_per_call is not None}:
            return self
        both = "usd_per_million_input_tokens and usd_per_million_output_tokens"
        raise ValueError(f"say either what tokens cost ({both}) or usd_per_call")

    @property
    def ceiling(self) -> int:
        """What a day may cost, in micro-USD."""
        return round(self.usd_per_day * MICRO)

    def cost(self, input_tokens: int = 0, output_tokens: int = 0) -> int:
        """What one call costs, in micro-USD, rounded up."""
        if self.usd_per_call is not None:
            return math.ceil(self.usd_per_call * MICRO)
        read, written = self.usd_per_million_input_tokens or 0, self.usd_per_million_output_tokens or 0
        return math.ceil(input_tokens * read + output_tokens * written)


def name_of(detector: RemoteDetector) -> str:
    """What the budget of a detector is called."""
    match detector:
        case HttpDetector():
            return f"http:{detector.url}"
        case SageMakerDetector():
            return f"sagemaker:{detector.endpoint}"
        case OpenInferenceDetector():
            return f"open_inference:{detector.url}/{detector.model}"


def fault(budgets: Mapping[str, Budget], askers: object) -> PlacedError | None:
    """What is wrong with budgets, given the parts of pipeline.yaml that ask models and detectors."""
    known = set(asked(askers))
    for name, budget in budgets.items():
        at = ("budgets", name)
        if name not in known:
            told = ", ".join(f"'{one}'" for one in sorted(known)) or "none"
            return PlacedError(f"there is a budget for '{name}', which nothing asks; budgets may be for: {told}", *at)
        if name.startswith(MODEL) and budget.usd_per_call is not None:
            return PlacedError("there is a price per call, but a model is paid by tokens", *at)
        if not name.startswith(MODEL) and budget.usd_per_call is None:
            return PlacedError("there are prices of tokens, but a detector is paid by usd_per_call", *at)
    return None


def asked(part: object) -> Iterator[str]:
    """Names of all models and detectors that a part of pipeline.yaml names, wherever in it."""
    match part:
        case HttpDetector() | SageMakerDetector() | OpenInferenceDetector():
            yield name_of(part)
        case str() if part.startswith(MODEL):
            yield part
        case BaseModel():
            yield from asked(dict(part))
        case Mapping():
            yield from asked(part.values())
        case Iterable() if not isinstance(part, (str, bytes)):
            for one in part:
                yield from asked(one)
