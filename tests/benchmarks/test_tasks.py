"""A short run of `make bench-tasks`: every contender does its tasks, and it ends with its result line."""

import base64
import json
import subprocess
import sys

import pytest

from benchmarks import late_server, pictures, slow_model
from sandbox.ministack import PYTHON, ROOT

CONTENDERS = {"seed_loop", "sequential_runner", "queue_runner", "ours_1", "ours_10", "ours_100"}


@pytest.mark.skipif(not PYTHON.exists(), reason="needs .venv-ministack: run `python3 toolchain/prepare.py`")
def test_a_short_run_ends_with_a_result_line_over_tasks_that_were_all_done() -> None:
    command = [sys.executable, "-m", "benchmarks.tasks", "--tasks", "20", "--slow", "3", "--model-seconds", "0.05"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    *_, last = run.stdout.splitlines()
    result = json.loads(last.removeprefix("RESULT "))
    scalars = {"requests_per_task", "connections_per_task", "share_of_ideal", "peak_mb"}
    ratios = {"x_seed_loop", "x_sequential_runner", "x_queue_runner"}
    assert result.keys() == scalars | ratios | {"gb_seconds_per_1000"}
    assert result["gb_seconds_per_1000"].keys() == CONTENDERS
    assert all(result[key] > 0 for key in scalars | ratios)
    # One batch of 20: what a batch takes, and what the first one takes beside.
    assert result["requests_per_task"] <= 10 / 20


def test_no_two_pictures_are_the_same_and_each_says_what_it_shows() -> None:
    shown = list(pictures.pictures(130))
    assert len({jpeg for _, jpeg in shown}) == 130
    kinds = [pictures.kind_in(request(jpeg)) for _, jpeg in shown]
    assert kinds == [kind for kind, _ in shown]


def request(jpeg: bytes) -> bytes:
    return b'{"messages": [{"url": "data:image/jpeg;base64,' + base64.b64encode(jpeg) + b'"}]}'


@pytest.mark.parametrize(("form", "answer"), [("json_object", "classification"), ("json_schema", "answer")])
def test_the_slow_model_answers_in_the_shape_that_is_asked_for(form: str, answer: str) -> None:
    [(kind, jpeg)] = pictures.pictures(1)
    body = request(jpeg) + form.encode()
    _, completion = slow_model.completion("/v1/chat/completions", body)
    told = json.loads(json.loads(completion)["choices"][0]["message"]["content"])
    assert told[answer] == kind


@pytest.mark.parametrize(("head", "length"), [(b"POST / HTTP/1.1\r\ncontent-LENGTH: 12", 12), (b"GET / HTTP/1.1", 0)])
def test_a_body_is_as_long_as_its_head_says(head: bytes, length: int) -> None:
    assert late_server.content_length(head) == length
