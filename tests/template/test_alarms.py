"""Whoever must know is told: an alarm reaches the topic, the topic may be written to, and anybody can look it up."""

import re
from typing import Any

import pytest

from encord_lambda.dispatch.sweep import QUEUED_LEASE
from sandbox import template as reader
from tests.docs.markdown import ROOT
from tests.template import watched
from tests.template.watched import ALARMS, WHOLE

WATCHED = watched.alarming()
PARAMETERS = WHOLE["Parameters"]


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_is_told_to_the_topic(alarm: str) -> None:
    assert ALARMS[alarm]["AlarmActions"] == [{"Ref": "AlarmTopic"}]


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_says_what_silence_means(alarm: str) -> None:
    """What reports whenever it is well is missed if it does not; of what has nothing to do nothing is heard."""
    expected = "breaching" if alarm == "SweepMissedAlarm" else "notBreaching"
    assert ALARMS[alarm]["TreatMissingData"] == expected


def test_an_alarm_can_be_looked_up_with_the_first_thing_to_do() -> None:
    rows = re.findall(r"^\| `(\w+Alarm)` \| .+ \| .+ \|$", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)

    assert sorted(rows) == sorted(ALARMS)
    assert all("docs/operations.md" in ALARMS[alarm]["AlarmDescription"] for alarm in ALARMS)


def test_the_topic_is_encrypted_with_a_key_that_cloudwatch_may_use() -> None:
    (topic,) = reader.of_type(WHOLE, "AWS::SNS::Topic").values()
    assert topic["KmsMasterKeyId"] == {"Ref": "AlarmKey"}
    key = WHOLE["Resources"]["AlarmKey"]["Properties"]["KeyPolicy"]
    policy = WHOLE["Resources"]["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]
    assert _of_cloudwatch(key)["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert _of_cloudwatch(policy)["Action"] == "sns:Publish"


def test_mail_is_sent_only_if_somebody_is_named() -> None:
    mail = WHOLE["Resources"]["AlarmMail"]
    assert PARAMETERS["AlarmEmail"]["Default"] == ""
    assert WHOLE["Conditions"][mail["Condition"]] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}
    assert mail["Properties"] == {
        "TopicArn": {"Ref": "AlarmTopic"},
        "Protocol": "email",
        "Endpoint": {"Ref": "AlarmEmail"},
    }


def test_every_queue_has_an_alarm_of_its_oldest_message_and_every_function_one_of_its_errors() -> None:
    ages = {one.of.partition(".")[0] for one in WATCHED.values() if one.name == "ApproximateAgeOfOldestMessage"}
    failing = {one.of for one in WATCHED.values() if one.name == "Errors"}

    assert ages == {queue for queue in reader.of_type(WHOLE, "AWS::SQS::Queue") if not queue.endswith("DeadLetters")}
    assert failing == set(reader.of_type(WHOLE, "AWS::Serverless::Function"))


def test_calls_that_are_answered_with_a_failure_raise_an_alarm_though_no_invocation_fails() -> None:
    assert WATCHED["EditorCallsFailedAlarm"].name == "EditorCallsFailed"
    assert (ALARMS["EditorCallsFailedAlarm"]["Statistic"], ALARMS["EditorCallsFailedAlarm"]["Threshold"]) == ("Sum", 5)


def test_a_task_is_said_to_wait_too_long_when_sweeps_begin_to_queue_it_again() -> None:
    assert ALARMS["OldestTaskAlarm"]["Threshold"] == QUEUED_LEASE.total_seconds()


def test_a_sweep_is_missed_only_after_several_by_the_schedule() -> None:
    assert PARAMETERS["SweepSchedule"]["Default"] == "rate(1 minute)"
    patience = PARAMETERS["SweepMissedMinutes"]
    assert ALARMS["SweepMissedAlarm"]["EvaluationPeriods"] == {"Ref": "SweepMissedMinutes"}
    assert patience["Default"] >= 5
    # An alarm looks back one day at the most.
    assert max(patience["AllowedValues"]) * ALARMS["SweepMissedAlarm"]["Period"] <= 24 * 3600


def test_silence_is_missed_in_short_periods() -> None:
    """Where data points lack, CloudWatch judges by older ones for some periods more: of an hour, for some hours."""
    periods = [alarm["Period"] for alarm in ALARMS.values() if alarm["TreatMissingData"] == "breaching"]
    assert periods == [60]


def test_stacks_of_one_account_do_not_answer_for_each_other() -> None:
    """All emit into the same namespace: the dimension `service` tells them apart."""
    assert WHOLE["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == {
        "Ref": "AWS::StackName"
    }
    assert {one.of for one in WATCHED.values() if one.namespace == "EncordLambda"} == {"AWS::StackName"}


def _of_cloudwatch(policy: dict[str, Any]) -> dict[str, Any]:
    (statement,) = [one for one in policy["Statement"] if one["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert isinstance(statement, dict)
    return statement
