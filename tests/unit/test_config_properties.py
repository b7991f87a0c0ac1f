"""Whatever is written into pipeline.yaml, it is read or refused in words."""

from contextlib import suppress

import yaml
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
KNOWN = st.sampled_from(["version", "stages", "agent", "kind", "pathways", "limits", "registrations", "editor_agents"])
KEYS = KNOWN | st.text(max_size=8) | st.integers()
STRUCTURES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=15
)


@given(st.dictionaries(KEYS, STRUCTURES, max_size=5))
def test_any_structure_is_read_or_misconfigured(structure: dict[str | int, object]) -> None:
    with suppress(Misconfigured):
        PipelineConfig.parse("p.yaml", yaml.safe_dump(structure))


SNIPPETS = [
    "version: 1",
    "\n",
    ": ",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "!",
    "!!",
    "!!int ",
    "!!binary ",
    "<<",
]
SNIPPETS += [
    "!!omap ",
    "!!pairs ",
    "=",
    "0b_",
    "0x",
    "1:60",
    "2001-99-99",
    "|",
    ">",
    "'",
    '"',
    "\\x",
    "---",
    "%YAML",
    "#",
    "~",
    "\t",
]


@given(st.text() | st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=3)).map("".join))
def test_any_text_is_read_or_misconfigured(text: str) -> None:
    with suppress(Misconfigured):
        PipelineConfig.parse("p.yaml", text)
