"""Prompts are files, read as prose and reviewed as prose; the ontology fills their blanks."""

from functools import cache
from importlib.resources import files
from string import Template


def prompt(name: str, **blanks: str) -> str:
    """The prompt `prompts/<name>.md` with every `$blank` filled."""
    return _template(name).substitute(blanks)


@cache
def _template(name: str) -> Template:
    return Template((files("encord_lambda.agents") / "prompts" / f"{name}.md").read_text(encoding="utf-8"))
