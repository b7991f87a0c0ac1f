"""Sound."""

import io

import av

from ..media_facts import AudioFacts, Facts, MediaKind
from .containers import check_length
from .undecodable import Undecodable

MIME_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "mov,mp4,m4a,3gp,3g2,mj2": "audio/mp4",
}


def inspect(body: bytes) -> Facts:
    """Decode every sample; a file that also has pictures is a video, not a sound.

    `codec` is the decoder's name, but for uncompressed sound plainly `pcm`, as uploaders write it.
    """
    check_length(body)
    try:
        with av.open(io.BytesIO(body), mode="r") as container:
            mime_type = MIME_TYPES.get(container.format.name)
            if container.streams.video or not container.streams.audio or mime_type is None:
                raise Undecodable("the file is not a readable sound: it must have an audio track and no pictures")
            stream = container.streams.audio[0]
            promised = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
            samples = sum(frame.samples for frame in container.decode(stream))
            facts = AudioFacts(stream.rate, stream.format.bits, _codec(stream.codec_context.name), stream.channels)
    except (av.FFmpegError, ValueError) as error:
        raise Undecodable(f"the file is not a readable sound: {error}") from error
    if not samples:
        raise Undecodable("the file is not a readable sound: it is silent from the start, without one sample")
    duration = samples / facts.sample_rate
    if duration < 0.9 * promised:  # coders pad and trim a little; a cut file lacks more
        raise Undecodable(f"the file is not a readable sound: it ends after {duration:.2f} of {promised:.2f} seconds")
    return Facts(MediaKind.AUDIO, mime_type, len(body), duration=duration, audio=facts)


def _codec(name: str) -> str:
    return "pcm" if name.startswith("pcm_") else name.removesuffix("float")
