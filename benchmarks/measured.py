"""docs/measured.json: what benchmarks printed last, each under the command that printed it.

    make bench-usage | python -m benchmarks.measured bench-usage

Passes on what the benchmark prints, and keeps its result line. `make measure` does it for all that docs/cost.md needs.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent.parent / "docs" / "measured.json"
RESULT: Final = "RESULT "

type Json = Mapping[str, Any]


def read() -> Mapping[str, Json]:
    """Results by command, such as `make bench-usage`."""
    kept: Mapping[str, Json] = json.loads(FILE.read_text(encoding="utf-8"))
    return kept


def with_result(kept: Mapping[str, Json], target: str, lines: Iterable[str]) -> dict[str, Json]:
    """The results with that of a target of make, whose lines these are.

    Raises:
        ValueError: There is no result line: the benchmark failed.
    """
    results = [line.removeprefix(RESULT) for line in lines if line.startswith(RESULT)]
    if not results:
        raise ValueError(f"make {target} printed no line that begins with {RESULT.strip()}")
    return {**kept, f"make {target}": json.loads(results[-1])}


def main() -> int:
    """Standard input to standard output, and the result into the file."""
    lines = []
    for line in sys.stdin:
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line)
    try:
        kept = with_result(read(), sys.argv[1], lines)
    except ValueError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    FILE.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
