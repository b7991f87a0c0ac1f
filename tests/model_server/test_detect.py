"""The detectors' protocols, and the server as a process."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from PIL import Image

from sandbox.artwork import Drawing, draw
from sandbox.model_server.animals import iou
from sandbox.model_server.script import Status, Text
from sandbox.model_server.server import Server
from tests.model_server.conversation import a_cat, base64_of, png

ROOT = Path(__file__).parents[2]


def post(server: Server, image: Image.Image) -> httpx.Response:
    return httpx.post(f"{server.url}/detect", content=png(image), headers={"Content-Type": "image/png"})


def in_fractions(drawing: Drawing) -> tuple[float, ...]:
    return tuple(edge / side for edge, side in zip(drawing.box, drawing.image.size * 2, strict=True))


def test_a_cat_is_found_where_it_was_drawn(server: Server) -> None:
    drawing = draw("Cat", 101)
    best = post(server, drawing.image).json()["detections"][0]

    x, y, width, height = best["box"]
    x0, y0, x1, y1 = in_fractions(drawing)
    assert best["label"] == "cat"
    assert best["confidence"] > 0.5
    assert iou((x, y, x + width, y + height), (x0, y0, x1, y1)) > 0.6


def test_a_sagemaker_endpoint_sees_the_same(server: Server) -> None:
    reply = httpx.post(f"{server.url}/endpoints/animals/invocations", content=png(a_cat()))

    assert reply.json() == post(server, a_cat()).json()


def test_the_open_inference_protocol_sees_the_same_in_pixels(server: Server) -> None:
    drawing = draw("Cat", 101)
    tensor = {"name": "image", "shape": [1], "datatype": "BYTES", "data": [base64_of(png(drawing.image))]}
    reply = httpx.post(f"{server.url}/v2/models/animals/infer", json={"inputs": [tensor]}).json()

    boxes, scores, labels = (reply["outputs"][place] for place in range(3))
    seen = post(server, drawing.image).json()["detections"]
    assert boxes["shape"] == [1, len(seen), 4]
    assert labels["data"] == [one["label"] for one in seen]
    assert scores["data"] == pytest.approx([one["confidence"] for one in seen], abs=1e-4)
    assert boxes["data"][0] / drawing.image.width == pytest.approx(seen[0]["box"][0], abs=1e-4)


@pytest.mark.parametrize("body", [b"", b"no picture", b'{"image": ""}'])
def test_what_is_no_picture_is_refused(server: Server, body: bytes) -> None:
    reply = httpx.post(f"{server.url}/detect", content=body)

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "invalid_image")


@pytest.mark.parametrize("body", [{}, {"inputs": []}, {"inputs": [{"name": "image", "shape": [1], "data": ["eA=="]}]}])
def test_an_inference_without_its_tensor_is_refused(server: Server, body: dict[str, object]) -> None:
    assert httpx.post(f"{server.url}/v2/models/animals/infer", json=body).status_code == 400


def test_a_scripted_failure_reaches_the_detector_s_caller(server: Server) -> None:
    server.enqueue(Status(503, retry_after=2))
    reply = post(server, a_cat())

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "2")


def test_a_scripted_text_is_the_whole_answer(server: Server) -> None:
    server.enqueue(Text('{"detections": ['))

    assert post(server, a_cat()).text == '{"detections": ['


def test_the_process_says_it_is_ready_and_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "sandbox.model_server", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.rsplit(" ", 1)[1].strip()
        ready = httpx.get(f"{url}/ready")
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=10) == 0
    assert line.startswith("model server ready at http://127.0.0.1:")
    assert ready.json()["status"] == "ready"
