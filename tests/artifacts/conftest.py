"""Start any built function under AWS's Runtime Interface Emulator."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from sandbox import rie
from sandbox import template as reader

# Nobody listens there: a function that calls AWS before it must is refused at once, and reaches nothing.
NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}


@pytest.fixture(scope="session")
def build() -> Path:
    """The folder `sam build` made; it must hold the sources of today."""
    if not (reader.BUILD / "template.yaml").exists():
        pytest.fail("nothing is built: run `make build`, or `make test`")
    for function in reader.functions(reader.load()).values():
        source, built = (
            reader.ROOT / function.code / "handler.py",
            reader.BUILD / function.name / "handler.py",
        )
        if not built.exists() or built.read_bytes() != source.read_bytes():
            pytest.fail(f"{function.name} was built from another source: run `make build`, or `make test`")
    return reader.BUILD


@pytest.fixture
def start(build: Path, tmp_path: Path) -> Iterator[Callable[..., rie.Runtime]]:
    """Start a function by its logical id, with the template's environment and any variables given on top."""
    whole = reader.load()

    def start_one(name: str, environment: Mapping[str, str] = {}) -> rie.Runtime:
        function = reader.functions(whole)[name]
        variables = reader.environment(whole, function) | NOWHERE | dict(environment)
        return stack.enter_context(rie.running(function, variables, tmp_path / f"{name}.log", build))

    with ExitStack() as stack:
        yield start_one
