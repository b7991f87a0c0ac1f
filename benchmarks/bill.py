"""What amounts cost: of images on their way, of a month in which nothing comes, and of other ways to do it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks import prices
from benchmarks.prices import HOURS, PRICES
from encord_lambda.agents.agent import Picture
from encord_lambda.agents.estimating import picture_tokens
from sandbox import template

THOUSAND: Final = 1000
PHASES: Final = ("registering", "classifying", "prelabelling")
_MINUTES: Final = {"minute": 1, "hour": 60, "day": 24 * 60}

type Amounts = Mapping[str, float]
"""By the names of `prices.PRICES`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of thing on a bill."""

    what: str
    amounts: Amounts

    def usd(self, region: str) -> float:
        """What it costs."""
        return usd(self.amounts, region)


def usd(amounts: Amounts, region: str) -> float:
    """What all of it costs in a region."""
    return sum(PRICES[name].of(amount, region) for name, amount in amounts.items())


def per_thousand(usage: Mapping[str, Any], phase: str) -> dict[str, float]:
    """What is billed for a thousand images; `usage` is the result of bench-usage."""
    amounts = _billed(usage[phase])
    if phase == PHASES[0]:
        amounts["events"] += usage["images"]  # S3's own, one an object
    return {name: amount * THOUSAND / usage["images"] for name, amount in amounts.items()}


def idle_month(usage: Mapping[str, Any]) -> list[Line]:
    """A month without an image, and with each metric that two agent stages have."""
    loaded = template.load()
    alarms = len(template.of_type(loaded, "AWS::CloudWatch::Alarm"))
    sweeps, scorings = (runs(loaded, name) for name in ("SweepSchedule", "BenchmarkSchedule"))
    sweeping = {name: amount * sweeps for name, amount in _billed(usage["idle_sweep"]).items()}
    scoring = template.functions(loaded)["ScoreBenchmarkFunction"].memory / 1024 * prices.EMPTY_SCORING
    sources = len(_sources(loaded))
    return [
        Line(f"{sweeps:,.0f} sweeps of stages where nothing waits", sweeping | {"schedules": sweeps}),
        Line(f"{sources} event sources that look into empty queues", {"sqs_requests": sources * prices.POLLS}),
        Line(
            f"{scorings:,.0f} runs of score_benchmark with nothing new",
            {"gb_seconds": scorings * scoring, "invocations": scorings, "schedules": scorings},
        ),
        Line("2 secrets", {"secrets": 2}),
        Line(f"{len(usage['metrics'])} custom metrics, sent in every hour", {"metrics": len(usage["metrics"])}),
        Line(f"{alarms} alarms", {"alarms": alarms}),
        Line("the dashboard", {"dashboards": 1}),
        Line("the key of the alarms' topic", {"keys": 1}),
    ]


def runs(loaded: Mapping[str, Any], parameter: str) -> float:
    """How often a schedule's default starts its function in a month.

    Raises:
        ValueError: It is no rate.
    """
    default: str = loaded["Parameters"][parameter]["Default"]
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", default)
    if rate is None:
        raise ValueError(f"{parameter} is {default}, and only rates are understood")
    return HOURS * 60 / (int(rate[1]) * _MINUTES[rate[2]])


def lambda_alone(gb_seconds: float, invocations: float) -> dict[str, float]:
    """Time and requests."""
    return {"gb_seconds": gb_seconds, "invocations": invocations}


def click() -> Amounts:
    """One call of an editor agent."""
    memory = template.functions(template.load())["EditorAgentFunction"].memory
    return lambda_alone(prices.CLICK_SECONDS * memory / 1024, 1) | {"api_requests": 1}


def container(tasks: float, vcpu: float, gb: float) -> Amounts:
    """Fargate tasks that run all the month."""
    return {"vcpu_hours": tasks * vcpu * HOURS, "gb_hours": tasks * gb * HOURS}


def model_usd() -> float:
    """What the language model costs for a thousand pictures, as its tokens are counted beforehand."""
    width, height = prices.PICTURE
    shown = picture_tokens(Picture(content=b"", mime_type="image/jpeg", width=width, height=height))
    asked, answered = prices.WORDS
    read, written = prices.MODEL_USD
    return ((shown + asked) * read + answered * written) * THOUSAND / prices.MILLION


def _billed(measured: Mapping[str, float]) -> dict[str, float]:
    """Of measured amounts those that have a price; with Lambda's own lines in the log, and a trace an invocation."""
    invocations = measured["invocations"]
    known = {name: amount for name, amount in measured.items() if name in PRICES}
    return known | {
        "log_mb": measured["log_mb"] + invocations * prices.PLATFORM_LINES_MB,
        "traces": invocations,
    }


def _sources(loaded: Mapping[str, Any]) -> list[str]:
    functions = template.of_type(loaded, "AWS::Serverless::Function")
    return [name for name, one in functions.items() for event in one["Events"].values() if event["Type"] == "SQS"]
