"""Run one built function on one event: `make invoke FUNCTION=… EVENT=events/….json [ENV=env.json]`.

The answer goes to standard output, the function's logs to standard error. ENV is a file in the format of
`sam local invoke --env-vars`: variables per function, or for all under "Parameters".
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox import rie, template

USAGE = "usage: make invoke FUNCTION=<logical id> EVENT=events/<name>.json [ENV=env.json]"


def main(arguments: Sequence[str]) -> int:
    """Invoke as the arguments say; the exit status is 1 if the function raised."""
    if len(arguments) not in {2, 3}:
        sys.exit(f"{USAGE}\nfunctions: {', '.join(template.functions(template.load()))}")
    name, event, *files = arguments
    whole = template.load()
    known = template.functions(whole)
    if name not in known:
        sys.exit(f"no function {name} in template.yaml; there are {', '.join(known)}")
    variables = template.environment(whole, known[name]) | overrides(_json(files[0]) if files else {}, name)
    answer = invoke(known[name], variables, _json(event))
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    return 1 if isinstance(answer, dict) and "errorType" in answer else 0


def invoke(function: template.Function, variables: Mapping[str, str], event: object) -> Any:
    """The function's answer; its logs are passed on when it has answered."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        try:
            with rie.running(function, variables, log) as runtime:
                return runtime.invoke(event, timeout=function.timeout + 30)
        except rie.NotRunnableError as error:
            sys.exit(str(error))
        finally:
            sys.stderr.write(log.read_text(errors="replace") if log.exists() else "")


def overrides(file: Any, function: str) -> dict[str, str]:
    """The variables an env file sets for a function; its own entry wins over "Parameters"."""
    return {**file.get("Parameters", {}), **file.get(function, {})}


def _json(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text())
    except OSError as error:
        sys.exit(f"{path}: {error.strerror}")
    except json.JSONDecodeError as error:
        sys.exit(f"{path}:{error.lineno}:{error.colno}: {error.msg}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
