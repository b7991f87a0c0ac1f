"""What template.yaml says, for those who need it outside CloudFormation: the invoker and the tests.

CloudFormation's tags become plain mappings: `!Ref X` is `{"Ref": "X"}`, `!GetAtt A.B` is
`{"Fn::GetAtt": ["A", "B"]}`.
"""

import copy
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yaml"
BUILD = ROOT / ".aws-sam" / "build"


@dataclass(frozen=True, slots=True)
class Function:
    """One function as Lambda would run it: Globals and its own properties put together."""

    name: str  # logical id
    code: str  # source folder, relative to the repository
    handler: str
    layers: tuple[str, ...]  # logical ids; a later one wins over an earlier
    timeout: int
    memory: int
    environment: Mapping[str, Any]  # values as written, intrinsic functions and all


class _Loader(yaml.SafeLoader):
    """Safe YAML that knows CloudFormation's short tags."""


def _tag(loader: yaml.Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)


def load(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template as plain data, the caller's own."""
    return copy.deepcopy(_parsed(path.read_text()))


@functools.cache
def _parsed(text: str) -> dict[str, Any]:
    template = yaml.load(text, Loader=_Loader)  # noqa: S506 (derived from SafeLoader)
    assert isinstance(template, dict)
    return template


def of_type(template: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of a type, by logical id."""
    resources = template["Resources"].items()
    return {name: resource.get("Properties", {}) for name, resource in resources if resource["Type"] == kind}


def functions(template: Mapping[str, Any]) -> dict[str, Function]:
    """Every function of the template, by logical id. SAM appends a function's layers to the global ones."""
    common = template["Globals"]["Function"]
    return {
        name: Function(
            name=name,
            code=own["CodeUri"],
            handler=own.get("Handler", common["Handler"]),
            layers=tuple(layer["Ref"] for layer in [*common["Layers"], *own.get("Layers", [])]),
            timeout=own["Timeout"],
            memory=own["MemorySize"],
            environment={
                **common["Environment"]["Variables"],
                **own.get("Environment", {}).get("Variables", {}),
            },
        )
        for name, own in of_type(template, "AWS::Serverless::Function").items()
    }


def environment(template: Mapping[str, Any], function: Function) -> dict[str, str]:
    """The variables with values to run on: a parameter's default, else the name of what is referred to."""
    defaults = {name: parameter.get("Default", name) for name, parameter in template["Parameters"].items()}
    conditions = template["Conditions"]
    return {
        name: _value(_chosen(value, conditions, defaults), defaults) for name, value in function.environment.items()
    }


def _chosen(value: Any, conditions: Mapping[str, Any], defaults: Mapping[str, Any]) -> Any:
    """What stands where a condition decides."""
    match value:
        case {"Fn::If": [condition, then, otherwise]}:
            return then if _holds(conditions[condition], defaults) else otherwise
    return value


def _holds(condition: Any, defaults: Mapping[str, Any]) -> bool:
    match condition:
        case {"Fn::Not": [other]}:
            return not _holds(other, defaults)
        case {"Fn::Equals": [left, right]}:
            return _value(left, defaults) == _value(right, defaults)
    raise ValueError(f"no rule for the condition {condition}")


def _value(value: Any, defaults: Mapping[str, Any]) -> str:
    match value:
        case {"Ref": name}:
            return str(defaults.get(name, name))
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w.]+)\}", lambda found: str(defaults.get(found[1], found[1])), text)
        case str() | int():
            return str(value)
    raise ValueError(f"no rule for the value {value}")
