"""The words of docs/cost.md; `benchmarks.cost` puts in the figures."""

from typing import Final

TEXT: Final = """\
# Cost

<!-- Written by `make cost` from docs/measured.json, template.yaml and benchmarks/prices.py; a test compares. -->

What encord-lambda costs on AWS, in US dollars, computed by `make cost`. **AWS billed none of it**: times, requests
and bytes were measured on one machine by `make bench-usage` and `make bench-tasks` (`make measure` does both anew,
and keeps what they print in [measured.json](measured.json)), and multiplied by list prices. Free tiers and discounts
are left out.

## 1,000 images

`make bench-usage`: {images} pictures go through register_uploads and track_registrations, a stage that classifies and
a stage that pre-labels; Encord answers after 50 ms, the language model after 800 ms, a detector after 200 ms. Cold
starts, sweeps and the event sources' own requests are in it. Prices of {here}:

{thousand}

The language model is paid to its provider: for pictures of {width} by {height} pixels, {asked} tokens of prompt and
{answered} of answer, counted as budgets count them. A thousand calls of an editor agent, {click_seconds} s each, cost
${clicks} beside the model.

## A month without images

{idle}

Of custom metrics, only hours in which one is sent are billed. These are the ones that two agent stages send; each
further stage and pathway adds its own, and trouble, editor agents and benchmarks have some, too. A slower
`SweepSchedule` costs less, and where Encord tells of waiting tasks (`EncordWebhookSecretArn`) an hour is often enough:
[operations](operations.md).

## Beside other ways

The same classification. "All that is billed" is a thousand of the first table and a month of the second; the others are
Lambda's time and requests alone, from `make bench-tasks` (ours with all sweeps of the month), or Fargate's processors
and memory alone. Prices of {here}:

{compared}

One instance of run_tasks classifies {rate} pictures a second, and there are {instances} at most; so many Fargate
tasks of one processor do as much. The smallest has a quarter of one: enough for a trickle, not for a peak. A
container has no queue, no claims and no event source to pay for, but it stands idle at night just as well. What was
measured are our own functions; the containers are taken to be as fast.

## Assumptions

Change them in `benchmarks/prices.py` and run `make cost`. List prices, written down on {written_down} by hand;
nothing fetches them, so compare them with the pages before you rely on them.

{prices}

- {model}: ${read} for a million tokens of input, ${wrote} of output.
- An event source asks an empty queue {polls} times a month: five pollers, each waiting 20 s.
- A run of score_benchmark that finds nothing new takes {scoring} s. What a run with new labels takes is in
  [performance](performance.md).
- An instance gets one processor for 1,769 MB, and less of one in proportion; processor time was scaled by that.
- DynamoDB bills a write of a transaction twice, and each move of a claim in the index once or twice more.
- The log's own lines about an invocation have 1 KB, and each invocation is traced.

## Not included

Your bucket's storage, and the requests that put your media there. Pictures that leave AWS for a model or for
annotators ($0.09 a GB). Encord itself. A detector of your own, or a SageMaker endpoint. A web ACL and its
distribution. Storage of logs, tables and records, which is cents. Retries while something is down, probing of videos,
and anything that `pipeline.yaml` makes of an image beyond one stage of each kind.
"""
