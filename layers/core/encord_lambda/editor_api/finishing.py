"""One batch of CallsQueue: each message is a call whose agent was too slow for the Label Editor to wait for.

The agent runs from the beginning, as the call had it, and pipeline.yaml as it stands now. Done twice, a call replaces
what it wrote; what a person saved in between stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from encord_lambda.deadlines import Late
from encord_lambda.dispatch import backing_off
from encord_lambda.dispatch.call_message import CallMessage
from encord_lambda.dispatch.messages import SqsRecord, parse
from encord_lambda.editor_api.desk import Desk, Done
from encord_lambda.editor_api.replies import Refusal, unaddressed
from encord_lambda.errors import GivenUp, Reject, Retry, Skip
from encord_lambda.outcomes import Finished, Postponed, Result, Skipped
from encord_lambda.task_group import Inbox, Letter, Post


@dataclass(frozen=True, slots=True)
class Bench:
    """What a call is finished with."""

    desk: Desk
    inbox: Inbox
    draw: Callable[[], float]
    """A random number in [0, 1), for the back-off."""


def finish(batch: Sequence[SqsRecord], bench: Callable[[], Bench]) -> Result:
    """Finish each call; a bench is set up for each, for an agent's time begins with its own.

    What will never work is buried with its reason: also an agent that is too slow even now, for it would keep others
    waiting once more, and no annotator waits for it any longer.

    Raises:
        Misconfigured: pipeline.yaml, a key or a setting is wrong: the whole batch waits.
    """
    result = Result()
    for record in batch:
        _finish(record, bench(), result)
    return result


def _finish(record: SqsRecord, bench: Bench, result: Result) -> None:
    post, subject = Post(bench.inbox, result), f"message {record.messageId}"
    try:
        message = parse(CallMessage, record.body)
        subject = message.subject
        done = bench.desk.run(bench.desk.configured(message.agent), message.call)
        result.outcomes.append(_finished(message, done))
    except Skip as nothing:
        result.outcomes.append(Skipped(subject, nothing.reason))
    except Refusal as refusal:
        post.bury([Letter(record, subject, refusal.message)])
    except Reject as trouble:
        post.bury([Letter(record, subject, trouble.reason, trouble.cause)])
    except Late as late:
        post.bury([Letter(record, subject, late.reason, GivenUp.cause)])
    except Retry as trouble:
        seconds = backing_off.seconds(record.attributes.ApproximateReceiveCount, trouble.after, bench.draw())
        result.outcomes.append(Postponed(subject, trouble.reason, seconds))
        post.put_off({record.messageId: (record, seconds)})


def _finished(message: CallMessage, done: Done) -> Finished:
    call, told, usage, written = message.call, done.decision.message, done.decision.usage, done.written
    return Finished(
        message.agent,
        call.project,
        call.data,
        call.frame or 0,
        told and unaddressed(told),
        written.added,
        written.replaced,
        written.kept,
        usage.seconds,
        usage.input_tokens,
        usage.output_tokens,
        usage.usd,
    )
