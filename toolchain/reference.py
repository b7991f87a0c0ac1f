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
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from encord_lambda import (
    config,
    config_benchmark,
    config_budgets,
    config_classify,
    config_custom,
    config_editor,
    config_parts,
    config_prelabel,
    config_registration,
    config_route,
)
from sandbox import template

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
SECTIONS: Mapping[str, type[BaseModel]] = {
    "The file": config.PipelineConfig,
    "registrations": config_registration.Registration,
    "group": config_registration.Grouping,
    "metadata": config_registration.Metadata,
    "jobs": config_registration.Jobs,
    "stages": config.Stage,
    "agent: classify": config_classify.Classify,
    "agent: prelabel": config_prelabel.Prelabel,
    "detector: http": config_prelabel.HttpDetector,
    "detector: sagemaker": config_prelabel.SageMakerDetector,
    "detector: open_inference": config_prelabel.OpenInferenceDetector,
    "detector: vision": config_prelabel.VisionDetector,
    "agree": config_prelabel.Agree,
    "frames": config_prelabel.FrameSampling,
    "link": config_prelabel.Link,
    "agent: route": config_route.Route,
    "rules": config_route.Rule,
    "sample": config_route.Sample,
    "agent: describe": config_classify.Describe,
    "agent: custom": config_custom.Custom,
    "editor agent: describe": config_editor.EditorDescribe,
    "editor agent: classify": config_editor.EditorClassify,
    "editor agent: attributes": config_editor.EditorAttributes,
    "editor agent: validate": config_editor.EditorValidate,
    "editor agent: custom": config_editor.EditorCustom,
    "benchmarks": config_benchmark.Benchmark,
    "limits": config.Limits,
    "budgets": config_budgets.Budget,
}
MEANING = {
    "PipelineConfig.version": "Version of this format.",
    "PipelineConfig.registrations": "Which uploads are registered, and where.",
    "PipelineConfig.stages": "Which agent works at which agent stage.",
    "PipelineConfig.editor_agents": "Agents for the Label Editor. The name is the last part of the URL.",
    "PipelineConfig.benchmarks": "Whose labels are scored beside ground truth.",
    "PipelineConfig.limits": "Ceilings.",
    "PipelineConfig.budgets": "By model or detector: its price, and what a day may cost. Others are not held back.",
    "Budget.usd_per_day": "Once it is spent, until midnight UTC, tasks take the pathway `over_budget`, or wait.",
    "Budget.usd_per_million_input_tokens": "Of a model, from the provider's price list.",
    "Budget.usd_per_million_output_tokens": "Of a model, from the provider's price list.",
    "Registration.prefix": 'Beginning of the object keys. `""` is every key.',
    "Registration.integration": "Encord cloud integration, by title or UUID.",
    "Registration.folder": "Storage folder the objects are registered in.",
    "Registration.datasets": "Datasets that each new item is linked to.",
    "Registration.group": "Whether the objects of a directory become one item.",
    "Registration.metadata": "What is told to Encord about each object.",
    "Registration.jobs": "How much one upload job takes.",
    "Classify.kind": "Which agent it is.",
    "Classify.model": "Model that is asked. It must take pictures and structured outputs.",
    "Prelabel.kind": "Which agent it is.",
    "Prelabel.detector": "Who is asked.",
    "HttpDetector.kind": "Which detector it is.",
    "HttpDetector.url": "Where pictures are posted to.",
    "SageMakerDetector.kind": "Which detector it is.",
    "OpenInferenceDetector.kind": "Which detector it is.",
    "OpenInferenceDetector.model": "Name of the model on the server.",
    "VisionDetector.kind": "Which detector it is.",
    "VisionDetector.model": "Model that is asked. It must take pictures and structured outputs.",
    "Agree.detector": "The second detector.",
    "Route.kind": "Which agent it is.",
    "Route.rules": "The first one that fits decides.",
    "Stage.project": "Project the stage belongs to.",
    "Stage.stage": "Title of an agent stage of the project's workflow.",
    "Stage.agent": "The agent that works there.",
    "Describe.kind": "Which agent it is.",
    "Custom.kind": "Which agent it is.",
    "Describe.model": "Model that is asked. It must take pictures and structured outputs.",
    "Describe.classification": "Title of a text classification of the project's ontology.",
    "EditorDescribe.kind": "Which agent it is.",
    "EditorDescribe.model": "Model that is asked. It must take pictures and structured outputs.",
    "EditorDescribe.classification": "Title of a text classification of the project's ontology.",
    "EditorClassify.kind": "Which agent it is.",
    "EditorAttributes.kind": "Which agent it is.",
    "EditorAttributes.model": "Model that is asked. It must take pictures and structured outputs.",
    "EditorValidate.kind": "Which agent it is.",
    "EditorCustom.kind": "Which agent it is.",
}
BEGINNING = """\
# Configuration

<!-- Written by `.venv/bin/python -m toolchain.reference` from config.py and template.yaml; a test compares. -->

Two things are configured: what the pipeline does, in `pipeline.yaml`, and what the stack is, by parameters of the
template. The first changes with an upload, the second with a deploy.

## pipeline.yaml

Lies in the records bucket, with prompts of your own beside it, below `prompts/`. A key that is not listed here is an
error, and so is a key that stands twice. `encord-lambda check FILE` says of each fault where it is. Complete examples
are [sandbox/pipeline.yaml](../sandbox/pipeline.yaml) and [sandbox/every-agent.yaml](../sandbox/every-agent.yaml).
"""
PARAMETERS = """\
## Parameters of the stack

`make deploy PARAMETERS="Name=value Name=value"` sets them. `Architecture` is the exception: `make deploy
ARCHITECTURE=x86_64` sets it, and builds the layers for it.
"""
WORDS = {
    config_parts.ModelName: "`openai:` and the name of a model",
    config_editor.AgentName: "name of small letters, digits and hyphens",
    config_custom.AgentModule: "name of small letters, digits and `_`",
    config_editor.Digest: "64 hexadecimal digits",
    config_editor.SecretName: "name of a secret",
    config_editor.Pathway: "text",
    config_benchmark.BenchmarkName: "name of small letters, digits and hyphens",
    config_parts.Title: "text",
    config_parts.PromptFile: "name of a file below `prompts/`",
    config_parts.Fraction: "number, 0 to 1",
    config_prelabel.Url: "http(s) address",
    config_prelabel.EndpointName: "text",
    config_prelabel.PerObject: "number, 0 to 1, or mapping of text to such numbers",
}
PLAIN = {UUID: "UUID", str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}
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
    for one in reversed([each for each in model.__mro__ if each.__module__.startswith(config.__name__)]):
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
    if get_origin(kind) is Annotated:
        return _value(get_args(kind)[0], [one for one in get_args(kind)[1:] if not isinstance(one, Tag)])
    if isinstance(kind, UnionType) or get_origin(kind) is Union:
        return " or ".join(_value(one, constraints) for one in get_args(kind) if one is not NoneType)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _link(kind)
    return ", ".join(filter(None, (PLAIN[kind], _bounds(constraints))))


def _bounds(constraints: Sequence[Any]) -> str:
    given = [each for one in constraints for each in (one, *getattr(one, "metadata", ()))]
    ends = {end: getattr(one, end) for one in given for end in ("ge", "gt", "le") if hasattr(one, end)}
    match ends:
        case {"ge": least, "le": most}:
            return f"{least} to {most}"
        case {"ge": least}:
            return f"{least} or more"
        case {"gt": least}:
            return f"above {least}"
    return ""


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
    shown = {"[]": "none", "{}": "none", "None": "none", "True": "`true`", "False": "`false`"}
    return shown.get(str(field.default), f"`{field.default}`")


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
