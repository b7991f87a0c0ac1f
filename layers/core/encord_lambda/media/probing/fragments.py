"""Movies in fragments (ISO 14496-12, 8.8): each has an index of its own, so that all of the file must be read."""

from encord_lambda.errors import Reject
from encord_lambda.media.probing import boxes, counts
from encord_lambda.media.probing.boxes import Box
from encord_lambda.media.probing.ranged_file import RangedFile


def check(file: RangedFile) -> None:
    """Fetch all of a movie in fragments, and see whether FFmpeg can be trusted with it.

    Raises:
        Reject: It is larger than the budget, or as `counts.check`.
    """
    if file.size > file.budget.total:
        raise Reject(
            f"it is fragmented and larger than {file.budget.words}: what it says of its frames is all over the file. "
            "Let Encord read it, or run `ffmpeg -i FILE -c copy -movflags +faststart COPY.mp4`"
        )
    content = file.whole()
    outermost = boxes.inside(content, Box(b"", 0, 0, len(content)))
    counts.check(b"".join(content[box.start : box.end] for box in outermost if box.kind != b"mdat"))
