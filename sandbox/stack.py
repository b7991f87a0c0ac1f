"""What a deployed stack made, by the names it has on this AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from boto3.session import Session

QUEUES = ("Uploads", "Registrations", "Tasks", "Calls")


@dataclass(frozen=True, slots=True)
class Stack:
    """The outputs and the functions of the deployed template."""

    uploads_bucket: str
    records_bucket: str
    claims_table: str
    registrations_table: str
    api_url: str  # reachable from here; the stack's own output names a host that only AWS has
    task_ready_url: str  # likewise
    queue_urls: Mapping[str, str]  # by the names above
    dead_letter_urls: Mapping[str, str]
    functions: Mapping[str, str]  # logical id, as in the template -> name
    log_groups: Mapping[str, str]  # logical id of the function -> name of its log group

    @classmethod
    def read(cls, session: Session, endpoint: str, name: str) -> Self:
        """Ask CloudFormation for a deployed stack."""
        cloudformation = session.client("cloudformation")
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
        rows = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        made = {row["LogicalResourceId"]: row.get("PhysicalResourceId", "") for row in rows}
        api_url = f"{endpoint}/_aws/execute-api/{made['EditorApi']}/%24default"
        functions = [row["LogicalResourceId"] for row in rows if row["ResourceType"] == "AWS::Lambda::Function"]
        return cls(
            uploads_bucket=outputs["UploadsBucketName"],
            records_bucket=outputs["RecordsBucketName"],
            claims_table=outputs["TaskClaimsTableName"],
            registrations_table=made["Registrations"],
            api_url=api_url,
            task_ready_url=api_url + urlsplit(outputs["TaskReadyUrl"]).path,
            queue_urls={queue: outputs[f"{queue}QueueUrl"] for queue in QUEUES},
            dead_letter_urls={queue: outputs[f"{queue}DeadLettersUrl"] for queue in QUEUES},
            functions={function: made[function] for function in functions},
            log_groups={function: made[function.removesuffix("Function") + "Logs"] for function in functions},
        )
