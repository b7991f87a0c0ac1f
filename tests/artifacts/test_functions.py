"""What is deployed can be loaded and answers, with nothing but its own layers to import from."""

from collections.abc import Callable

import pytest

from sandbox import rie
from sandbox import template as reader

FUNCTIONS = list(reader.functions(reader.load()))
BEHIND_A_QUEUE = [
    "RegisterUploadsFunction",
    "TrackRegistrationsFunction",
    "RunTasksFunction",
    "FinishCallsFunction",
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_built_function_loads_and_an_empty_batch_is_no_work(function: str, start: Callable[..., rie.Runtime]) -> None:
    """A missing dependency, a wrong handler path or a setting read at import would be a `Runtime.…` error."""
    runtime = start(function)
    answer = runtime.invoke({"not": "an event it knows"})
    kind = answer.get("errorType", "") if isinstance(answer, dict) else ""
    assert not kind.startswith(("Runtime.", "Sandbox.")), answer
    assert kind not in {"ImportError", "ModuleNotFoundError"}, answer
    if function in BEHIND_A_QUEUE:
        assert runtime.invoke({"Records": []}) == {"batchItemFailures": []}
