#!/usr/bin/env python3
"""Prepare what `make` needs: a pinned uv, a Python 3.13 that runs, and one environment per family of tools.

    python3 toolchain/prepare.py dev sam rt ministack checkov

Runs on the system's own Python (3.9 or newer, with pip) and uses nothing but the standard library. Everything
lands inside the repository: `.toolchain/` holds uv and the commands the Makefile puts first on PATH, `.venv*`
the environments. Each carries a stamp, a hash of what it was made from, so a second run costs nearly nothing.
Versions are pinned in `toolchain/*.txt` and `uv.lock`, nowhere else.
"""

import concurrent.futures
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "toolchain"
STATE = ROOT / ".toolchain"
BIN = STATE / "bin"
UV = BIN / "uv"
PYTHON = "3.13"
# Run, not trusted: pyenv's shims are found on PATH and fail, and a Debian python may come without its ssl.
PROBE = "import sys, ssl, venv; print(sys.version_info[:2] == (3, 13) and sys.executable)"
ENVIRONMENTS = {
    "dev": ".venv",
    "sam": ".venv-sam",
    "rt": ".venv-rt",
    "ministack": ".venv-ministack",
    "checkov": ".venv-checkov",
}
COMPILED = {"rt", "ministack"}  # these never write any, and would compile all they import at every start
COMMANDS = {"sam": ("sam", "cfn-lint"), "ministack": ("aws",), "checkov": ("checkov",)}

NO_PIP = """`python3 -m pip` does not work here, and it is needed once, to fetch uv. Install it and try again:
  Debian or Ubuntu: apt-get install python3-pip
  otherwise: https://pip.pypa.io/en/stable/installation/"""
NO_PYTHON = """No Python 3.13 that runs was found, and Lambda's runtime is python3.13. Tried:
  1. what uv finds on this machine         nothing that runs
  2. pyenv's versions folder               nothing that runs in {pyenv}
  3. a download, `uv python install 3.13`  {download}
Install one and try again: `pyenv install 3.13`, your system's package python3.13, or
https://www.python.org/downloads/"""

CERTIFICATES = """
Between here and there is something with a certificate of its own, as in many companies. If this machine trusts it:
  export UV_SYSTEM_CERTS=1   # uv then believes whom the machine believes; and try again"""


class SetUpError(Exception):
    """Says what is missing and what the person at the keyboard can do about it."""


def main(names):
    """Prepare the named environments, or all of them; returns the exit status."""
    unknown = set(names) - set(ENVIRONMENTS)
    if unknown:
        raise SetUpError(f"No such environment: {', '.join(sorted(unknown))}. Known: {', '.join(ENVIRONMENTS)}")
    BIN.mkdir(parents=True, exist_ok=True)
    with open(STATE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once would build the same environment twice
        prepare_uv()
        python = prepare_python()
        stale = [name for name in names or ENVIRONMENTS if is_stale(name, python)]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda name: prepare_environment(name, python), stale))


def prepare_uv():
    """Fetch the pinned uv with the system's pip; `--target` needs no venv module, which Debian may lack."""
    pin = HERE / "uv.txt"
    stamp = STATE / "uv.stamp"
    if UV.exists() and read(stamp) == pin.read_text():
        return
    if run([sys.executable, "-m", "pip", "--version"], check=False).returncode:
        raise SetUpError(NO_PIP)
    say("fetching uv")
    boot = STATE / "uv"
    shutil.rmtree(boot, ignore_errors=True)
    run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-warn-script-location",
            "--target",
            boot,
            "-r",
            pin,
        ]
    )
    link(boot / "bin" / "uv", UV)
    stamp.write_text(pin.read_text())


def prepare_python():
    """Find or fetch a Python 3.13, link it where the Makefile's PATH begins, and return its real path."""
    linked = BIN / f"python{PYTHON}"
    found = linked.exists() and works(linked)
    if not found:
        say("looking for Python 3.13")
        found = discovered_by_uv() or kept_by_pyenv() or downloaded_by_uv()
    real = Path(found).resolve()
    link(real, linked)
    return real


def discovered_by_uv():
    """Ask uv; its answer may be a shim that does not run, and its search may trip over one."""
    answer = run([UV, "python", "find", "--system", "--no-python-downloads", PYTHON], check=False)
    return works(answer.stdout.strip())


def kept_by_pyenv():
    """Look into pyenv's own folder, newest first: an installed but unselected version has no working shim."""
    found = pyenv_versions().glob(f"{PYTHON}*/bin/python{PYTHON}")
    newest_first = sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", path.parts[-3])], reverse=True)
    return next((python for python in map(works, newest_first) if python), "")


def downloaded_by_uv():
    """Let uv fetch a build of its own into .toolchain: the last resort, for it needs an open network."""
    say("downloading Python 3.13")
    fetched = run([UV, "python", "install", PYTHON], check=False)
    builds = (STATE / "python").glob(f"cpython-{PYTHON}*/bin/python{PYTHON}")
    found = next((python for python in map(works, builds) if python), "")
    if not found:
        reason = fetched.stderr.strip().splitlines()[-1].replace("cause:", "").strip()
        raise SetUpError(NO_PYTHON.format(pyenv=pyenv_versions(), download=reason))
    return found


def pyenv_versions():
    """Where pyenv keeps what it installed."""
    return Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"


def works(python):
    """The interpreter's own path if it runs and is a complete 3.13, else an empty string."""
    if not python:
        return ""
    answer = run([python, "-c", PROBE], check=False)
    return answer.stdout.strip() if answer.returncode == 0 and answer.stdout.strip() != "False" else ""


def is_stale(name, python):
    """Whether the environment is missing or was made from something else than what is pinned now."""
    return read(ROOT / ENVIRONMENTS[name] / ".stamp") != fingerprint(name, python)


def fingerprint(name, python):
    """A hash of everything the environment is made from."""
    sources = [ROOT / "uv.lock", ROOT / "pyproject.toml"] if name == "dev" else [HERE / f"{name}.txt"]
    parts = [str(ROOT), str(python), *(source.read_text() for source in [HERE / "uv.txt", *sources])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def prepare_environment(name, python):
    """Create or update one environment; its stamp is written last, so a half-made one is made again."""
    folder = ROOT / ENVIRONMENTS[name]
    say(f"preparing {folder.name}")
    stamp = folder / ".stamp"
    if stamp.exists():
        stamp.unlink()
    if name == "dev":
        run([UV, "sync", "-q", "--locked", "--python", python])
    else:
        run([UV, "venv", "-q", "--clear", "--python", python, folder])
        run([UV, "pip", "install", "-q", "--python", folder / "bin" / "python", "-r", HERE / f"{name}.txt"])
    if name in COMPILED:
        # Beside the sources, whatever make says; a file for another Python that does not compile does no harm.
        compiler = [folder / "bin" / "python", "-X", "pycache_prefix=", "-m", "compileall", "-q", "-j", "0"]
        run([*compiler, folder / "lib"], check=False)
    for command in COMMANDS.get(name, ()):
        link(folder / "bin" / command, BIN / command)
    stamp.write_text(fingerprint(name, python))


def run(command, check=True):
    """Run a command quietly; a failure carries what it printed, unless the caller looks at the status."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=ROOT, env=clean_environment(), text=True, capture_output=True)
    except OSError as error:
        done = subprocess.CompletedProcess(words, 127, "", str(error))
    if check and done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise SetUpError(f"`{' '.join(words)}` failed:\n{said}{CERTIFICATES if 'UnknownIssuer' in said else ''}")
    return done


def clean_environment():
    """Ours without an active virtual environment, which would make uv and pip work on the wrong one."""
    ours = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"}}
    return {**ours, "UV_PYTHON_INSTALL_DIR": str(STATE / "python"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def link(target, name):
    """Point a symbolic link at the target, whatever was there before."""
    if name.is_symlink() or name.exists():
        name.unlink()
    name.symlink_to(target)


def read(path):
    """The file's text, or nothing if there is no such file."""
    return path.read_text() if path.exists() else ""


def say(words):
    """Tell the person what takes time; silence means there was nothing to do."""
    print(f"set-up: {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetUpError as error:
        sys.exit(f"set-up: {error}")
