"""docs/upgrading.md knows all that outlives a deployment."""

import ast
import re
from collections.abc import Iterator

from tests.docs.markdown import ROOT

PAGE = ROOT / "docs" / "upgrading.md"
# What others are made of, and never written itself.
BASES = {"Message", "_Sums"}


def versioned() -> Iterator[tuple[str, str]]:
    """The name of each class of ours with a version, its own or its base's, and its version."""
    for file in (ROOT / "layers" / "core" / "encord_lambda").rglob("*.py"):
        for found in ast.walk(ast.parse(file.read_text())):
            if isinstance(found, ast.ClassDef):
                fields = [one for one in found.body if isinstance(one, ast.AnnAssign)]
                version = [ast.unparse(one.annotation) for one in fields if ast.unparse(one.target) == "version"]
                inherited = BASES & {ast.unparse(base) for base in found.bases}
                yield from ((found.name, one) for one in version if one.startswith("Literal"))
                yield from ((found.name, "Literal[1]") for _ in inherited)


def test_everything_that_has_a_version_is_in_the_table() -> None:
    rows = [line.split("|")[1] for line in PAGE.read_text().splitlines() if line.startswith("| `")]

    assert set(re.findall(r"`(\w+)`", "".join(rows))) == {name for name, _ in versioned()} - BASES


def test_all_versions_are_1_as_the_page_says() -> None:
    assert "This version knows version 1 of each" in PAGE.read_text()
    assert {version for _, version in versioned()} == {"Literal[1]"}
