"""Mend what ministack's IAM sees otherwise than AWS's; after a deploy, for a stack whose roles count.

- AWS has no action `sqs:SendMessageBatch`: who may `sqs:SendMessage` may send batches. ministack wants both.
- The buckets refuse whatever comes without TLS, which is all there is on loopback.
"""

import json
from collections.abc import Iterator
from typing import Any

from boto3.session import Session

SEND, SEND_BATCH = "sqs:SendMessage", "sqs:SendMessageBatch"


def complete(session: Session, stack: str) -> None:
    """Mend the stack's roles and buckets; doing it twice changes nothing."""
    rows = session.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    made = [(row["ResourceType"], row.get("PhysicalResourceId", "")) for row in rows]
    for role in (name for kind, name in made if kind == "AWS::IAM::Role"):
        _allow_batches(session, role)
    for bucket in (name for kind, name in made if kind == "AWS::S3::Bucket"):
        session.client("s3").delete_bucket_policy(Bucket=bucket)


def _allow_batches(session: Session, role: str) -> None:
    iam: Any = session.client("iam")  # boto3-stubs knows it only with an extra of its own
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for statement in _senders(document):
            statement["Action"] = [*_actions(statement), SEND_BATCH]
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def _senders(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The statements that let somebody send single messages only."""
    for statement in document["Statement"]:
        if statement["Effect"] == "Allow" and SEND in _actions(statement) and SEND_BATCH not in _actions(statement):
            yield statement


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else list(actions)
