"""A function decodes video with nothing but its own layers to import from."""

import subprocess
from pathlib import Path

from sandbox import rie
from sandbox import template as reader
from tests.adapters.clips import clip, even

DECODE = """
import sys
sys.path[:0] = sys.argv[2:]
from encord_lambda.media.decoding import Video
from encord_lambda.media.stills import still
with open(sys.argv[1], "rb") as file:
    frames = list(Video(file).frames([0, 7, 19]))
print([number for number, frame in frames if still(frame).mime_type == "image/jpeg"])
"""


def test_frames_become_pictures_as_built(build: Path, tmp_path: Path) -> None:
    layers = [build / layer / "python" for layer in reader.functions(reader.load())["RunTasksFunction"].layers]
    (tmp_path / "clip.mp4").write_bytes(clip(shown=even(20)))
    command: list[str | Path] = [rie.PYTHON, "-I", "-c", DECODE, tmp_path / "clip.mp4", *layers]

    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (run.stdout.strip(), run.stderr) == ("[0, 7, 19]", "")
