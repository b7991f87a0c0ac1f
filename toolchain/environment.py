"""Print what samconfig.toml overrides for an environment, as words for a shell: `… toolchain/environment.py prod`.

`sam deploy` drops the `parameter_overrides` of its file as soon as one is given on the command line, so `make deploy`,
which gives some, hands it these as well.
"""

import shlex
import sys
import tomllib
from pathlib import Path

CONFIG = Path(__file__).resolve().parent.parent / "samconfig.toml"


def overrides(environment: str) -> list[str]:
    """The environment's parameters, `Name=value` each.

    Raises:
        SystemExit: There is no such environment; `sam` itself would go on without a word.
    """
    environments = {name: one for name, one in tomllib.loads(CONFIG.read_text()).items() if isinstance(one, dict)}
    if environment not in environments:
        raise SystemExit(f"samconfig.toml has no environment {environment!r}; there are {', '.join(environments)}")
    return shlex.split(environments[environment]["deploy"]["parameters"].get("parameter_overrides", ""))


if __name__ == "__main__":
    sys.stdout.write(shlex.join(overrides(sys.argv[1])) + "\n")
