"""A message is retried, then kept where somebody is told; ministack would let most of this pass unseen."""

from typing import Any

import pytest

from encord_lambda import task_group
from sandbox import template as reader

WHOLE = reader.load()
QUEUES = reader.of_type(WHOLE, "AWS::SQS::Queue")
ALARMS = {
    name: alarm
    for name, alarm in reader.of_type(WHOLE, "AWS::CloudWatch::Alarm").items()
    if alarm["Namespace"] == "AWS/SQS"
}
WORK_QUEUES = [name for name in QUEUES if not name.endswith("DeadLetters")]
DEAD_LETTERS = [name for name in QUEUES if name.endswith("DeadLetters")]
CONSUMERS = {
    event["Properties"]["Queue"]["Fn::GetAtt"][0]: (name, event["Properties"])
    for name, function in reader.of_type(WHOLE, "AWS::Serverless::Function").items()
    for event in function["Events"].values()
    if event["Type"] == "SQS"
}


@pytest.mark.parametrize("queue", WORK_QUEUES)
def test_a_message_that_keeps_failing_ends_in_the_queues_own_dead_letters(queue: str) -> None:
    redrive = QUEUES[queue]["RedrivePolicy"]
    target = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert target == queue.removesuffix("Queue") + "DeadLetters"
    assert target in QUEUES
    assert redrive["maxReceiveCount"] >= 3  # fewer, and one hiccup of Encord's would bury a good task


@pytest.mark.parametrize("queue", DEAD_LETTERS)
def test_a_dead_letter_raises_an_alarm_and_waits_for_two_weeks(queue: str) -> None:
    alarms = [alarm for alarm in ALARMS.values() if _watched(alarm) == queue]
    assert len(alarms) == 1
    assert alarms[0]["Namespace"] == "AWS/SQS"
    assert alarms[0]["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert (alarms[0]["ComparisonOperator"], alarms[0]["Threshold"]) == ("GreaterThanThreshold", 0)
    assert QUEUES[queue]["MessageRetentionPeriod"] == 14 * 24 * 3600


@pytest.mark.parametrize("queue", WORK_QUEUES)
def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take(queue: str) -> None:
    """AWS's advice; the batching window comes on top: the clock starts when a message is collected."""
    consumer, mapping = CONSUMERS[queue]
    window = mapping.get("MaximumBatchingWindowInSeconds", 0)
    timeout = reader.functions(WHOLE)[consumer].timeout
    assert QUEUES[queue]["VisibilityTimeout"] >= 6 * timeout + window


@pytest.mark.parametrize("queue", WORK_QUEUES)
def test_a_consumer_reports_what_failed_and_never_overruns_encord(queue: str) -> None:
    _, mapping = CONSUMERS[queue]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2  # AWS's least
    # AWS refuses batches of more than ten without a window to collect them in.
    assert mapping["BatchSize"] <= 10 or mapping["MaximumBatchingWindowInSeconds"] >= 1


@pytest.mark.parametrize("queue", QUEUES)
def test_messages_are_encrypted(queue: str) -> None:
    assert QUEUES[queue]["SqsManagedSseEnabled"] is True


def test_only_the_uploads_rule_may_write_to_the_uploads_queue() -> None:
    (policy,) = reader.of_type(WHOLE, "AWS::SQS::QueuePolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["UploadsRule", "Arn"]}}}


def _watched(alarm: dict[str, Any]) -> str:
    (dimension,) = alarm["Dimensions"]
    assert dimension["Name"] == "QueueName"
    return str(dimension["Value"]["Fn::GetAtt"][0])


def test_a_task_is_leased_for_longer_than_its_message_is_hidden() -> None:
    """Else a sweep would queue it anew each time, and no message would ever be received often enough to be dead."""
    assert task_group.LEASE.total_seconds() > QUEUES["TasksQueue"]["VisibilityTimeout"]
