"""Prompts are files, read as prose and reviewed as prose; the ontology fills their blanks."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final

from encord_lambda.errors import Misconfigured

LONGEST: Final = 20_000
"""Bytes that a prompt of a user's own may have."""
BLANKS: Final = {"classify": ("questions",), "describe": ("question",), "detect": ("drawings", "objects")}
"""Prompts that users may write themselves, and the blanks these must have."""
ALSO: Final = {"classify": "shown", "describe": "shown", "detect": "most"}
"""A blank that may be there as well."""


def prompt(name: str, own: str | None = None, /, **blanks: str) -> str:
    """The user's `own` prompt, or else `prompts/<name>.md`, with every `$blank` filled."""
    return (_template(name) if own is None else Template(own)).substitute(blanks)


def own(file: str | None, texts: Mapping[str, str | Misconfigured]) -> str | None:
    """A user's own prompt, by the name of its file in pipeline.yaml; None where ours is to be used.

    Raises:
        Misconfigured: The file was not read, or cannot be used.
    """
    if file is None:
        return None
    match texts.get(file):
        case str() as text:
            return text
        case Misconfigured() as trouble:
            raise Misconfigured(trouble.reason)
        case None:
            raise Misconfigured(f"pipeline.yaml names the prompt {file}, which was not read")


def checked(file: str, name: str, content: bytes) -> str:
    """The text of a user's own prompt in place of `prompts/<name>.md`; `file` is what errors call it.

    Raises:
        Misconfigured: It is too long, no UTF-8, lacks a blank, or has one that nothing fills.
    """
    if len(content) > LONGEST:
        raise Misconfigured(f"{file}: a prompt may have {LONGEST:,} bytes; this one has more")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{file}: not UTF-8 text: byte 0x{content[error.start]:02x}") from None
    if not Template(text).is_valid():
        raise Misconfigured(f"{file}: a `$` that begins no blank is written `$$`")
    _check_blanks(file, name, set(Template(text).get_identifiers()))
    return text


def _check_blanks(file: str, name: str, found: set[str]) -> None:
    if missing := [blank for blank in BLANKS[name] if blank not in found]:
        raise Misconfigured(f"{file}: a prompt of {name} needs `${missing[0]}`, and says it nowhere")
    known = (*BLANKS[name], ALSO[name])
    if unknown := sorted(found - set(known)):
        there_are = ", ".join(f"`${blank}`" for blank in known)
        raise Misconfigured(
            f"{file}: nothing fills `${unknown[0]}`; there are {there_are}; a plain `$` is written `$$`"
        )


@cache
def _template(name: str) -> Template:
    return Template((files("encord_lambda.agents") / "prompts" / f"{name}.md").read_text(encoding="utf-8"))
