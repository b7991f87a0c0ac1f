"""Print the parameters that `sam deploy` is given, as words for a shell: `… toolchain/environment.py prod Name=value`.

They are those that samconfig.toml has for the environment, what is named behind it, and what the variable PARAMETERS
says, the later in place of the earlier: `sam` drops the `parameter_overrides` of its file as soon as one is given on
the command line. No shell reads PARAMETERS, so nothing in it is a command.
"""

import os
import shlex
import sys
import tomllib
from collections.abc import Iterable
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


def quoted(words: Iterable[str]) -> list[str]:
    """The same, of a name's words the last, each as `sam` takes it: it cuts `rate(5 minutes)` off at the space.

    Raises:
        SystemExit: A word is not `Name=value`.
    """
    values = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise SystemExit(f"{word!r} is no parameter: say Name=value, and quote values that have spaces")
        values[name] = value
    return ['{}="{}"'.format(name, value.replace('"', r"\"")) for name, value in values.items()]


if __name__ == "__main__":
    _, environment, *named = sys.argv
    words = [*overrides(environment), *named, *shlex.split(os.environ.get("PARAMETERS", ""))]
    sys.stdout.write(f"{shlex.join(quoted(words))}\n")
