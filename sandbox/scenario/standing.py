"""`make sandbox`: say where everything is, and go on until Ctrl-C."""

import math
import shlex
import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from sandbox.ministack import REGION, ROOT
from sandbox.scenario.library import FOLDER
from sandbox.scenario.progress import shown
from sandbox.scenario.servers import Sandbox
from sandbox.scenario.watching import Watcher

ADDRESSES = """
Everything keeps running until Ctrl-C. Uploads are registered, classified and routed as they come: every five seconds
Encord's twin tells of the agent stages where tasks wait.

  Encord's twin, the board       {board}
  Encord's twin, all projects    {encord}/
  Encord's twin, the library     {encord}/folders/{library}
  Encord's twin, its requests    {encord}/log
  Encord's twin, notifications   {encord}/_twin/notifications
  editor agent                   {api}/agents/describe-scene
  receipts                       s3://{records}/receipts/
  pipeline.yaml                  s3://{records}/pipeline.yaml

In another terminal, from the repository's root; docs/tutorial-first-pipeline.md goes on from here:

  export PATH="$PWD/.venv/bin:$PWD/.toolchain/bin:$PATH" NO_PROXY=127.0.0.1
  export AWS_ENDPOINT_URL={endpoint} AWS_REGION={region} AWS_DEFAULT_REGION={region}
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws() {{ command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }}  # for `aws sqs`, which does not heed the variable
  export ENCORD_DOMAIN={encord} ENCORD_SSH_KEY_FILE={key}
  export UPLOADS=s3://{uploads} RECORDS=s3://{records}
  aws s3 cp cat.jpg "$UPLOADS/pets/"
  aws s3 cp talk.mp3 "$UPLOADS/library/"
"""


def stand(sandbox: Sandbox, console: Console) -> None:
    """Print the addresses and show what happens until Ctrl-C."""
    key = _kept(sandbox.key)
    text = ADDRESSES.format(
        board=sandbox.encord.board,
        encord=sandbox.encord.url,
        library=FOLDER,
        api=sandbox.stack.api_url,
        records=sandbox.stack.records_bucket,
        uploads=sandbox.stack.uploads_bucket,
        key=shlex.quote(str(key)),
        endpoint=sandbox.cloud.endpoint,
        region=REGION,
    )
    console.print(text, markup=False, highlight=False, soft_wrap=True)
    with suppress(KeyboardInterrupt), shown(time.monotonic()) as progress:
        progress.say("waiting for uploads; Ctrl-C ends everything")
        Watcher(sandbox).until(lambda _sight: False, progress, math.inf)


def _kept(key: str) -> Path:
    """The file with the key of somebody in the twin, for this user alone."""
    file = ROOT / ".sandbox" / "encord-key"
    file.touch(mode=0o600)
    file.write_text(key)
    return file
