"""What somebody waits for is not kept waiting by imports that it has no need of."""

import json
import subprocess
import sys

import pytest

from sandbox import template

HEAVY = {"boto3", "botocore.session", "encord", "fastapi", "openai", "PIL"}
ASK = """
import json, sys
from functions.editor_agent import handler
answer = handler.lambda_handler(json.loads(sys.argv[1]), type("Context", (), {
    "function_name": "f", "memory_limit_in_mb": 1, "invoked_function_arn": "a", "aws_request_id": "r"}))
print(json.dumps([answer["statusCode"], sorted(sys.modules)]))
"""


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_a_test_ping_and_a_preflight_are_answered_without_the_sdks_and_fastapi(method: str) -> None:
    event = json.loads((template.ROOT / "events" / "editor_agent_test_ping.json").read_text())
    event["requestContext"]["http"]["method"] = method
    function = template.functions(template.load())["EditorAgentFunction"]
    environment = template.environment(template.load(), function) | {"AWS_LAMBDA_FUNCTION_NAME": "f"}

    run = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(event)],
        cwd=template.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    status, modules = json.loads(run.stdout.splitlines()[-1])
    assert status in {200, 204}
    assert HEAVY & set(modules) == set()
