"""The detector's protocol, and the server as a process."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from sandbox.artwork import draw
from sandbox.model_server.animals import iou
from sandbox.model_server.script import Status
from sandbox.model_server.server import Server
from tests.model_server.conversation import a_cat, base64_of, png

ROOT = Path(__file__).parents[2]


def test_a_cat_is_found_where_it_was_drawn(server: Server) -> None:
    drawing = draw("Cat", 101)
    width, height = drawing.image.size
    reply = httpx.post(f"{server.url}/detect", json={"image": base64_of(png(drawing.image))}).json()

    assert (reply["width"], reply["height"]) == (width, height)
    best = reply["detections"][0]
    x, y, w, h = (best["box"][key] for key in "xywh")
    x0, y0, x1, y1 = drawing.box
    assert best["label"] == "cat"
    assert best["score"] > 0.5
    assert iou((x, y, x + w, y + h), (x0 / width, y0 / height, x1 / width, y1 / height)) > 0.6


def test_a_url_of_this_machine_is_fetched_and_what_is_no_picture_refused(server: Server) -> None:
    reply = httpx.post(f"{server.url}/detect", json={"url": f"{server.url}/ready"})

    assert reply.status_code == 400
    assert "not a picture" in reply.json()["error"]["message"]


@pytest.mark.parametrize("url", ["http://192.0.2.1/cat.png", "file:///etc/hostname", "https://127.0.0.1/cat.png"])
def test_a_url_of_anywhere_else_is_refused_unfetched(server: Server, url: str) -> None:
    reply = httpx.post(f"{server.url}/detect", json={"url": url})

    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == "invalid_image"


@pytest.mark.parametrize("body", [{}, {"image": "", "url": ""}, {"image": 3}, {"image": "####"}])
def test_a_body_that_is_not_the_protocol_is_refused(server: Server, body: dict[str, object]) -> None:
    assert httpx.post(f"{server.url}/detect", json=body).status_code == 400


def test_a_scripted_failure_reaches_the_detector_s_caller(server: Server) -> None:
    server.enqueue(Status(503, retry_after=2))
    reply = httpx.post(f"{server.url}/detect", json={"image": base64_of(png(a_cat()))})

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "2")


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
