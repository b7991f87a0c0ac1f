"""Figures of the documentation: what was measured names the command that measures it; limits are those of the code."""

import re

import pytest

from encord_lambda import breakers, settings, task_group
from encord_lambda.aws import answers_table
from encord_lambda.dispatch import call_message, notification
from encord_lambda.editor_api import calls, replies
from encord_lambda.media import download, images, opening, video
from encord_lambda.models import posting
from sandbox import template
from tests.docs import markdown

DOCS = markdown.ROOT / "docs"
WHOLE = template.load()
API = WHOLE["Resources"]["EditorApi"]["Properties"]["DefaultRouteSettings"]
WORDS = {3: "three", 5: "five", 10: "ten"}
KIB, MB, GB = 1024, 1_000_000, 1_000_000_000


def received(queue: str) -> int:
    """How often a message is received before it is a dead letter."""
    return int(WHOLE["Resources"][queue]["Properties"]["RedrivePolicy"]["maxReceiveCount"])


LIMITS = [
    ("operations", f"received {received('RegistrationsQueue')} times at `RegistrationsQueue`"),
    ("operations", f"or {received('CallsQueue')} times at `CallsQueue`"),
    ("operations", f"what was received {received('TasksQueue'):,} times"),
    ("operations", f"has not decided after {settings.EditorAgent.agent_seconds:.0f} is answered for"),
    ("operations", f"within {settings.FinishCalls.agent_seconds:.0f} seconds"),
    ("operations", f"more than {notification.LARGEST // KIB} kB"),
    ("operations", f"more than {answers_table.MOST_BYTES // 1000} kB, compressed"),
    ("operations", f"was tried {WORDS[task_group.TRIES]} times"),
    ("operations", f"After {WORDS[breakers.FAILURES]} failures a worker leaves Encord alone"),
    ("operations", f"for {WORDS[breakers.FIRST_REST]} seconds at first"),
    ("operations", f"and {WORDS[breakers.LONGEST_REST // 60]} minutes at last"),
    ("upgrading", f"up to {received('RegistrationsQueue')} receives"),
    ("custom-agents", f"at most {images.LONGEST_SIDE:,} pixels wide and high"),
    ("custom-agents", f"after {settings.EditorAgent.agent_seconds:.0f} s and tried once more for"),
    ("custom-agents", f"tried once more for {settings.FinishCalls.agent_seconds:.0f} s"),
    ("detectors", f"an answer above {posting.MOST_BYTES // MB} MB"),
    ("security", f"{calls.LARGEST // KIB} KiB and {call_message.MOST_OBJECTS:,} selected objects"),
    ("security", f"a message of up to {replies.LONGEST} characters"),
    ("security", f"{API['ThrottlingRateLimit']} calls a second, bursts of {API['ThrottlingBurstLimit']}"),
    ("security", f"{notification.LARGEST // KIB} KiB at most"),
    ("security", f"{download.MAX_BYTES // MB} MB and {images.MAX_PIXELS // MB} megapixels for a picture"),
    ("security", f"{video.MAX_BYTES // GB} GB and {opening.MAX_PIXELS // MB} megapixels a frame"),
]


@pytest.mark.parametrize(("page", "told"), LIMITS)
def test_a_limit_is_that_of_the_code(page: str, told: str) -> None:
    assert told in re.sub(r"\s+", " ", (DOCS / f"{page}.md").read_text())


@pytest.mark.parametrize("page", ["performance", "cost"])
def test_every_section_with_a_table_names_the_command_that_printed_it(page: str) -> None:
    """test_commands.py sees that there is such a command."""
    whole = (DOCS / f"{page}.md").read_text()
    above, *sections = re.split(r"^## ", whole, flags=re.MULTILINE)
    tabled = [section for section in sections if re.search(r"^\|.*\d", section, re.MULTILINE)]

    assert tabled
    for section in tabled:
        assert re.search(r"`make [a-z]", section) or re.search(r"`make [a-z]", above), section.splitlines()[0]


def test_a_promise_takes_as_many_judgements_as_the_page_says() -> None:
    """Clopper and Pearson's bound for none that is wrong, shared between the steps of a fixed order."""
    text = re.sub(r"\s+", " ", (DOCS / "benchmarks.md").read_text())
    shares = [int(found) for found in re.findall(r"0\.9[89] takes (\d+)", text)]

    for precision, judged in zip((0.98, 0.99), shares, strict=True):
        assert precision**judged < (1 - 0.95) / 4 <= precision ** (judged - 1)
