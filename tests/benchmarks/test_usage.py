"""What AWS bills is counted by its rules, on the way through, and `make bench-usage` meets what its pipeline names."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import urllib3

from benchmarks.metered_aws import metered
from benchmarks.metering import Kind, Request, billed
from benchmarks.usage_stack import pipeline
from benchmarks.usage_taken import Taken, metrics, worked
from benchmarks.usage_world import usage_world
from encord_lambda.config import PipelineConfig
from sandbox import template
from sandbox.encord_twin.platform.records import StageType

CLAIM = {"task": {"S": "t"}, "lease": {"N": "1"}, "token": {"N": "1"}}
LIVE = {**CLAIM, "in_flight": {"S": "s"}}
FIRST, AGAIN = "attribute_not_exists(task)", "#token = :seen"


def dynamodb(operation: str, asked: dict[str, Any], answered: int = 0) -> Request:
    return Request("dynamodb", operation, "POST", "/", json.dumps(asked).encode(), answered)


def put(item: dict[str, Any], condition: str) -> Request:
    return dynamodb(
        "TransactWriteItems", {"TransactItems": [{"Put": {"Item": item, "ConditionExpression": condition}}]}
    )


def s3(method: str, target: str) -> Request:
    return Request("s3", "", method, target, b"", 0)


@pytest.mark.parametrize(
    ("request_", "kind", "amount"),
    [
        (put({"id": {"S": "job"}}, FIRST), Kind.WRITE_UNITS, 2),
        (put({"id": {"S": "j" * 1024}}, FIRST), Kind.WRITE_UNITS, 4),
        (put(LIVE, FIRST), Kind.WRITE_UNITS, 3),
        (put(LIVE, AGAIN), Kind.WRITE_UNITS, 4),
        (put(CLAIM, AGAIN), Kind.WRITE_UNITS, 3),
        (dynamodb("UpdateItem", {}), Kind.WRITE_UNITS, 1),
        (dynamodb("PutItem", {"Item": {"id": {"S": "i" * 2000}}}), Kind.WRITE_UNITS, 2),
        (dynamodb("BatchGetItem", {"RequestItems": {"claims": {"Keys": [{}] * 7}}}), Kind.READ_UNITS, 7),
        (dynamodb("GetItem", {"ConsistentRead": True}), Kind.READ_UNITS, 1),
        (dynamodb("GetItem", {}), Kind.READ_UNITS, 0.5),
        (dynamodb("Query", {}, answered=4097), Kind.READ_UNITS, 1),
        (s3("GET", "/bucket/a/key?X-Amz-Signature=0"), Kind.S3_READS, 1),
        (s3("HEAD", "/bucket/key"), Kind.S3_READS, 1),
        (s3("PUT", "/bucket/key"), Kind.S3_WRITES, 1),
        (s3("GET", "/bucket?list-type=2&prefix=a"), Kind.S3_WRITES, 1),
        (Request("events", "PutEvents", "POST", "/", b'{"Entries": [{}, {}]}', 0), Kind.EVENTS, 2),
        (Request("sqs", "SendMessageBatch", "POST", "/", b"{}", 0), Kind.SQS, 1),
        (Request("secretsmanager", "GetSecretValue", "POST", "/", b"{}", 0), Kind.SECRETS, 1),
    ],
    ids=lambda value: None if isinstance(value, str | int | float) else f"{value.service}-{value.operation}",
)
def test_a_request_is_billed_by_awss_rule(request_: Request, kind: Kind, amount: float) -> None:
    assert billed(request_) == {kind: amount}


def test_deleting_an_object_is_free() -> None:
    assert billed(s3("DELETE", "/bucket/key")) == {}


def test_what_has_no_rule_is_not_free() -> None:
    with pytest.raises(ValueError, match="no rule for what DynamoDB bills for Scan"):
        billed(dynamodb("Scan", {}))


@pytest.fixture
def far_side() -> Iterator[str]:
    """Answers what it was asked."""

    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(418)
            self.send_header("X-Path", self.path)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_request_is_passed_on_as_it_is_and_counted(far_side: str) -> None:
    signed = "AWS4-HMAC-SHA256 Credential=test/20261121/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
    headers = {"Authorization": signed, "X-Amz-Target": "AmazonSQS.SendMessage"}
    with metered(far_side) as aws, urllib3.PoolManager() as pool:
        answers = [pool.request("POST", f"{aws.url}/a%20b?c=d", body=b"body", headers=headers) for _ in range(2)]
        told = [(one.status, one.data, one.headers["X-Path"]) for one in answers]
        assert told == [(418, b"body", "/a%20b?c=d")] * 2
        assert aws.meter.reset() == {Kind.SQS: 2}
        assert aws.meter.reset() == {}


class Idle:
    """An instance that worked 10 s, 2 of them its processor."""

    worked, cpu_seconds = 10.0, 2.0


@pytest.mark.parametrize(("memory", "seconds"), [(1769, 10), (3008, 10), (1024, 10 + 2 * (1769 / 1024 - 1))])
def test_less_memory_makes_the_processors_part_longer(memory: int, seconds: float) -> None:
    function = template.Function("F", "f", "h", (), 60, memory, {})
    assert worked(function, Idle()) == pytest.approx(seconds)  # type: ignore[arg-type]


def test_metrics_are_told_by_name_and_values_of_dimensions_and_other_lines_are_none() -> None:
    declared = [{"Metrics": [{"Name": "Routed"}], "Dimensions": [["service"], ["pathway", "service"]]}]
    line = json.dumps({"_aws": {"CloudWatchMetrics": declared}, "service": "el", "pathway": "Cat"})
    assert metrics(line) == ["Routed of service el", "Routed of pathway Cat, service el"]
    assert [metrics(other) for other in ("START", "[]", '{"message": "Routed"}')] == [[], [], []]


def test_the_pipeline_works_on_the_stages_there_are_by_their_pathways() -> None:
    [project] = usage_world().projects
    stages = {stage.title: stage for stage in project.stages if stage.type is StageType.AGENT}
    configured = PipelineConfig.parse("pipeline.yaml", pipeline("http://127.0.0.1:1/detect")).stages
    assert [(one.project, one.stage) for one in configured] == [(project.uuid, title) for title in stages]
    assert all(set(one.pathways.values()) == set(stages[one.stage].pathways) for one in configured)


def test_every_operation_on_tables_that_a_role_allows_has_a_rule() -> None:
    allowed = set(re.findall(r"dynamodb:(\w+)", template.TEMPLATE.read_text()))
    assert {"BatchGetItem", "PutItem"} <= allowed
    asked: dict[str, Any] = {"RequestItems": {}, "TransactItems": []}
    assert all(billed(dynamodb(operation, asked)).keys() <= set(Kind) for operation in allowed)


def test_what_was_taken_is_shared_out_and_told_in_full() -> None:
    told = Taken(4.0, 2, 8.0, 0.5, {Kind.SQS: 6}, frozenset({"Swept"})).share(2).told()
    assert told.keys() == {"gb_seconds", "invocations", "seconds", "log_mb", *Kind}
    assert [told[name] for name in ("gb_seconds", "invocations", "seconds", "log_mb")] == [2, 1, 4, 0.25]
    assert (told[Kind.SQS], told[Kind.EVENTS]) == (3, 0)
