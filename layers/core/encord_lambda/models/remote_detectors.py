"""Detectors of every kind, behind the one protocol that agents know."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from encord_lambda import config_prelabel
from encord_lambda.agents.agent import Picture
from encord_lambda.agents.detector import Detected
from encord_lambda.models.http_detector import HttpDetector
from encord_lambda.models.open_inference import OpenInferenceDetector
from encord_lambda.models.posting import Poster
from encord_lambda.models.sagemaker_detector import SageMakerDetector

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient


class RemoteDetectors:
    """Asks whichever detector is configured; safe to share between threads.

    `runtime` makes boto3's client `sagemaker-runtime`, and is called once the first such detector is asked.
    """

    def __init__(self, poster: Poster, runtime: "Callable[[], SageMakerRuntimeClient]") -> None:
        self._http = HttpDetector(poster)
        self._open_inference = OpenInferenceDetector(poster)
        self._runtime = runtime

    def detect(self, configured: config_prelabel.RemoteDetector, picture: Picture) -> Detected:
        """What the configured detector sees.

        Raises:
            Trouble: As the detector of its kind.
        """
        match configured:
            case config_prelabel.HttpDetector():
                return self._http.detect(configured, picture)
            case config_prelabel.OpenInferenceDetector():
                return self._open_inference.detect(configured, picture)
            case config_prelabel.SageMakerDetector():
                return SageMakerDetector(self._runtime()).detect(configured, picture)
