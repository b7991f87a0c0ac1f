"""A web page that calls editor agents as the Label Editor's does: asks, posts JSON, shows what is said, refreshes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

BLOCKED = "blocked by the browser"
# Its labels come from where the page itself is from; its calls go elsewhere.
_PAGE = """
<p id="message"></p>
<p id="description"></p>
<script>
  const show = (id, text) => { document.getElementById(id).textContent = text }

  async function refresh({projectHash, dataHash}) {
    const state = await (await fetch("/_twin/state")).json()
    const project = state.projects.find(one => one.uuid === projectHash)
    const row = project.label_rows.find(one => one.data_hash === dataHash)
    const answers = row.classifications.map(one => one.answers["Scene description"])
    show("description", answers.find(one => one) ?? "")
  }

  async function click(address, call, options) {
    show("message", "")
    const json = {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(call)}
    try {
      const answer = await fetch(address, {...json, ...options})
      const said = await answer.text()
      show("message", said ? JSON.parse(said).message : "")
      if (answer.ok) await refresh(call)
    } catch (error) {
      show("message", "BLOCKED")
    }
  }
</script>
""".replace("BLOCKED", BLOCKED)


@dataclass(frozen=True, slots=True)
class EditorPage:
    """The page, open in a browser, and what the browser asked before it let it call."""

    page: Page
    preflights: list[int]
    """Their statuses. Playwright's own events have none of them."""

    def click(self, address: str, call: dict[str, Any], **options: object) -> None:
        """Call an agent and wait for the end of it. `options` are those of the browser's `fetch`."""
        self.page.evaluate("([address, call, options]) => click(address, call, options)", [address, call, options])

    def shown(self, element: str) -> str:
        """What the annotator reads: the `message`, or the `description` that stands in the labels."""
        return self.page.locator(f"#{element}").text_content() or ""


@contextmanager
def opened(browser: Browser, served: str) -> Iterator[EditorPage]:
    """The page in the place of one that a server on this machine serves, so that it has the server's origin."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(served)
    page.set_content(_PAGE)
    preflights: list[int] = []
    network = context.new_cdp_session(page)
    network.on("Network.responseReceived", lambda seen: _note(preflights, seen))
    network.send("Network.enable")
    yield EditorPage(page, preflights)
    context.close()


def _note(preflights: list[int], seen: dict[str, Any]) -> None:
    if seen["type"] == "Preflight":
        preflights.append(seen["response"]["status"])
