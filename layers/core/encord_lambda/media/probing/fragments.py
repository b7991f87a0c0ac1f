"""Movies in fragments (ISO 14496-12, 8.8): each has an index of its own, so that all of the file must be read."""

from encord_lambda.errors import Reject
from encord_lambda.media.probing import boxes, single_track
from encord_lambda.media.probing.boxes import Box
from encord_lambda.media.probing.movies import Movie, Track
from encord_lambda.media.probing.ranged_file import RangedFile


def check(file: RangedFile, movie: Movie) -> None:
    """Whether FFmpeg can be trusted with a movie in fragments, as `single_track.check` for one without.

    Raises:
        Reject: It is larger than the budget, or has more than a million samples.
    """
    if file.size > file.budget.total:
        raise Reject(
            f"it is fragmented and larger than {file.budget.words}: what it says of its frames is all over the file. "
            "Let Encord read it, or run `ffmpeg -i FILE -c copy -movflags +faststart COPY.mp4`"
        )
    content = file.whole()
    for box in boxes.inside(movie.index, movie.root):
        if box.kind == b"trak":
            single_track.check(Track(movie.index, box, movie.budget))
    root = Box(b"", 0, 0, len(content))
    runs = (
        run
        for fragment in boxes.inside(content, root)
        if fragment.kind == b"moof"
        for part in boxes.inside(content, fragment)
        if part.kind == b"traf"
        for run in boxes.inside(content, part)
        if run.kind == b"trun"
    )
    count = sum(int.from_bytes(content[run.body + 4 : run.body + 8]) for run in runs)
    if count > single_track.MOST_SAMPLES:
        raise Reject(f"its fragments have {count:,} samples: let Encord read it")
