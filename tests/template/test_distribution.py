"""With a web ACL the editor's API is called through a distribution, and without one there is none."""

import re
from typing import Any

import pytest

from encord_lambda.editor_api import cors
from sandbox import template as reader

ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/editors/473e64fd-f30b-4765-81a0-62ad96dd167a"
ITS_OWN = {"Distribution", "DistributionSecret"}
SECRET = {"Fn::Sub": "{{resolve:secretsmanager:${DistributionSecret}}}"}


def stack(*, web_acl: bool) -> dict[str, Any]:
    """The template where the condition holds, or does not."""
    whole: dict[str, Any] = _decided(reader.load(), web_acl)
    made = {name: one for name, one in whole["Resources"].items() if web_acl or one.get("Condition") != "AsksWebAcl"}
    return whole | {"Resources": made}


def _decided(value: Any, web_acl: bool) -> Any:
    match value:
        case {"Fn::If": ["AsksWebAcl", then, otherwise]}:
            return _decided(then if web_acl else otherwise, web_acl)
        case dict():
            return {key: _decided(one, web_acl) for key, one in value.items()}
        case list():
            return [_decided(one, web_acl) for one in value]
    return value


def environment(whole: dict[str, Any]) -> Any:
    return reader.functions(whole)["EditorAgentFunction"].environment["DISTRIBUTION_SECRET"]


def addresses(whole: dict[str, Any]) -> list[str]:
    return [whole["Outputs"][name]["Value"]["Fn::Sub"] for name in ("EditorApiUrl", "TaskReadyUrl")]


def test_the_condition_is_that_a_web_acl_is_named() -> None:
    whole = reader.load()

    assert whole["Parameters"]["WebAclArn"]["Default"] == ""
    assert whole["Conditions"]["AsksWebAcl"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "WebAclArn"}, ""]}]}


@pytest.mark.parametrize(
    ("arn", "taken"),
    [
        ("", True),
        (ACL, True),
        (ACL.replace("global", "regional"), False),  # CloudFront takes none of these
        (ACL.replace("us-east-1", "eu-west-1"), False),
        ("editors", False),
    ],
)
def test_a_web_acl_is_named_by_the_arn_of_one_that_cloudfront_may_ask(arn: str, taken: bool) -> None:
    pattern = reader.load()["Parameters"]["WebAclArn"]["AllowedPattern"]

    assert bool(re.fullmatch(pattern, arn)) is taken


def test_without_one_there_is_no_distribution_and_the_apis_own_address_is_called() -> None:
    whole = stack(web_acl=False)

    assert not ITS_OWN & set(whole["Resources"])
    assert environment(whole) == ""
    api = "https://${EditorApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    assert addresses(whole) == [api, f"{api}/task-ready"]
    assert "Distribution" not in str([whole["Resources"], whole["Outputs"]]).replace("DISTRIBUTION", "")


def test_with_one_the_distribution_asks_it_before_the_api_and_is_the_address_to_call() -> None:
    whole = stack(web_acl=True)
    config = reader.of_type(whole, "AWS::CloudFront::Distribution")["Distribution"]["DistributionConfig"]

    assert (config["WebACLId"], config["Enabled"]) == ({"Ref": "WebAclArn"}, True)
    [origin] = config["Origins"]
    assert "${EditorApi}.execute-api." in origin["DomainName"]["Fn::Sub"]
    assert origin["CustomOriginConfig"] == {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
    assert addresses(whole) == ["https://${Distribution.DomainName}", "https://${Distribution.DomainName}/task-ready"]


def test_the_distribution_keeps_no_answer_and_hands_every_call_on_as_it_came_but_never_over_http() -> None:
    config = reader.of_type(stack(web_acl=True), "AWS::CloudFront::Distribution")["Distribution"]["DistributionConfig"]
    behaviour = config["DefaultCacheBehavior"]

    assert "CacheBehaviors" not in config
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
    assert behaviour["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # AllViewerExceptHostHeader
    assert {"OPTIONS", "POST", "GET"} <= set(behaviour["AllowedMethods"])
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert "Logging" not in config  # its log would have the paths, and with them the tokens


def test_the_function_knows_the_secret_that_the_distribution_adds_and_nobody_chose() -> None:
    whole = stack(web_acl=True)
    config = reader.of_type(whole, "AWS::CloudFront::Distribution")["Distribution"]["DistributionConfig"]
    [header] = config["Origins"][0]["OriginCustomHeaders"]

    assert header["HeaderName"].lower() == cors.DISTRIBUTION
    assert header["HeaderValue"] == environment(whole) == SECRET
    assert set(reader.of_type(whole, "AWS::SecretsManager::Secret")) == {"DistributionSecret"}
    made = reader.of_type(whole, "AWS::SecretsManager::Secret")["DistributionSecret"]["GenerateSecretString"]
    assert made["PasswordLength"] >= 32
