"""The pictures of a data unit, one after the other."""

from collections.abc import Generator

from encord_lambda.agents.agent import DataUnit, Picture, Tools
from encord_lambda.agents.sampling import Frame, Frames, Sampling
from encord_lambda.config_prelabel import FrameSampling
from encord_lambda.errors import Misconfigured, Reject


def frames(unit: DataUnit, configured: FrameSampling, tools: Tools) -> Generator[Frame]:
    """The sampled frames of a video, every picture of a group, or the one picture; one in memory at a time.

    Where only one frame is asked about, as in the Label Editor, it is that one. A group's picture that cannot be read
    is a damaged frame. Whoever does not take all must close the iterator, as of `Frames.sample`.

    Raises:
        Trouble: As the tools do.
        Misconfigured: It is a video, and there is nothing to decode it with.
    """
    if unit.alone or not (unit.is_video or unit.pictures):
        yield Frame(unit.frame, open_frame(unit, tools))
    elif unit.is_video:
        yield from _reader(tools).sample(unit.url, _sampling(configured), tools.time_left)
    else:
        of = len(unit.pictures)
        yield from (Frame(number, _readable(url, tools), of) for number, url in enumerate(unit.pictures))


def open_frame(unit: DataUnit, tools: Tools) -> Picture:
    """The picture on the unit's frame.

    Raises:
        Trouble: As the tools do.
        Misconfigured: As `frames`.
    """
    if unit.is_video:
        return _reader(tools).read(unit.url, unit.frame, tools.time_left)
    return tools.pictures.read(unit.url)


def _reader(tools: Tools) -> Frames:
    if tools.frames is None:
        raise Misconfigured("this function cannot decode videos: it lacks the layer `video`")
    return tools.frames


def _sampling(configured: FrameSampling) -> Sampling:
    return Sampling(
        configured.every, configured.seconds, configured.spread, configured.key_frames_first, configured.most
    )


def _readable(url: str, tools: Tools) -> Picture | None:
    try:
        return tools.pictures.read(url)
    except Reject:
        return None
