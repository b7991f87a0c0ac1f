"""A layer `agents` in a folder of the test's own, and units for what is in it."""

import importlib
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

from encord_lambda.agents.agent import DataUnit, Decision, Tools
from encord_lambda.agents.custom import CustomAgent
from encord_lambda.config_custom import Custom
from encord_lambda.custom.running import LayerAgents
from tests.fakes.stages import ONTOLOGY, ScriptedModel, ScriptedPictures
from tests.fakes.units import a_unit

GOOD = """\
from encord_lambda.custom import Decision, Given

def decide(given: Given) -> Decision:
    return Decision((), "good", given.title, None)
"""
type Write = Callable[[str, str], None]
"""Puts an agent's source, by its name, into the layer."""


def forget() -> None:
    """Forget what was imported from a layer `agents`."""
    for name in [one for one in sys.modules if one.partition(".")[0] == "own_agents"]:
        del sys.modules[name]
    importlib.invalidate_caches()


def writer(folder: Path) -> Write:
    """Writes into a layer at this folder."""

    def write(name: str, source: str) -> None:
        (folder / "own_agents").mkdir(exist_ok=True)
        (folder / "own_agents" / f"{name}.py").write_text(textwrap.dedent(source))

    return write


def decided(name: str, unit: DataUnit | None = None, tools: Tools | None = None, **configured: object) -> Decision:
    """What the layer's agent decides about a unit."""
    agent = CustomAgent(Custom.model_validate({"kind": "custom", "run": name, **configured}))
    return agent.decide(unit or a_unit("cat.jpg", "url", ONTOLOGY), tools or with_layer())


def with_layer(model: ScriptedModel | None = None, pictures: ScriptedPictures | None = None) -> Tools:
    """Tools of a function that has the layer."""
    return Tools(model or ScriptedModel(), pictures or ScriptedPictures(), own_agents=LayerAgents())
