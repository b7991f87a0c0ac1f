"""What a file is in numbers, for Encord to take as true: from a few ranged requests, without downloading it.

Needed where Encord may not read files itself ("strict client-only access"), and saves it the reading elsewhere.
"""

from encord_lambda.errors import Reject
from encord_lambda.media.probing.ranged_file import Fetch
from encord_lambda.registration.manifests.items import MediaMetadata, TextMetadata
from encord_lambda.registration.media import MediaType


class Prober:
    """Reads headers; safe to share between threads. Libraries are imported by the first file that needs them."""

    def probed(self, kind: MediaType, size: int, fetch: Fetch, first: bytes) -> MediaMetadata | None:
        """Metadata of a file of `size` bytes; None if Encord has none for its type.

        `first` are bytes the caller has already, the more the better: with 1 KB most images and sounds cost no request.
        With the caller's own, there are at most 2 requests and 256 KB, for video 4 and 2 MB.

        Raises:
            Reject: It is damaged, or what is to be known cannot be known within that budget; says which.
            Trouble: As `fetch` does.
        """
        if not size:
            raise Reject("the file is empty (0 bytes): upload it again")
        try:
            return _probed(kind, size, fetch, first)
        except Reject as reason:
            raise Reject(f"{kind.name} cannot be described: {reason.reason}") from None


def _probed(kind: MediaType, size: int, fetch: Fetch, first: bytes) -> MediaMetadata | None:
    match kind.section:
        case "images":
            from encord_lambda.media.probing.images import image_metadata

            return image_metadata(size, fetch, first, kind.mime_type)
        case "videos":
            from encord_lambda.media.probing.video import video_metadata

            return video_metadata(size, fetch, first, kind.mime_type)
        case "audio":
            from encord_lambda.media.probing.audio import audio_metadata

            return audio_metadata(size, fetch, first, kind.mime_type)
        case "pdfs":
            from encord_lambda.media.probing.pdf import pdf_metadata

            return pdf_metadata(size, fetch, first)
        case "dicom_series":
            from encord_lambda.media.probing.dicom import dicom_metadata

            return dicom_metadata(size, fetch, first)
        case "text":
            return TextMetadata(file_size=size, mime_type=kind.mime_type)
    return None
