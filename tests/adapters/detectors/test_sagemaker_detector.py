"""SageMaker endpoints: boto3's own client, against its stubber and against the sandbox's model server."""

import io
import json
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from encord_lambda.agents.boxes import overlap
from encord_lambda.agents.detector import Detected
from encord_lambda.config_prelabel import SageMakerDetector as Configured
from encord_lambda.errors import Misconfigured, Reject, Retry, Trouble
from encord_lambda.models import sagemaker_detector
from encord_lambda.models.sagemaker_detector import SageMakerDetector, impatient
from sandbox.model_server.script import Delay
from sandbox.model_server.server import Server
from tests.adapters.detectors.seeing import CAT, NOT_THERE, the_cat

CONFIGURED = Configured(kind="sagemaker", endpoint="animals")
SENT = {
    "EndpointName": "animals",
    "Body": CAT.content,
    "ContentType": "image/png",
    "Accept": "application/json",
}


def client(url: str = NOT_THERE, timeout: float = 10) -> Any:
    return boto3.client(
        "sagemaker-runtime",
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=impatient(timeout),
    )


def detect(runtime: Any) -> Detected:
    return SageMakerDetector(runtime).detect(CONFIGURED, CAT)


def answered(content: bytes) -> Detected:
    runtime = client()
    with Stubber(runtime) as stub:
        body = StreamingBody(io.BytesIO(content), len(content))
        stub.add_response("invoke_endpoint", {"Body": body, "ContentType": "application/json"}, SENT)
        return detect(runtime)


def failed(code: str, message: str = "", **fields: object) -> Trouble:
    runtime = client()
    with Stubber(runtime) as stub:
        stub.add_client_error("invoke_endpoint", code, message, expected_params=SENT, modeled_fields=fields)
        with pytest.raises(Trouble) as raised:
            detect(runtime)
    return raised.value


def test_the_picture_goes_out_and_detections_come_back() -> None:
    told = {"detections": [{"label": "cat", "confidence": 0.9, "box": [0.1, 0.2, 0.3, 0.4]}]}

    detected = answered(json.dumps(told).encode())

    assert [(one.label, one.confidence) for one in detected.detections] == [("cat", 0.9)]


def test_a_cat_is_found_where_it_was_drawn(server: Server) -> None:
    best = detect(client(server.url)).detections[0]

    assert best.label == "cat"
    assert overlap(best.shape, the_cat()) > 0.7


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ThrottlingException", Retry),
        ("ServiceUnavailable", Retry),
        ("InternalFailure", Retry),
        ("ModelNotReadyException", Retry),
        ("InternalDependencyException", Retry),
        ("ValidationError", Misconfigured),
        ("AccessDeniedException", Misconfigured),
        ("UnrecognizedClientException", Misconfigured),
    ],
)
def test_each_error_is_sorted(code: str, kind: type[Trouble]) -> None:
    raised = failed(code, "Endpoint animals of account 1 not found.")

    assert type(raised) is kind
    assert raised.reason == f"SageMaker endpoint animals: {code}: Endpoint animals of account 1 not found."


@pytest.mark.parametrize(("status", "kind"), [(400, Reject), (415, Reject), (429, Retry), (500, Retry), (503, Retry)])
def test_the_containers_own_status_decides(status: int, kind: type[Trouble]) -> None:
    raised = failed("ModelError", "Received error", OriginalStatusCode=status, OriginalMessage="too dark")

    assert type(raised) is kind
    assert raised.reason == f"SageMaker endpoint animals: HTTP {status}: too dark"
    assert not raised.billed


def test_an_answer_that_is_cut_off_may_be_whole_later() -> None:
    with pytest.raises(Retry, match="answered no JSON") as raised:
        answered(b'{"detections": [')
    assert raised.value.billed


def test_an_answer_without_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sagemaker_detector, "MOST_BYTES", 100)
    with pytest.raises(Reject, match="answered more than 100 bytes") as raised:
        answered(b" " * 101)
    assert raised.value.billed


def test_an_endpoint_that_cannot_be_reached_may_be_later() -> None:
    with pytest.raises(Retry) as raised:
        detect(client())

    assert type(raised.value) is Retry
    assert not raised.value.billed


def test_an_endpoint_that_takes_too_long_may_have_done_its_work(server: Server) -> None:
    server.enqueue(Delay(0.3))
    with pytest.raises(Retry) as raised:
        detect(client(server.url, 0.05))

    assert raised.value.billed
