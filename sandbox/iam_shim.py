"""Mend what ministack's IAM sees otherwise than AWS's; after a deploy, for a stack whose roles count.

- AWS has no actions for batches and transactions: who may `sqs:SendMessage` may send batches. ministack wants both.
- The buckets refuse whatever comes without TLS, which is all there is on loopback.
"""

import json
from typing import Any

from boto3.session import Session

ONE_AND_MANY = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
    "dynamodb:PutItem": "dynamodb:TransactWriteItems",
}


def complete(session: Session, stack: str) -> None:
    """Mend the stack's roles, policies and buckets; doing it twice changes nothing."""
    rows = session.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    made = [(row["ResourceType"], row.get("PhysicalResourceId", "")) for row in rows]
    for role in (name for kind, name in made if kind == "AWS::IAM::Role"):
        _mend_role(session, role)
    for policy in (name for kind, name in made if kind == "AWS::IAM::ManagedPolicy"):
        _mend_policy(session, policy)
    for bucket in (name for kind, name in made if kind == "AWS::S3::Bucket"):
        session.client("s3").delete_bucket_policy(Bucket=bucket)


def _mend_role(session: Session, role: str) -> None:
    iam: Any = session.client("iam")  # boto3-stubs knows it only with an extra of its own
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=_mended(document))


def _mend_policy(session: Session, arn: str) -> None:
    iam: Any = session.client("iam")
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    before = json.dumps(document, sort_keys=True)
    if (mended := _mended(document)) != before:
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=mended, SetAsDefault=True)


def _mended(document: dict[str, Any]) -> str:
    for statement in document["Statement"]:
        actions = _actions(statement)
        if statement["Effect"] == "Allow":
            statement["Action"] = sorted({*actions, *(ONE_AND_MANY[one] for one in actions if one in ONE_AND_MANY)})
    return json.dumps(document, sort_keys=True)


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else list(actions)
