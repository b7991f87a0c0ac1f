"""What a function is given is what its code asks for: handler, settings, layers, permissions."""

from collections.abc import Iterator
from typing import Any

import pytest

from encord_lambda import settings
from sandbox import template as reader

WHOLE = reader.load()
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
CONSUMES = {*LOGS, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
FUNCTIONS = reader.functions(WHOLE)
PROPERTIES = reader.of_type(WHOLE, "AWS::Serverless::Function")
# Powertools, the logger and pydantic read these themselves.
NOT_OURS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "LOG_LEVEL", "PYDANTIC_DISABLE_PLUGINS"}
# AWS accepts no resource here but `*`.
WITHOUT_RESOURCES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_handler_exists(function: reader.Function) -> None:
    module, _, name = function.handler.partition(".")
    source = reader.ROOT / function.code / f"{module}.py"
    assert f"def {name}(" in source.read_text() or f"{name} = " in source.read_text()


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_environment_is_exactly_what_the_settings_read(function: reader.Function) -> None:
    model: type[settings.Settings] = getattr(settings, function.name.removesuffix("Function"))
    assert set(function.environment) - NOT_OURS == {field.upper() for field in model.model_fields}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_its_layers_exist_and_are_no_more_than_lambda_allows(function: reader.Function) -> None:
    assert set(function.layers) <= set(reader.of_type(WHOLE, "AWS::Serverless::LayerVersion"))
    assert len(function.layers) <= 5


@pytest.mark.parametrize("function", FUNCTIONS)
def test_it_has_a_role_and_a_log_group_of_its_own(function: str) -> None:
    """That keeps out the managed policies SAM would attach, which are good for every queue and log."""
    name = function.removesuffix("Function")
    assert PROPERTIES[function]["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
    assert PROPERTIES[function]["LoggingConfig"]["LogGroup"] == {"Ref": f"{name}Logs"}
    assert reader.of_type(WHOLE, "AWS::Logs::LogGroup")[f"{name}Logs"]["RetentionInDays"]


def test_nothing_is_allowed_on_everything() -> None:
    for where, statement in _allowing_statements():
        actions, resources = _listed(statement["Action"]), _listed(statement["Resource"])
        assert not [action for action in actions if "*" in action], where
        assert "*" not in resources or set(actions) <= WITHOUT_RESOURCES, where


ALLOWED = {
    "CommonPolicy": {
        "secretsmanager:GetSecretValue",
        "s3:GetObject",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
    },
    "RegistrationPolicy": {
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:ListBucket",
        "s3:PutObject",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "sqs:SendMessage",
        "events:PutEvents",
    },
    "RegisterUploadsRole": CONSUMES,
    "TrackRegistrationsRole": {*CONSUMES, "sqs:ChangeMessageVisibility"},
    "TaskReadyRole": {
        *LOGS,
        "s3:GetObject",
        "events:PutEvents",
        "secretsmanager:GetSecretValue",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
    },
    "SweepStagesRole": {*LOGS, "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:Query", "sqs:SendMessage"},
    "RunTasksRole": {
        *CONSUMES,
        "sqs:ChangeMessageVisibility",
        "sqs:SendMessage",
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "s3:GetObject",
        "s3:PutObject",
        "sagemaker:InvokeEndpoint",
        "secretsmanager:GetSecretValue",
    },
    "EditorAgentRole": {
        *LOGS,
        "sqs:SendMessage",
        "dynamodb:UpdateItem",
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
    },
    "ScoreBenchmarkRole": {
        *LOGS,
        "s3:GetObject",
        "s3:PutObject",
        "s3:ListBucket",
        "dynamodb:BatchGetItem",
        "events:PutEvents",
    },
    "FinishCallsRole": {
        *CONSUMES,
        "sqs:ChangeMessageVisibility",
        "sqs:SendMessage",
        "dynamodb:UpdateItem",
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
    },
}


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_allows_what_its_function_calls_and_no_more(role: str) -> None:
    """The end-to-end test, with roles enforced, shows that it is enough; this, that it is not more."""
    allowed = {action for where, one in _allowing_statements() if where == role for action in _listed(one["Action"])}
    assert allowed == ALLOWED[role]


def test_who_hears_the_whole_internet_cannot_read_the_encord_key() -> None:
    statements = [one for where, one in _allowing_statements() if where == "TaskReadyRole"]
    secrets = [one["Resource"] for one in statements if "secretsmanager:GetSecretValue" in _listed(one["Action"])]
    assert secrets == [{"Ref": "EncordWebhookSecretArn"}]
    assert "ManagedPolicyArns" not in WHOLE["Resources"]["TaskReadyRole"]["Properties"]


def test_a_refusal_applies_to_everybody() -> None:
    """The buckets' policies deny, so there `*` is the strict choice."""
    for bucket in ("UploadsBucketPolicy", "RecordsBucketPolicy"):
        statements = WHOLE["Resources"][bucket]["Properties"]["PolicyDocument"]["Statement"]
        assert [(s["Effect"], s["Principal"]) for s in statements] == [("Deny", "*")]


def _allowing_statements() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, policy in reader.of_type(WHOLE, "AWS::IAM::ManagedPolicy").items():
        yield from ((name, statement) for statement in policy["PolicyDocument"]["Statement"])
    for name, role in reader.of_type(WHOLE, "AWS::IAM::Role").items():
        assert {one["Ref"] for one in role.get("ManagedPolicyArns", [])} <= {"CommonPolicy", "RegistrationPolicy"}
        for policy in role["Policies"]:
            yield from ((name, _permitted(statement)) for statement in policy["PolicyDocument"]["Statement"])


def _permitted(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement, or what it is where its condition holds."""
    return statement["Fn::If"][1] if "Fn::If" in statement else statement


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
