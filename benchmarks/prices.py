"""List prices of AWS, in US dollars, and what else the cost of a month hangs on: assumptions, for you to change.

Nothing fetches them. They were written down by hand on the date below; the pages are AWS's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

WRITTEN_DOWN: Final = "2026-11-21"
REGIONS: Final = ("us-east-1", "eu-west-1")
HOURS: Final = 730
"""Of a month, as AWS counts them."""


@dataclass(frozen=True, slots=True)
class Price:
    """Of so much of something, in each of the regions."""

    what: str
    unit: str
    per: float
    """How many of what is counted make the unit."""
    usd: tuple[float, float]
    page: str

    def of(self, amount: float, region: str) -> float:
        """What an amount costs, in dollars."""
        return amount / self.per * self.usd[REGIONS.index(region)]


MILLION: Final = 1e6
PRICES: Final[Mapping[str, Price]] = {
    "gb_seconds": Price("Lambda, Arm", "GB-second", 1, (0.0000133334, 0.0000133334), "aws.amazon.com/lambda/pricing"),
    "invocations": Price("Lambda requests", "million", MILLION, (0.20, 0.20), "aws.amazon.com/lambda/pricing"),
    "sqs_requests": Price("SQS, standard queues", "million", MILLION, (0.40, 0.40), "aws.amazon.com/sqs/pricing"),
    "write_units": Price(
        "DynamoDB on-demand writes", "million", MILLION, (0.625, 0.705), "aws.amazon.com/dynamodb/pricing/on-demand"
    ),
    "read_units": Price(
        "DynamoDB on-demand reads", "million", MILLION, (0.125, 0.141), "aws.amazon.com/dynamodb/pricing/on-demand"
    ),
    "s3_writes": Price("S3 PUT, POST, LIST", "thousand", 1e3, (0.005, 0.005), "aws.amazon.com/s3/pricing"),
    "s3_reads": Price("S3 GET", "thousand", 1e3, (0.0004, 0.0004), "aws.amazon.com/s3/pricing"),
    "events": Price(
        "EventBridge, S3's and our own events", "million", MILLION, (1.00, 1.00), "aws.amazon.com/eventbridge/pricing"
    ),
    "schedules": Price("EventBridge Scheduler", "million", MILLION, (1.00, 1.00), "aws.amazon.com/eventbridge/pricing"),
    "secret_reads": Price(
        "Secrets Manager reads", "10,000", 1e4, (0.05, 0.05), "aws.amazon.com/secrets-manager/pricing"
    ),
    "secrets": Price("Secrets Manager, a secret", "month", 1, (0.40, 0.40), "aws.amazon.com/secrets-manager/pricing"),
    "log_mb": Price("CloudWatch Logs, taken in", "GB", 1e3, (0.50, 0.57), "aws.amazon.com/cloudwatch/pricing"),
    "metrics": Price("CloudWatch custom metric", "month", 1, (0.30, 0.30), "aws.amazon.com/cloudwatch/pricing"),
    "alarms": Price("CloudWatch alarm", "metric and month", 1, (0.10, 0.10), "aws.amazon.com/cloudwatch/pricing"),
    "dashboards": Price("CloudWatch dashboard", "month", 1, (3.00, 3.00), "aws.amazon.com/cloudwatch/pricing"),
    "keys": Price("KMS, a key", "month", 1, (1.00, 1.00), "aws.amazon.com/kms/pricing"),
    "traces": Price("X-Ray traces", "million", MILLION, (5.00, 5.00), "aws.amazon.com/xray/pricing"),
    "api_requests": Price(
        "API Gateway, HTTP API", "million", MILLION, (1.00, 1.11), "aws.amazon.com/api-gateway/pricing"
    ),
    "vcpu_hours": Price(
        "Fargate, Arm: processor", "vCPU-hour", 1, (0.03238, 0.03238), "aws.amazon.com/fargate/pricing"
    ),
    "gb_hours": Price("Fargate, Arm: memory", "GB-hour", 1, (0.00356, 0.00356), "aws.amazon.com/fargate/pricing"),
}

POLLS: Final = 5 * 3 * 60 * HOURS
"""Receives in a month on an empty queue by Lambda's event source: five pollers, each waits 20 s."""
PLATFORM_LINES_MB: Final = 0.001
"""An invocation's own lines in the log (start, end, report), which Lambda writes: about a KB."""
EMPTY_SCORING: Final = 10.0
"""Seconds of a run of score_benchmark that finds nothing new, generously."""
CLICK_SECONDS: Final = 1.0
"""Of an editor agent's call; nearly all of it is the model's."""
CONTAINER: Final = (1.0, 2.0)
"""vCPU and GB of a Fargate task that does what one instance of run_tasks does."""
SMALLEST: Final = (0.25, 0.5)
"""Those of the smallest there is."""
MODEL: Final = "gpt-4o-mini"
MODEL_USD: Final = (0.15, 0.60)
"""Of a million tokens of input and of output; openai.com/api/pricing."""
PICTURE: Final = (1280, 960)
"""Pixels of a picture that the model is shown."""
WORDS: Final = (400, 20)
"""Tokens of the prompt and of the answer."""
VOLUMES: Final = (1_000, 10_000, 100_000, 1_000_000)
"""Images a month."""
