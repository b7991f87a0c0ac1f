"""How boto3's clients are set, where its own ways do not suit."""

from typing import Final

from botocore.config import Config

BULK: Final = Config(
    # botocore's own check of what is sent takes as long as all else it does, and the service checks it again.
    parameter_validation=False,
    max_pool_connections=64,
    # The usual one names all there is around, and is put together anew for each request.
    user_agent="encord-lambda",
    # By default one request could outlast the function. Claims bear being sent again, and receivers a second message.
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 4},
)
"""For requests of hundreds of parts, the longest of which takes a tenth of a second: twenty and back-off at most."""
