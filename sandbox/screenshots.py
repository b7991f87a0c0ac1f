"""`python -m sandbox.screenshots`: write the pictures of the twin's pages that the README shows."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from encord import EncordUserClient, Project
from playwright.sync_api import Browser, ViewportSize

from sandbox import browser, showcase, showcase_library
from sandbox.encord_twin import MemoryObjects, Twin, serve
from sandbox.scenario import library, scoring
from sandbox.scenario.world import INTEGRATION

IMAGES = Path(__file__).parent.parent / "docs" / "images"
SIZE = ViewportSize(width=1280, height=800)
LOW = ViewportSize(width=1280, height=528)


def main() -> None:
    """Write `board.png`, `task.png`, `library.png`, and `benchmark.png` of the report that `make demo` wrote last."""
    os.environ |= dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1")
    with browser.started() as running:
        _pets(running)
        _library(running)
        _photograph(running, scoring.PAGE.as_uri(), IMAGES / "benchmark.png")


def _pets(running: Browser) -> None:
    pictures, person = showcase.drawings(), Ed25519PrivateKey.generate()
    world = showcase.world(pictures, person.public_key().public_bytes_raw().hex())
    with serve(world, objects=MemoryObjects(showcase.files(pictures))) as twin:
        project = _project(twin, twin.key)
        showcase.play(project, _project(twin, _openssh(person)), pictures)
        board = f"{twin.url}/projects/{project.project_hash}"
        _photograph(running, board, IMAGES / "board.png")
        [shown] = project.list_label_rows_v2(data_title_eq=showcase.plainest(pictures))
        _photograph(running, f"{board}/tasks/{shown.data_hash}", IMAGES / "task.png")


def _library(running: Browser) -> None:
    pieces = library.pieces()
    with serve(showcase_library.world(), objects=MemoryObjects(showcase_library.files(pieces))) as twin:
        client = EncordUserClient.create_with_ssh_private_key(twin.key, domain=twin.url)
        showcase_library.register(client, twin.ids.integrations[INTEGRATION], pieces)
        _photograph(running, f"{twin.url}/folders/{library.FOLDER}", IMAGES / "library.png", LOW)


def _project(twin: Twin, key: str) -> Project:
    client = EncordUserClient.create_with_ssh_private_key(key, domain=twin.url)
    return client.get_project(twin.ids.projects[showcase.TITLE])


def _openssh(key: Ed25519PrivateKey) -> str:
    pem, openssh = serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH
    return key.private_bytes(pem, openssh, serialization.NoEncryption()).decode()


def _photograph(running: Browser, address: str, to: Path, size: ViewportSize = SIZE) -> None:
    page = running.new_page(viewport=size, color_scheme="light")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=to)
    page.close()


if __name__ == "__main__":
    main()
