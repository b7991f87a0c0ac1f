"""What the built layers and cold handlers may take, and what they take.

    .venv/bin/python -m toolchain.budgets      (after `make build`)

It prints rows for docs/performance.md#budgets; tests hold the limits.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox import rie
from sandbox import template as reader

# Unzipped. Lambda refuses a function and layers of more than 250.
FUNCTION_MB = 240
# A package that came along unseen, or its tests, would be over.
LAYER_MB: Mapping[str, int] = {
    "CoreLayer": 6,
    "AgentsLayer": 1,
    "RuntimeLayer": 55,
    "ModelsLayer": 58,
    "VideoLayer": 136,
    "ProbingLayer": 44,
    "ScoringLayer": 182,
}
# Modules when Lambda has set a function up, with the interpreter's. A few more of ours are no harm; a package is.
MODULES: Mapping[str, int] = {
    "RegisterUploadsFunction": 400,
    "TrackRegistrationsFunction": 400,
    "TaskReadyFunction": 320,
    "SweepStagesFunction": 330,
    "RunTasksFunction": 1640,  # a queue waits, so all it will need is imported at once: preloading.py
    "EditorAgentFunction": 440,
    "FinishCallsFunction": 850,
    "ScoreBenchmarkFunction": 1100,
}
# Each takes from 40 ms to half a second. Who needs one imports it in its first event, or, of these, at once.
HEAVY = {"PIL", "av", "boto3", "cryptography", "encord", "fastapi", "numpy", "openai", "pydicom", "pypdf", "requests"}
AT_ONCE: Mapping[str, set[str]] = {
    "RunTasksFunction": {"PIL", "boto3", "cryptography", "encord", "openai", "requests"},
    "FinishCallsFunction": {"cryptography", "encord", "requests"},
    "ScoreBenchmarkFunction": {"numpy"},
}
_ASK = """
import sys
sys.path[:0] = sys.argv[1:]
import handler, json
print(json.dumps(sorted(sys.modules)))
"""


def megabytes(*folders: Path) -> float:
    """What all files below take together, in millions of bytes."""
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file()) / 1e6


def imported(function: reader.Function) -> set[str]:
    """The modules that are there once the built function's handler is imported, before any event."""
    folders = [reader.BUILD / function.name, *(reader.BUILD / layer / "python" for layer in reversed(function.layers))]
    environment = reader.environment(reader.load(), function) | {"AWS_LAMBDA_FUNCTION_NAME": function.name}
    command = [str(part) for part in (rie.PYTHON, "-I", "-c", _ASK, *folders)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{function.name} does not load: run `make build`\n{run.stderr}")
    return set(json.loads(run.stdout.splitlines()[-1]))


def rows() -> list[str]:
    """A row of the table for each layer and function: what it is, its limit, what it takes now."""
    functions = reader.functions(reader.load()).values()
    whole = max(megabytes(*(reader.BUILD / name for name in (one.name, *one.layers))) for one in functions)
    return [
        *(f"| `{layer}` | {most} MB | {megabytes(reader.BUILD / layer):.1f} MB |" for layer, most in LAYER_MB.items()),
        f"| a function with its layers | {FUNCTION_MB} MB | {whole:.1f} MB |",
        *(f"| `{one.name}` | {MODULES[one.name]:,} modules | {len(imported(one)):,} |" for one in functions),
    ]


if __name__ == "__main__":
    sys.stdout.writelines(f"{row}\n" for row in rows())
