"""What `benchmarks.video` measures, each in a process of its own; prints one line of JSON.

python -m benchmarks.video_reading race <file> | peak <url>
"""

import json
import math
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av

from encord_lambda.agents.sampling import Sampling
from encord_lambda.media.decoding import Video
from encord_lambda.media.download import Downloads
from encord_lambda.media.video import SignedVideos

ROUNDS, EVERY_SECONDS = 5, 5
SAMPLING = Sampling(every_seconds=EVERY_SECONDS)


def main() -> None:
    """Run the one that is asked for."""
    measure = {"race": race, "peak": peak}[sys.argv[1]]
    sys.stdout.write(json.dumps(measure(sys.argv[2])))


def race(path: str) -> dict[str, float]:
    """Seconds of both readers, and how fast ours is as a share of the other's speed; medians of five rounds."""
    if _ours(path) != _bare(path):
        raise RuntimeError("the two readers do not read the same frames")
    rounds = [(_seconds(_ours, path), _seconds(_bare, path)) for _ in range(ROUNDS)]
    share = statistics.median(bare / ours for ours, bare in rounds)
    ours, bare = (statistics.median(times) for times in zip(*rounds, strict=True))
    return {"frames": len(_ours(path)), "ours": ours, "bare": bare, "x_bare": round(share, 2)}


def peak(url: str) -> dict[str, int]:
    """The most memory this process held while it took pictures of the film."""
    frames = sum(1 for _ in SignedVideos(Downloads(allow_private=True)).sample(url, SAMPLING, lambda: math.inf))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"frames": frames, "peak_mb": round(kilobytes * 1024 / 1e6)}


def _seconds(read: Callable[[str], list[int | None]], path: str) -> float:
    started = time.perf_counter()
    read(path)
    return time.perf_counter() - started


def _ours(path: str) -> list[int | None]:
    with Path(path).open("rb") as file:
        video = Video(file)
        return [None if frame is None else frame.pts for _, frame in video.frames(video.index.due(SAMPLING))]


def _bare(path: str) -> list[int | None]:
    found: list[int | None] = []
    with av.open(path) as container:
        stream = container.streams.video[0]
        if stream.duration is None:
            raise RuntimeError("a film that does not say how long it is")
        step = int(EVERY_SECONDS / stream.time_base)
        for due in range(0, stream.duration, step):
            container.seek(due, stream=stream)
            found.append(next(frame.pts for frame in container.decode(stream) if (frame.pts or 0) >= due))
    return found


if __name__ == "__main__":
    main()
