"""A deployed stack, for the desk: what its outputs and resources are called."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from encord_lambda.aws.trouble import translated
from encord_lambda.errors import Misconfigured

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

_NOT_LOGGED_IN = (
    CredentialRetrievalError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "SignatureDoesNotMatch"}


@contextmanager
def logged_in() -> Iterator[None]:
    """Make the first clients and the first request in the block.

    Raises:
        Misconfigured: There are no AWS credentials or no (such) region, or the credentials are of no use (any more).
    """
    try:
        yield
    except _NOT_LOGGED_IN as error:
        raise Misconfigured(f"AWS cannot be asked: {_login(str(error))}") from None
    except ClientError as error:
        if error.response["Error"].get("Code") not in _EXPIRED:
            raise
        raise Misconfigured(f"AWS cannot be asked: {_login(error.response['Error'].get('Message', ''))}") from None


class Stack:
    """One stack, by its name. Nothing is asked before it must be."""

    def __init__(self, cloudformation: "CloudFormationClient", name: str) -> None:
        self._cloudformation, self.name = cloudformation, name

    def output(self, key: str) -> str:
        """The value of an output.

        Raises:
            Misconfigured: There is no such stack, or it has no such output.
        """
        if found := self._outputs.get(key):
            return found
        raise self._too_old(f"output {key}")

    def resource(self, logical_id: str) -> str:
        """What AWS calls a resource of the template.

        Raises:
            Misconfigured: There is no such stack, it has no such resource, or CloudFormation has not made it.
        """
        doing = f"look up {logical_id} of the stack '{self.name}'"
        with translated(doing), logged_in():
            try:
                answer = self._cloudformation.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
            except ClientError as error:
                if error.response["Error"].get("Code") != "ValidationError" or not self._described:
                    raise
                raise self._too_old(f"resource {logical_id}") from None
        detail = answer["StackResourceDetail"]
        if found := detail.get("PhysicalResourceId"):
            return found
        told = f"the stack '{self.name}' has not made its {logical_id}: {detail['ResourceStatus']}"
        raise Misconfigured(f"{told}; CloudFormation's console lists its events. Mend it and deploy again")

    def all_of(self, kind: str) -> list[str]:
        """What AWS calls the resources of a type, such as `AWS::Lambda::Function`, that it has made."""
        with translated(f"list the resources of the stack '{self.name}'"), logged_in():
            pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name)
            every = [one for page in pages for one in page["StackResourceSummaries"]]
        names = [one.get("PhysicalResourceId") for one in every if one["ResourceType"] == kind]
        return [name for name in names if name]

    @property
    def status(self) -> str:
        """CloudFormation's word for it, such as `UPDATE_COMPLETE`.

        Raises:
            Misconfigured: There is no such stack.
        """
        return self._described["StackStatus"]

    @property
    def parameters(self) -> Mapping[str, str]:
        """What it was deployed with.

        Raises:
            Misconfigured: There is no such stack.
        """
        return {one["ParameterKey"]: one["ParameterValue"] for one in self._described.get("Parameters", [])}

    @property
    def _outputs(self) -> Mapping[str, str]:
        return {output["OutputKey"]: output["OutputValue"] for output in self._described.get("Outputs", [])}

    @cached_property
    def _described(self) -> "StackTypeDef":
        with translated(f"look up the stack '{self.name}'"), logged_in():
            try:
                [found] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
            except ClientError as error:
                if error.response["Error"].get("Code") != "ValidationError":
                    raise
                region = self._cloudformation.meta.region_name
                told = f"there is no stack '{self.name}' in {region}, in the account of these credentials"
                raise Misconfigured(f"{told}: name yours with --stack, or its region with AWS_REGION") from None
        return found

    def _too_old(self, lacking: str) -> Misconfigured:
        return Misconfigured(
            f"the stack '{self.name}' has no {lacking}: it is of an older version of encord-lambda, which a deployment "
            "of this one mends, or it is some other stack: name yours with --stack"
        )


def _login(told: str) -> str:
    return (
        f"{told.rstrip('.')}. Log in, for example with `aws configure sso` and AWS_PROFILE; AWS_REGION names the region"
    )
