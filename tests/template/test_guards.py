"""What must hold of anything that the template ever gets: wildcards, what is kept, logs, concurrency."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from sandbox import template as reader

WHOLE = reader.load()
TEXT = reader.TEMPLATE.read_text()
FUNCTIONS = reader.of_type(WHOLE, "AWS::Serverless::Function")
QUOTA = 1000  # concurrent executions of an account, unless it asked for more
# A type that keeps data: how one of its resources says that they are encrypted.
ENCRYPTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "AWS::S3::Bucket": lambda bucket: bool(bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]),
    "AWS::SQS::Queue": lambda queue: queue["SqsManagedSseEnabled"] is True,
    "AWS::DynamoDB::Table": lambda table: table["SSESpecification"] == {"SSEEnabled": True},
    # With a key of the stack's own: AWS's for topics lets no alarm in.
    "AWS::SNS::Topic": lambda topic: topic["KmsMasterKeyId"]["Ref"] in reader.of_type(WHOLE, "AWS::KMS::Key"),
}
BY_AWS_ITSELF = {
    "AWS::Logs::LogGroup",  # CloudWatch Logs encrypts all of them
    "AWS::SecretsManager::Secret",  # with the account's key aws/secretsmanager
    "AWS::Serverless::LayerVersion",
    "AWS::Serverless::Function",
}
KEEPS_NOTHING = {
    "AWS::CloudFront::Distribution",  # caches nothing: test_distribution.py
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Serverless::HttpApi",
}


def wildcards(text: str) -> Iterator[tuple[int, str]]:
    """Of statements that allow: the line, from 1 on, of each action or resource that is no named one or part of one."""
    for statement in _mappings(yaml.compose(text)):
        said = {key.value: value for key, value in statement.value}
        if getattr(said.get("Effect"), "value", "") == "Allow":
            for key, wild in (("Action", r"\*"), ("Resource", r"(^|:)\*"), ("Principal", r"^\*$")):
                for node in _scalars(said.get(key)):
                    if re.search(wild, node.value):
                        yield node.start_mark.line + 1, node.value


def test_a_wildcard_is_allowed_for_a_reason_that_stands_beside_it() -> None:
    lines = TEXT.splitlines()
    found = list(wildcards(TEXT))

    assert found
    assert [(number, value) for number, value in found if not re.search(r"# \S+ \S+", lines[number - 1])] == []


@pytest.mark.parametrize(
    ("statement", "wild"),
    [
        ("{Effect: Allow, Action: 's3:*', Resource: !Sub '${Bucket.Arn}/a/*'}", ["s3:*"]),
        ("{Effect: Allow, Action: [s3:GetObject, 'sqs:Get*'], Resource: '*'}", ["sqs:Get*", "*"]),
        ("{Effect: Allow, Action: a:B, Resource: [!Sub 'arn:aws:logs:x:y:*']}", ["arn:aws:logs:x:y:*"]),
        ("{Effect: Allow, Action: a:B, Principal: {AWS: '*'}}", ["*"]),
        ("{Effect: Deny, Action: 's3:*', Resource: '*', Principal: '*'}", []),
    ],
)
def test_a_wildcard_is_an_action_of_many_or_a_resource_without_a_name(statement: str, wild: list[str]) -> None:
    assert [value for _, value in wildcards(f"Statement: [{statement}]")] == wild


def test_nothing_is_kept_unencrypted() -> None:
    for kind, said in ENCRYPTED.items():
        for name, properties in reader.of_type(WHOLE, kind).items():
            assert said(properties), name


def test_of_every_type_of_resource_somebody_has_thought_what_it_keeps() -> None:
    types = {resource["Type"] for resource in WHOLE["Resources"].values()}

    assert types <= {*ENCRYPTED, *BY_AWS_ITSELF, *KEEPS_NOTHING}


def test_every_log_is_kept_as_long_as_the_parameter_says() -> None:
    groups = reader.of_type(WHOLE, "AWS::Logs::LogGroup")

    assert len(groups) == len(FUNCTIONS) + 1  # one for the API
    assert all(group["RetentionInDays"] == {"Ref": "LogRetentionDays"} for group in groups.values())


def test_what_the_internet_calls_takes_at_most_a_fifth_of_the_accounts_concurrency() -> None:
    """What queues feed is held by `MaximumConcurrency`, which test_queues.py wants of each."""
    reserved = {name for name, one in FUNCTIONS.items() if "ReservedConcurrentExecutions" in one}

    assert {name for name in FUNCTIONS if _at_once(name) > QUOTA / 5} == reserved == {"EditorAgentFunction"}
    assert FUNCTIONS["EditorAgentFunction"]["ReservedConcurrentExecutions"] == {
        "Fn::If": ["ReservesConcurrency", {"Ref": "EditorConcurrency"}, {"Ref": "AWS::NoValue"}]
    }
    assert 0 < WHOLE["Parameters"]["EditorConcurrency"]["Default"] <= QUOTA / 5


def _at_once(function: str) -> int:
    """How many a throttled flood of requests would have at work, if each took as long as it may."""
    events = [event for event in FUNCTIONS[function]["Events"].values() if event["Type"] == "HttpApi"]
    return max((_rate(event["Properties"]) * FUNCTIONS[function]["Timeout"] for event in events), default=0)


def _rate(route: dict[str, Any]) -> int:
    (api,) = reader.of_type(WHOLE, "AWS::Serverless::HttpApi").values()
    own = api["RouteSettings"].get(f"{route['Method']} {route['Path']}", api["DefaultRouteSettings"])
    return int(own["ThrottlingRateLimit"])


def _mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _mappings(one)


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    match node:
        case yaml.ScalarNode():
            yield node
        case yaml.SequenceNode():
            for one in node.value:
                yield from _scalars(one)
        case yaml.MappingNode():
            for _, value in node.value:
                yield from _scalars(value)
