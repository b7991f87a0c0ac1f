"""A whole stack in moto, made of template.yaml, and all that it works with: secrets, an Encord, a model, agents."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import create_server
from typing import Any

import boto3
import pytest
import uvicorn
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.backends import get_backend

from encord_lambda.doctor.deployed import SCORE, SWEEP
from encord_lambda.editor_api.app import create_app
from sandbox import serving, template
from sandbox.encord_twin import Twin
from tests.cli.encord import DATASET, FOLDER, PETS

KINDS = {"AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::Events::Rule"}
ORIGIN = "https://labels.example.com"
MAY_ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [MAY_ASSUME]}}}
SCHEDULES = {"sweep": SWEEP, "score": SCORE}
PIPELINE = """\
version: 1
registrations:
  - {{prefix: pets/, integration: aws, folder: {folder}, datasets: [{dataset}]}}
stages:
  - project: {project}
    stage: Agent 1
    agent: {{kind: classify, model: "openai:gpt-4o-mini", classification: Animal, prompt: prompts/animals.md}}
    pathways: {{Cat: Cat, Dog: Other, Bird: Other, otherwise: Other}}
  - project: {project}
    stage: Twin
    agent:
      kind: prelabel
      detector: {{kind: http, url: "{model}/detect"}}
      classes: {{cat: Thing}}
      accept: 0.9
      review: 0.5
    pathways: {{otherwise: Go}}
editor_agents:
  scene:
    kind: describe
    model: openai:gpt-4o
    classification: Scene
    signing_secret: encord-lambda/editor-agents/scene
"""


@dataclass(frozen=True, slots=True)
class Doctored:
    """The stack, and ways to do it harm."""

    twin: Twin
    model_url: str
    outputs: dict[str, str]

    def resource(self, logical_id: str) -> str:
        told = boto3.client("cloudformation").describe_stack_resource(
            StackName="encord-lambda", LogicalResourceId=logical_id
        )
        return told["StackResourceDetail"]["PhysicalResourceId"]

    def trigger(self, function: str) -> str:
        """The id of what hands a function its messages."""
        found = boto3.client("lambda").list_event_source_mappings(FunctionName=self.resource(function))
        [one] = found["EventSourceMappings"]
        return one["UUID"]

    def configure(self, text: str) -> None:
        boto3.client("s3").put_object(Bucket=self.outputs["RecordsBucketName"], Key="pipeline.yaml", Body=text.encode())

    def hide_for(self, queue: str, seconds: int) -> None:
        boto3.client("sqs").set_queue_attributes(
            QueueUrl=self.outputs[f"{queue}Url"], Attributes={"VisibilityTimeout": str(seconds)}
        )

    def schedule(self, name: str, state: Any) -> None:
        arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{self.resource(SCHEDULES[name])}"
        asked: Any = {
            "Name": name,
            "ScheduleExpression": "rate(1 minute)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": arn, "RoleArn": "arn:aws:iam::123456789012:role/clock"},
            "State": state,
        }
        scheduler: Any = boto3.client("scheduler")
        known = {one["Name"] for one in scheduler.list_schedules()["Schedules"]}
        (scheduler.update_schedule if name in known else scheduler.create_schedule)(**asked)

    def deny(self, service: str, operation: str) -> None:
        """Have AWS refuse it from now on."""

        def refuse(**_: object) -> None:
            told: Any = {"Error": {"Code": "AccessDeniedException", "Message": f"you may not {service}:{operation}"}}
            raise ClientError(told, operation)

        assert boto3.DEFAULT_SESSION
        boto3.DEFAULT_SESSION.events.register(f"before-call.{service}.{operation}", refuse)

    def overheard(self) -> set[str]:
        """All that AWS is asked from now on, as `service:Operation`."""
        asked: set[str] = set()

        def hear(model: Any, **_: object) -> None:
            asked.add(f"{model.service_model.signing_name}:{model.name}")

        assert boto3.DEFAULT_SESSION
        boto3.DEFAULT_SESSION.events.register("before-call", hear)
        return asked

    def store(self, name: str, text: str) -> None:
        boto3.client("secretsmanager").put_secret_value(SecretId=name, SecretString=text)

    @property
    def pipeline(self) -> str:
        return PIPELINE.format(project=PETS, folder=FOLDER, dataset=DATASET, model=self.model_url)


@contextmanager
def doctored(twin: Twin, model_url: str) -> Iterator[Doctored]:
    """All is well with it."""
    with pytest.MonkeyPatch.context() as monkeypatch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        boto3.setup_default_session()
        stack = Doctored(twin, model_url, _made(twin, model_url))
        _complete(stack)
        yield stack


def _made(twin: Twin, model_url: str) -> dict[str, str]:
    secrets = boto3.client("secretsmanager")
    kept = {"EncordKey": twin.key, "OpenAiKey": "sk-very-secret", "DetectorToken": "token"}
    parameters = {
        f"{name}SecretArn": secrets.create_secret(Name=name, SecretString=text)["ARN"] for name, text in kept.items()
    }
    secrets.create_secret(Name="encord-lambda/editor-agents/scene", SecretString="signing")
    parameters |= {"EncordDomain": twin.url, "OpenAiBaseUrl": f"{model_url}/v1"}
    parameters |= {"EditorOrigin": ORIGIN, "AllowPrivateMedia": "true"}
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(
        StackName="encord-lambda",
        TemplateBody=json.dumps(_template()),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )
    [found] = cloudformation.describe_stacks(StackName="encord-lambda")["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


@contextmanager
def agents_at(origin: str) -> Iterator[str]:
    """The editor agents' address, whose answers pages of this origin may read."""
    app = create_app(_nobody, _nobody, lambda: {origin}, lambda _: None)
    with create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=0)
        with serving.served(config, listener, "editor-agents"):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _nobody() -> Any:
    raise AssertionError("a try of the address is no call of an agent")


def _complete(stack: Doctored) -> None:
    """What moto leaves out of a stack."""
    s3, bucket = boto3.client("s3"), stack.outputs["UploadsBucketName"]
    rule: Any = {"AllowedOrigins": ["https://*.example.com"], "AllowedMethods": ["GET", "HEAD"]}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    assert boto3.DEFAULT_SESSION
    boto3.DEFAULT_SESSION.events.register("after-call.s3.GetBucketNotificationConfiguration", tell_of_events)
    for name in SCHEDULES:
        stack.schedule(name, "ENABLED")
    stack.configure(stack.pipeline)
    s3.put_object(Bucket=stack.outputs["RecordsBucketName"], Key="prompts/animals.md", Body=b"$questions")


def tell_of_events(parsed: dict[str, Any], context: Any, **_: object) -> None:
    """moto knows whether a bucket sends its events to EventBridge, and does not say so."""
    del context
    [kept] = [one for one in get_backend("s3")["123456789012"]["aws"].buckets.values() if "uploads" in one.name]
    if kept.notification_configuration and kept.notification_configuration.event_bridge is not None:
        parsed["EventBridgeConfiguration"] = {}


def _template() -> dict[str, Any]:
    """template.yaml as far as moto can make it, with SAM's functions and triggers as CloudFormation's own."""
    whole = template.load()
    resources = {name: one for name, one in whole["Resources"].items() if one["Type"] in KINDS} | {"Role": ROLE}
    for name, function in template.of_type(whole, "AWS::Serverless::Function").items():
        resources[name] = _resource("AWS::Lambda::Function", _function(function["Timeout"]))
        for event in function["Events"].values():
            if event["Type"] == "SQS":
                resources[f"{name}Trigger"] = _resource("AWS::Lambda::EventSourceMapping", _trigger(name, event))
    kept = ("QueueUrl", "LettersUrl", "BucketName")
    outputs = {name: one for name, one in whole["Outputs"].items() if name.endswith(kept)}
    return {
        "Parameters": whole["Parameters"],
        "Conditions": whole["Conditions"],
        "Resources": resources,
        "Outputs": outputs,
    }


def _resource(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def _function(timeout: int) -> dict[str, Any]:
    role, code = {"Fn::GetAtt": ["Role", "Arn"]}, {"ZipFile": "pass"}
    return {"Runtime": "python3.13", "Handler": "handler.h", "Role": role, "Timeout": timeout, "Code": code}


def _trigger(function: str, event: dict[str, Any]) -> dict[str, Any]:
    told = event["Properties"]
    return {
        "FunctionName": {"Ref": function},
        "EventSourceArn": told["Queue"],
        "BatchSize": told["BatchSize"],
        "MaximumBatchingWindowInSeconds": told.get("MaximumBatchingWindowInSeconds", 0),
    }
