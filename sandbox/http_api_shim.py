"""Give a deployed HTTP API its routes and its CORS headers, which ministack forgets.

SAM describes an HTTP API by an OpenAPI body. AWS reads it; ministack creates the API and leaves it without a
route. The template stays as it is: after each deploy we read the body it became and create what that says.
"""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from boto3.session import Session

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client

ANY = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"


def complete(session: Session, stack: str) -> None:
    """Create what is missing on every HTTP API of the stack; doing it twice changes nothing."""
    cloudformation = session.client("cloudformation")
    template: Any = cloudformation.get_template(StackName=stack, TemplateStage="Processed")["TemplateBody"]
    template = json.loads(template) if isinstance(template, str) else template
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in described["Parameters"]}
    rows = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    physical = {row["LogicalResourceId"]: row.get("PhysicalResourceId", "") for row in rows}
    for logical, resource in template["Resources"].items():
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in resource["Properties"]:
            body = with_listed_origins(resource["Properties"]["Body"], given["EditorOrigin"])
            _complete_api(session, physical[logical], body, physical)


def _complete_api(session: Session, api: str, body: dict[str, Any], physical: dict[str, str]) -> None:
    gateway = session.client("apigatewayv2")
    if cors := body.get("x-amazon-apigateway-cors"):
        gateway.update_api(ApiId=api, CorsConfiguration={_capital(key): value for key, value in cors.items()})  # type: ignore[arg-type]
    known = {route["RouteKey"] for route in gateway.get_routes(ApiId=api)["Items"]}
    for route, integration in _routes(body):
        if route not in known:
            name = physical[_function_behind(integration)]
            arn = session.client("lambda").get_function(FunctionName=name)["Configuration"]["FunctionArn"]
            _create_route(gateway, api, route, arn)


def with_listed_origins(body: dict[str, Any], own: str) -> dict[str, Any]:
    """The body whose allowed origins are texts alone: the user's own, if there is one, is left to a condition.

    What stands in the condition is of no use: ministack's SAM knows no parameters but by their defaults.
    """
    cors = body.get("x-amazon-apigateway-cors", {})
    origins = [own if isinstance(one, dict) else one for one in cors.get("allowOrigins", [])]
    return body | {"x-amazon-apigateway-cors": cors | {"allowOrigins": [one for one in origins if one]}}


def _routes(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            verb = "ANY" if method == ANY else method.upper()
            yield ("$default" if path == "/$default" else f"{verb} {path}"), operation[INTEGRATION]


def _function_behind(integration: dict[str, Any]) -> str:
    """The logical id inside `…/functions/${Logical.Arn}/invocations`."""
    found = re.search(r"\$\{(\w+)(?:\.\w+)?\}/invocations", json.dumps(integration["uri"]))
    if not found:
        raise ValueError(f"not a function's address: {integration['uri']}")
    return found[1]


def _create_route(gateway: "ApiGatewayV2Client", api: str, route: str, arn: str) -> None:
    made = gateway.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
    )
    gateway.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{made['IntegrationId']}")


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]
