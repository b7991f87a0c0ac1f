"""How boto3's clients are set for requests of hundreds of parts."""

from typing import Final

from botocore.config import Config

BULK: Final = Config(parameter_validation=False)
"""Without botocore's own check of what is sent, which takes as long as all else it does; the service checks again."""
