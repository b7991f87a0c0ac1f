"""Write docs/configuration.md from the models of pipeline.yaml and from template.yaml.

    .venv/bin/python -m toolchain.reference

A test writes it anew and compares. What a key means is its docstring in config.py, else its line in MEANING.
"""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from encord_lambda import config
from sandbox import template

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
SECTIONS: Mapping[str, type[BaseModel]] = {
    "The file": config.PipelineConfig,
    "registrations": config.Registration,
    "stages": config.Stage,
    "agent: classify": config.Classify,
    "editor_agents": config.EditorDescribe,
    "limits": config.Limits,
}
MEANING = {
    "PipelineConfig.version": "Version of this format.",
    "PipelineConfig.registrations": "Which uploads are registered, and where.",
    "PipelineConfig.stages": "Which agent works at which agent stage.",
    "PipelineConfig.editor_agents": "Agents for the Label Editor. The name is the last part of the URL.",
    "PipelineConfig.limits": "Ceilings.",
    "Registration.prefix": 'Beginning of the object keys. `""` is every key.',
    "Registration.integration": "Encord cloud integration, by title or UUID.",
    "Registration.folder": "Storage folder the objects are registered in.",
    "Registration.datasets": "Datasets that each new item is linked to.",
    "Classify.kind": "Which agent it is.",
    "Classify.model": "Model that is asked. It must take pictures and structured outputs.",
    "Classify.classification": "Title of a radio classification of the project's ontology.",
    "Stage.project": "Project the stage belongs to.",
    "Stage.stage": "Title of an agent stage of the project's workflow.",
    "Stage.agent": "The agent that works there.",
    "EditorDescribe.kind": "Which agent it is.",
    "EditorDescribe.model": "Model that is asked. It must take pictures and structured outputs.",
    "EditorDescribe.classification": "Title of a text classification of the project's ontology.",
}
BEGINNING = """\
# Configuration

<!-- Written by `.venv/bin/python -m toolchain.reference` from config.py and template.yaml; a test compares. -->

Two things are configured: what the pipeline does, in `pipeline.yaml`, and what the stack is, by parameters of the
template. The first changes with an upload, the second with a deploy.

## pipeline.yaml

Lies in the records bucket. A key that is not listed here is an error, and so is a key that stands twice.
`encord-lambda check FILE` says of each fault where it is. A complete example is
[sandbox/pipeline.yaml](../sandbox/pipeline.yaml).
"""
PARAMETERS = """\
## Parameters of the stack

`make deploy PARAMETERS="Name=value Name=value"` sets them. `Architecture` is the exception: `make deploy
ARCHITECTURE=x86_64` sets it, and builds the layers for it.
"""
WORDS = {
    config.ModelName: "`openai:` and the name of a model",
    config.AgentName: "name of small letters, digits and hyphens",
    config.Title: "text",
}
PLAIN = {UUID: "UUID", str: "text", int: "whole number"}
SEEDS = re.compile(r" \(seeds? [^)]*\)")  # for those who work on the code


def page() -> str:
    """The whole of docs/configuration.md."""
    sections = [section for title, model in SECTIONS.items() for section in (f"### {title}\n", *_section(model))]
    return "\n".join([BEGINNING, *sections, PARAMETERS, "\n".join(_parameters()), ""])


def _section(model: type[BaseModel]) -> Iterator[str]:
    yield SEEDS.sub("", f"{inspect.cleandoc(model.__doc__ or '')}\n")
    documented = _docstrings(model)
    rows = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        meaning = documented.get(name) or MEANING[f"{model.__name__}.{name}"]
        rows.append(f"| `{name}` | {_value(field.annotation, field.metadata)} | {_default(field)} | {meaning} |")
    yield "\n".join([*rows, ""])


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """What stands in quotes below each field, in the class and in those it is derived from."""
    found: dict[str, str] = {}
    for one in reversed([each for each in model.__mro__ if each.__module__ == config.__name__]):
        written = next(node for node in ast.walk(ast.parse(inspect.getsource(one))) if isinstance(node, ast.ClassDef))
        for field, text in pairwise(written.body):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                    found[name] = " ".join(inspect.cleandoc(words).split())
    return found


def _value(kind: Any, constraints: Sequence[Any] = ()) -> str:
    """A type in words; inside tables a bar would end the cell."""
    if known := next((words for named, words in WORDS.items() if _same(named, kind, constraints)), None):
        return known
    if get_origin(kind) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(kind))
    if get_origin(kind) is list:
        return f"list of {_value(get_args(kind)[0])}".replace("UUID", "UUIDs")
    if get_origin(kind) is dict:
        return f"mapping of {' to '.join(_value(one) for one in get_args(kind))}"
    if isinstance(kind, UnionType):
        return " or ".join(_value(one) for one in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _link(kind)
    bounds = [str(getattr(one, end)) for end in ("ge", "le") for one in constraints if hasattr(one, end)]
    return f"{PLAIN[kind]}, {' to '.join(bounds)}" if bounds else PLAIN[kind]


def _same(named: Any, kind: Any, constraints: Sequence[Any]) -> bool:
    """Whether a type is the named one; pydantic takes the type of a field apart."""
    return named == kind or (bool(constraints) and (named.__origin__, named.__metadata__) == (kind, tuple(constraints)))


def _link(model: type[BaseModel]) -> str:
    title = next(title for title, known in SECTIONS.items() if known is model)
    return f"[{title}](#{title.lower().replace(':', '').replace(' ', '-')})"


def _default(field: FieldInfo) -> str:
    if field.is_required() or field.default is PydanticUndefined:
        return "required"
    if isinstance(field.default, BaseModel):
        return "its defaults"
    return {"[]": "none", "{}": "none"}.get(str(field.default), f"`{field.default}`")


def _parameters() -> Iterator[str]:
    yield "| parameter | default | meaning |"
    yield "|---|---|---|"
    for name, parameter in template.load()["Parameters"].items():
        default = {None: "required", "": "empty"}.get(parameter.get("Default"), f"`{parameter.get('Default')}`")
        choices = ", ".join(f"`{choice}`" for choice in parameter.get("AllowedValues", []))
        meaning = " ".join(parameter["Description"].split()) + (f" One of {choices}." if choices else "")
        yield f"| `{name}` | {default} | {meaning} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
