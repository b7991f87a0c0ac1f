"""The HTTP API that the Label Editor calls: one agent, on one frame, while the annotator waits (seed 001).

Success is an empty 200, and the editor refreshes. Everything else is `{"message": …}`, which it shows. Workflows call
the same addresses, signed, and may be answered `{"decision": …}`.
"""

from encord_lambda.editor_api.app import create_app
from encord_lambda.editor_api.gateway import bounded

__all__ = ["bounded", "create_app"]
