"""The stack as a whole: it lints, explains its parameters, guards its data, and lets the Label Editor in."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from encord_lambda.editor_api.cors import ALLOWED_HEADERS
from sandbox import http_api_shim
from sandbox import template as reader

CFN_LINT = reader.ROOT / ".venv-sam" / "bin" / "cfn-lint"
ENCORD_APPS = ["https://app.encord.com", "https://app.us.encord.com"]


def test_the_transformed_template_lints_clean(transformed: Path) -> None:
    """cfn-lint looks at SAM resources only from outside; wrong references show up after the transform."""
    assert _lint(transformed) == ""


def test_lint_would_see_a_queue_too_short_lived_for_its_function(transformed: Path, tmp_path: Path) -> None:
    """A gate that never closes is none."""
    whole = json.loads(transformed.read_text())
    whole["Resources"]["TasksQueue"]["Properties"]["VisibilityTimeout"] = 3
    (tmp_path / "broken.json").write_text(json.dumps(whole))
    assert "E3505" in _lint(tmp_path / "broken.json")


def _lint(template: Path) -> str:
    """What cfn-lint finds; an empty string if it is content."""
    done = subprocess.run([CFN_LINT, template], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else str(done.stdout + done.stderr)


def test_every_parameter_and_output_explains_itself(template: dict[str, Any]) -> None:
    for name, entry in {**template["Parameters"], **template["Outputs"]}.items():
        assert entry["Description"].strip().endswith("."), name


def test_what_is_secret_is_handed_over_as_an_arn(template: dict[str, Any]) -> None:
    secrets = [name for name in template["Parameters"] if "Secret" in name]
    assert secrets == ["EncordKeySecretArn", "OpenAiKeySecretArn", "DetectorTokenSecretArn", "EncordWebhookSecretArn"]
    defaults = {name: template["Parameters"][name].get("Default") for name in secrets}
    assert defaults == dict.fromkeys(secrets[:2]) | dict.fromkeys(secrets[2:], "")


def test_the_label_editor_may_call_from_encords_apps_and_from_nowhere_else(template: dict[str, Any]) -> None:
    (api,) = reader.of_type(template, "AWS::Serverless::HttpApi").values()
    cors = api["CorsConfiguration"]
    assert cors["AllowOrigins"][:-1] == ENCORD_APPS
    assert cors["AllowOrigins"][-1]["Fn::If"][:2] == ["OwnEditorOrigin", {"Ref": "EditorOrigin"}]
    assert cors["AllowMethods"] == ["GET", "POST", "OPTIONS"]
    assert cors["AllowHeaders"] == ALLOWED_HEADERS.split(", ")


@pytest.mark.parametrize(("own", "origins"), [("", []), ("https://encord.example.com", ["https://encord.example.com"])])
def test_the_sandbox_knows_the_origins_that_a_condition_is_left_for(
    transformed: Path, own: str, origins: list[str]
) -> None:
    bodies = [
        one.get("Properties", {}).get("Body") for one in json.loads(transformed.read_text())["Resources"].values()
    ]
    (body,) = filter(None, bodies)
    cors = body["x-amazon-apigateway-cors"]

    listed = http_api_shim.with_listed_origins(body, own)["x-amazon-apigateway-cors"]
    assert listed == cors | {"allowOrigins": ENCORD_APPS + origins}
    assert listed["allowHeaders"] == ALLOWED_HEADERS.split(", ")


def test_the_api_is_throttled_and_its_log_holds_no_path_for_that_may_end_in_a_token(template: dict[str, Any]) -> None:
    (api,) = reader.of_type(template, "AWS::Serverless::HttpApi").values()
    assert api["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert api["RouteSettings"]["POST /task-ready"]["ThrottlingRateLimit"] > 0
    assert api["AccessLogSettings"]["DestinationArn"]
    # The only ones, so that no path, query or header of a request can ever be among them.
    assert set(json.loads(api["AccessLogSettings"]["Format"]).values()) == {
        "$context.requestId",
        "$context.identity.sourceIp",
        "$context.requestTime",
        "$context.routeKey",
        "$context.status",
        "$context.responseLatency",
        "$context.integrationErrorMessage",
    }


def test_every_method_of_the_label_editors_addresses_reaches_the_app(template: dict[str, Any]) -> None:
    function = reader.of_type(template, "AWS::Serverless::Function")["EditorAgentFunction"]
    routes = {(event["Properties"]["Method"], event["Properties"]["Path"]) for event in function["Events"].values()}
    assert routes == {("ANY", "/"), ("ANY", "/agents"), ("ANY", "/agents/{proxy+}"), ("GET", "/openapi.json")}


@pytest.mark.parametrize("bucket", ["UploadsBucket", "RecordsBucket"])
def test_a_bucket_is_private_encrypted_and_outlives_the_stack(template: dict[str, Any], bucket: str) -> None:
    resource = template["Resources"][bucket]
    assert set(resource["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert resource["Properties"]["BucketEncryption"]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_uploads_are_told_to_eventbridge_and_records_to_nobody(template: dict[str, Any]) -> None:
    buckets = reader.of_type(template, "AWS::S3::Bucket")
    notifications = buckets["UploadsBucket"]["NotificationConfiguration"]
    assert notifications == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert "NotificationConfiguration" not in buckets["RecordsBucket"]
    assert buckets["RecordsBucket"]["VersioningConfiguration"] == {"Status": "Enabled"}


@pytest.mark.parametrize(("name", "keys"), [("TaskClaims", ["task", "stage"]), ("Spend", ["name"])])
def test_a_tables_items_expire_by_themselves_and_can_be_restored(
    template: dict[str, Any], name: str, keys: list[str]
) -> None:
    table = reader.of_type(template, "AWS::DynamoDB::Table")[name]
    assert [key["AttributeName"] for key in table["KeySchema"]] == keys
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_every_bucket_refuses_plain_http(template: dict[str, Any]) -> None:
    """The sandbox takes the first away (ministack has no TLS), so nothing but this test holds it."""
    buckets = reader.of_type(template, "AWS::S3::Bucket")
    policies = {one["Bucket"]["Ref"]: one for one in reader.of_type(template, "AWS::S3::BucketPolicy").values()}
    assert set(policies) == set(buckets)
    for name in buckets:
        (statement,) = policies[name]["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_annotators_browsers_may_read_the_stacks_own_uploads(template: dict[str, Any]) -> None:
    (rule,) = reader.of_type(template, "AWS::S3::Bucket")["UploadsBucket"]["CorsConfiguration"]["CorsRules"]
    own = {"Fn::If": ["OwnEditorOrigin", {"Ref": "EditorOrigin"}, {"Ref": "AWS::NoValue"}]}
    assert rule["AllowedOrigins"] == [*ENCORD_APPS, own]
    assert rule["AllowedMethods"] == ["GET", "HEAD"]


def test_nothing_has_a_fixed_name(transformed: Path) -> None:
    """A second stack in the same account and region would fail on it."""
    resources = json.loads(transformed.read_text())["Resources"]
    literal = {
        resource["Type"]
        for resource in resources.values()
        for key, value in resource.get("Properties", {}).items()
        if key.endswith("Name") and isinstance(value, str)
    }
    # The stage is `$default`, an alarm has a metric's name, and SAM puts a hash of the content into a layer's.
    assert literal <= {"AWS::ApiGatewayV2::Stage", "AWS::CloudWatch::Alarm", "AWS::Lambda::LayerVersion"}
