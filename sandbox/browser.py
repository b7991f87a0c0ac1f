"""The browser of this machine, driven by Playwright; none is ever downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = f"no browser on PATH: install one of {', '.join(NAMES)}"
OPTIONS = """
--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking --disable-extensions
--disable-component-update --disable-sync --no-first-run --no-proxy-server --force-color-profile=srgb --hide-scrollbars
"""


def executable() -> str | None:
    """Where the browser is, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def started() -> Iterator[Browser]:
    """A headless browser for the length of the block; `FileNotFoundError` if there is none."""
    path = executable()
    if path is None:
        raise FileNotFoundError(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS.split())
        yield browser
        browser.close()
