"""Deploy the built template with the real `sam deploy`, the command the README gives for AWS."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from boto3.session import Session

from sandbox import http_api_shim
from sandbox.ministack import ROOT, client_environment

SAM = ROOT / ".venv-sam" / "bin" / "sam"
TEMPLATE = ROOT / ".aws-sam" / "build" / "template.yaml"


class DeployError(Exception):
    """`sam deploy` failed, or there was nothing to deploy; the message says what sam said."""


def deploy(session: Session, endpoint: str, stack: str, parameters: Mapping[str, str]) -> None:
    """Create or update the stack and give its HTTP API the routes ministack forgets."""
    for needed, remedy in ((SAM, "python3 toolchain/prepare.py sam"), (TEMPLATE, "make build")):
        if not needed.exists():
            raise DeployError(f"no {needed.relative_to(ROOT)} here: run `{remedy}`")
    overrides = [f'{name}="{value}"' for name, value in parameters.items()]
    # The config file is named because sam looks for it beside the template, and the built one lies elsewhere.
    options: list[str | Path] = [
        "--template-file",
        TEMPLATE,
        "--config-file",
        ROOT / "samconfig.toml",
        "--stack-name",
        stack,
    ]
    command = [SAM, "deploy", *options, "--parameter-overrides", *overrides]
    with tempfile.TemporaryDirectory() as home:
        # CloudFormation on loopback needs no patience: sam would look every five seconds.
        env = client_environment(endpoint, Path(home)) | {"SAM_CLI_POLL_DELAY": "0.3"}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeployError(f"`sam deploy` failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}".strip())
    http_api_shim.complete(session, stack)
