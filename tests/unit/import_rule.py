"""The house's rule in code: what a module under `encord_lambda` may import, and the few things it may not write."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "layers" / "core" / "encord_lambda"
PURE_ROOMS = {
    "agent_stage",
    "agents",
    "archive",
    "benchmark",
    "breakers",
    "checking",
    "config",
    "config_benchmark",
    "config_budgets",
    "config_classify",
    "config_custom",
    "config_editor",
    "config_faults",
    "config_spelling",
    "config_parts",
    "config_prelabel",
    "config_registration",
    "config_route",
    "deadlines",
    "dispatch",
    "doctor",
    "errors",
    "execution",
    "explaining",
    "labels",
    "letters",
    "outcomes",
    "registration",
    "replaying",
    "resting_stage",
    "shadow",
    "shadow_report",
    "stage_run",
    "task_group",
    "trace_context",
    "yaml_places",
}
EDGE_ROOMS = {"aws", "custom", "editor_api", "encord_platform", "media", "models", "observability"}
WIRING = {
    "preloading",
    "wiring",
    "wiring_benchmark",
    "wiring_desk",
    "wiring_doctor",
    "wiring_editor",
    "wiring_ready",
    "wiring_registration",
}
BUILT_ON = {
    "wiring_benchmark": {"wiring"},
    "wiring_desk": {"wiring_registration"},
    "wiring_doctor": {"wiring_desk"},
    "wiring_editor": {"wiring"},
    "wiring_registration": {"wiring"},
}
OTHERS = {"__init__", "cli", "settings", "tls", *WIRING}
COMPUTING = {"pydantic", "pydantic_core", "yaml"}
COMPUTING_IN_BENCHMARK = COMPUTING | {"jinja2", "numpy", "pycocotools", "rapidfuzz", "scipy", "shapely"}
OUTSIDE = {"asyncio", "ctypes", "ftplib", "glob", "multiprocessing", "os", "pathlib", "random", "secrets", "select"}
OUTSIDE |= {"shutil", "signal", "smtplib", "socket", "ssl", "subprocess", "sys", "tempfile", "time"}
OUTSIDE |= {"http.client", "http.server", "urllib.request", "urllib.error"}
LIBRARIES = {
    "av": {"media"},
    "aws_lambda_powertools": {"observability"},
    "boto3": {"aws", *WIRING},
    "botocore": {"aws", "models"},
    "certifi": {"tls"},
    "encord": {"encord_platform", *WIRING},
    "fastapi": {"editor_api"},
    "mangum": set[str](),
    "openai": {"models"},
    "PIL": {"custom", "media", "models"},
    "pydicom": {"media"},
    "pypdf": {"media"},
    "requests": {"aws", "encord_platform", "media", "models"},
    "starlette": {"editor_api"},
    "urllib3": {"aws", "media", "models"},
}
TYPES_ONLY = {"editor_api": {"encord_platform"}}
"""Edge rooms that another may name in annotations, and nowhere else."""


def modules() -> Iterator[tuple[str, str]]:
    """Each module's room and its source."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield room_of(path), path.read_text(encoding="utf-8")


def room_of(path: Path) -> str:
    """The folder or module right under the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def violations(room: str, source: str) -> list[str]:
    """What a module of `room` does that its room may not, one line each."""
    tree = ast.parse(source)
    found = [*filter(None, _broken_imports(room, tree)), *_swallowed(tree)]
    if room in PURE_ROOMS:
        found += _clocks(tree)
    if room != "settings":
        found += _environment(tree)
    return found


def imports(tree: ast.AST) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Line, module and names of each import; `from a import b` may mean the module `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or ""), tuple(alias.name for alias in node.names)


def _broken_imports(room: str, tree: ast.AST) -> Iterator[str]:
    for line, module, names in imports(tree):
        top = module.partition(".")[0]
        if module.startswith("."):
            yield f"line {line}: relative import"
        elif top == "encord_lambda":
            targets = [module.split(".")[1]] if "." in module else list(names)
            yield from (_inside(room, target, names, line, tree) for target in targets)
        elif room in PURE_ROOMS:
            yield _outside_of_pure(room, module, top, names, line)
        elif room not in LIBRARIES.get(top, {room}):
            yield f"line {line}: {top} is not for the room {room}"


def _inside(room: str, target: str, names: tuple[str, ...], line: int, tree: ast.AST) -> str:
    if room in PURE_ROOMS and target not in PURE_ROOMS:
        return f"line {line}: the pure room {room} imports {target}"
    if room in EDGE_ROOMS and target in EDGE_ROOMS - {room}:
        if target in TYPES_ONLY.get(room, set()) and not set(names) & _used_outside_annotations(tree):
            return ""
        return f"line {line}: the edge room {room} imports the edge room {target}"
    if room in OTHERS - WIRING and target in EDGE_ROOMS:
        return f"line {line}: {room} imports the edge room {target}"
    on_top = target in WIRING and room != "cli" and target not in BUILT_ON.get(room, set())
    return f"line {line}: only wiring and cli may be on top of all" if on_top else ""


def _outside_of_pure(room: str, module: str, top: str, names: tuple[str, ...], line: int) -> str:
    computing = COMPUTING_IN_BENCHMARK if room == "benchmark" else COMPUTING
    spelled = {top, module, *(f"{module}.{name}" for name in names)}
    if module == "pathlib" and set(names) == {"PurePosixPath"}:
        return ""
    if (top in sys.stdlib_module_names or top in computing) and not spelled & OUTSIDE:
        return ""
    return f"line {line}: the pure room {room} imports {module}"


def _clocks(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
            yield f"line {node.lineno}: reads the clock"


def _environment(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"):
            yield f"line {node.lineno}: reads the environment"
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield f"line {node.lineno}: takes names out of os"


def _swallowed(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        broad = node.type is None or (
            isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
        )
        empty = all(isinstance(step, (ast.Pass, ast.Continue)) or _is_bare(step) for step in node.body)
        if broad and empty:
            yield f"line {node.lineno}: swallows every error"


def _is_bare(step: ast.stmt) -> bool:
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)


def _used_outside_annotations(tree: ast.AST) -> set[str]:
    annotated = [
        note
        for node in ast.walk(tree)
        for note in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if isinstance(note, ast.AST)
    ]
    hidden = {id(name) for note in annotated for name in ast.walk(note)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in hidden}
