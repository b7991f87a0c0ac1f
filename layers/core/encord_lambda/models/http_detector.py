"""Detectors that speak our own JSON protocol: the picture's file goes out, detections come back (docs/detectors.md).

POST <url>
Content-Type: image/jpeg                    or image/png, image/webp: the picture's bytes are the body
Authorization: Bearer <token>               where the deployment has one

200 {"detections": [{"label": "cat", "confidence": 0.97, "box": [0.1, 0.2, 0.5, 0.6]}]}
"""

import time

from encord_lambda import config_prelabel
from encord_lambda.agents import detector_reply
from encord_lambda.agents.agent import Picture, Usage
from encord_lambda.agents.detector import Detected
from encord_lambda.models.posting import Poster, answered


class HttpDetector:
    """Asks servers; safe to share between threads."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    def detect(self, configured: config_prelabel.HttpDetector, picture: Picture) -> Detected:
        """What the server at `configured.url` sees.

        Raises:
            Trouble: As `Poster.post` and `detector_reply.read`.
        """
        started = time.perf_counter()
        answer = self._poster.post(configured.url, picture.content, picture.mime_type)
        with answered():
            return detector_reply.read(configured.url, answer, Usage(time.perf_counter() - started))
