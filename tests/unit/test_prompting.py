"""Prompts that users write themselves: what they may hold, and what is said of those that cannot work."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encord_lambda.agents import prompting
from encord_lambda.agents.describe import LENGTH
from encord_lambda.agents.prompting import BLANKS, LONGEST, checked, prompt
from encord_lambda.errors import Misconfigured

FILLED = dict.fromkeys(("questions", "question", "shown", "objects", "drawings", "most"), "Q")
OURS = Path(prompting.__file__).parent / "prompts"


@pytest.mark.parametrize("name", sorted(BLANKS))
def test_our_own_prompts_are_what_users_may_start_from(name: str) -> None:
    text = checked("ours", name, (OURS / f"{name}.md").read_bytes())

    assert prompt(name, text, **FILLED) == prompt(name, **FILLED)


def test_how_long_a_description_may_be_is_said() -> None:
    assert f"{LENGTH[0]} to {LENGTH[1]:,} characters" in prompt("describe", **FILLED)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("classify", b"Look.", "a prompt of classify needs `$questions`, and says it nowhere"),
        ("describe", b"$questions", "a prompt of describe needs `$question`, and says it nowhere"),
        ("classify", b"$questions $labels", "nothing fills `$labels`; there are `$questions`, `$shown`; a plain `$`"),
        ("detect", b"$objects", "a prompt of detect needs `$drawings`, and says it nowhere"),
        ("detect", b"$objects $drawings $shown", "nothing fills `$shown`; there are `$drawings`, `$objects`, `$most`"),
        ("classify", b"$questions for $5", "a `$` that begins no blank is written `$$`"),
        ("classify", b"$questions \xff", "not UTF-8 text: byte 0xff"),
        ("classify", b"$questions" + b" " * LONGEST, "a prompt may have 20,000 bytes; this one has more"),
        ("classify", b"", "a prompt of classify needs `$questions`"),
    ],
)
def test_a_prompt_that_cannot_work_is_named_with_its_fault(name: str, content: bytes, fault: str) -> None:
    with pytest.raises(Misconfigured) as trouble:
        checked("prompts/a.md", name, content)

    assert trouble.value.reason.startswith(f"prompts/a.md: {fault}")
    assert "\n" not in trouble.value.reason


@pytest.mark.parametrize("text", ["$questions", "${questions} $$5 $shown", "é $questions"])
def test_a_prompt_with_its_blanks_is_taken_as_it_is(text: str) -> None:
    assert checked("a", "classify", text.encode()) == text


@given(
    st.text() | st.text().map(lambda text: f"$questions $question $objects $drawings {text}"),
    st.sampled_from(sorted(BLANKS)),
)
def test_whatever_is_taken_can_be_filled(text: str, name: str) -> None:
    try:
        own = checked("a", name, text.encode("utf-8", "replace"))
    except Misconfigured:
        return
    assert "Q" in prompt(name, own, **FILLED)
