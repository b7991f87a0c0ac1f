"""Whatever goes wrong in somebody else's code is that task's rejection, and says where; trouble of ours stays ours."""

import pytest

from encord_lambda.errors import Misconfigured, OverBudget, Reject, Retry, Trouble
from tests.fakes.stages import ScriptedPictures
from tests.unit.custom.own import GOOD, Write, decided, with_layer


def reason(name: str) -> str:
    with pytest.raises(Reject) as refused:
        decided(name)
    return refused.value.reason


def failing(statement: str) -> str:
    return f"def decide(given):\n    {statement}\n"


FAILS = [
    ("return 1 / 0", "gate.py:2: ZeroDivisionError: division by zero"),
    ("raise SystemExit(3)", "gate.py:2: SystemExit: 3"),
    ("raise KeyboardInterrupt", "gate.py:2: KeyboardInterrupt"),
    ("raise GeneratorExit", "gate.py:2: GeneratorExit"),
    ("raise ValueError('two\\n  lines')", "gate.py:2: ValueError: two lines"),
    ("raise ValueError('x' * 900)", f"gate.py:2: ValueError: {'x' * 288}…"),
    ("decide(given)", "gate.py:2: RecursionError: maximum recursion depth exceeded"),
    (
        "raise type('Odd', (Exception,), {'__str__': lambda _: 1 / 0})",
        "gate.py:2: own_agents.gate.Odd: <exception str()",
    ),
    ("import numpi", "gate.py:2: ModuleNotFoundError: No module named 'numpi'"),
    (
        "given.frames(), next(given.frames())",
        "gate.py:2: pydantic_core._pydantic_core.ValidationError: 1 validation error for FrameSampling",
    ),
]


@pytest.mark.parametrize(("statement", "told"), FAILS)
def test_an_error_in_the_function_names_its_line(write: Write, statement: str, told: str) -> None:
    write("gate", failing(statement))

    assert reason("gate").startswith(told)
    assert "\n" not in reason("gate")


IMPORTS = [
    ("import numpi\n" + GOOD, "gate.py:1: ModuleNotFoundError: No module named 'numpi'"),
    ("def decide(given)\n    pass\n", "gate.py:1: SyntaxError: expected ':'"),
    ("def decide(given):\npass\n", "gate.py:2: IndentationError: expected an indented block"),
    ("x = '\0'\n", "gate.py: SyntaxError: source code string cannot contain null bytes"),
    ("import sys\nsys.exit('bye')\n", "gate.py:2: SystemExit: bye"),
    ("from own_agents import gone\n", "gate.py:1: ImportError: cannot import name 'gone'"),
    ("import own_agents.gone\n", "gate.py:1: ModuleNotFoundError: No module named 'own_agents.gone'"),
    ("decide = 3\n", "gate.py has no function `decide(given)`"),
    ("", "gate.py has no function `decide(given)`"),
]


@pytest.mark.parametrize(("source", "told"), IMPORTS)
def test_a_module_that_cannot_be_imported_says_why_each_time(write: Write, source: str, told: str) -> None:
    write("gate", source)

    assert reason("gate").startswith(told)
    assert reason("gate").startswith(told)


def test_an_error_in_a_file_beside_it_names_that_file(write: Write) -> None:
    write("measuring", "\n\ndef measure():\n    return {}['sharpness']\n")
    write("gate", "from .measuring import measure\n\ndef decide(given):\n    return measure()\n")

    assert reason("gate") == "measuring.py:4: KeyError: 'sharpness'"


def test_an_error_in_a_library_names_the_line_that_called_it(write: Write) -> None:
    write("gate", "import json\n\ndef decide(given):\n    return json.loads('{')\n")

    assert reason("gate").startswith("gate.py:4: json.decoder.JSONDecodeError: Expecting property name")


@pytest.mark.parametrize("trouble", [Retry("busy", after=3), OverBudget("spent"), Misconfigured("mend"), Reject("no")])
def test_trouble_of_the_tools_passes_through_untouched(write: Write, trouble: Trouble) -> None:
    write("gate", failing("given.image()"))

    with pytest.raises(Trouble) as passed:
        decided("gate", tools=with_layer(pictures=ScriptedPictures({"url": trouble})))

    assert passed.value is trouble


def test_an_agent_may_reject_and_put_off_itself(write: Write) -> None:
    write("gate", "from encord_lambda.custom import Retry\n\ndef decide(given):\n    raise Retry('not yet', after=9)\n")

    with pytest.raises(Retry, match=r"^not yet$") as later:
        decided("gate")

    assert later.value.after == 9


def test_an_agent_that_is_not_deployed_waits_for_it_and_says_which_are(write: Write) -> None:
    write("one", GOOD)
    write("two", GOOD)

    with pytest.raises(Misconfigured, match=r"no custom agent 'three' is deployed; there are: one, two$"):
        decided("three")


@pytest.mark.usefixtures("write")
def test_an_empty_layer_has_none() -> None:
    with pytest.raises(Misconfigured, match=r"no custom agent 'gate' is deployed; there are: none$"):
        decided("gate")


def test_modules_from_elsewhere_are_no_agents(write: Write) -> None:
    write("one", GOOD)

    with pytest.raises(Misconfigured, match="no custom agent 'json' is deployed"):
        decided("json")
