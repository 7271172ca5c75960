"""The layers of ARCHITECTURE.md: each module imports only from its own wing and those above it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.kit.small_sites import PATIENCE, REPOSITORY

PACKAGE = REPOSITORY / "briefings"
LAYERS = (
    ("core",),
    ("content",),
    ("site",),
    ("pages",),
    ("rendering",),
    ("publication",),
    ("executors",),
    ("engine",),
    ("serve",),
    ("audit",),
    ("deploy",),
    ("desk",),
    ("cli",),
)
"""From the words used everywhere down to the edges; a layer may import from itself and from those before it."""

READS_DISK = (
    *("publication", "executors", "engine", "desk", "serve", "audit", "deploy", "cli"),
    *("rendering.theme", "rendering.catalogues", "rendering.builtin", "content.schema.dates", "core.docstrings"),
)
"""Who may open files: the edges, the loaders of themes and their catalogues, and readers of data that the packages themselves contain."""
DISK = frozenset({"os", "pathlib", "shutil", "tempfile", "subprocess", "socket", "sqlite3"})
CLOCK_AND_MOOD = frozenset({"time", "locale", "random", "getpass", "platform"})

MODULES = sorted(p.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".") for p in PACKAGE.rglob("*.py"))


def imports(module: str) -> Iterator[str]:
    """Every import of a module, also inside functions and under TYPE_CHECKING."""
    source = (PACKAGE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            yield from (f"{node.module}.{alias.name}" if node.module == "briefings" else str(node.module) for alias in node.names)


def pure_paths_only(module: str) -> bool:
    """Whether a module takes nothing from pathlib but the paths that never touch a disk."""
    source = (PACKAGE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
    names = {a.name for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom) and n.module == "pathlib" for a in n.names}
    return names <= {"PurePosixPath", "PurePath"} and "import pathlib" not in source


def layer(module: str) -> int | None:
    wing = module.removeprefix("briefings.").split(".")[0]
    return next((i for i, wings in enumerate(LAYERS) if wing in wings), None)


@pytest.mark.parametrize("module", [m for m in MODULES if m not in ("__init__", "__main__")])
def test_imports_run_one_way(module: str) -> None:
    own = layer(module)
    assert own is not None, f"{module} belongs to no layer"
    for imported in imports(module):
        if imported.startswith("briefings."):
            other = layer(imported)
            assert imported == "briefings.__version__" or (other is not None and other <= own), f"{module} imports {imported}"


@pytest.mark.parametrize("module", MODULES)
def test_only_the_edges_touch_the_world(module: str) -> None:
    roots = {name.split(".")[0] for name in imports(module)}
    if pure_paths_only(module):
        roots -= {"pathlib"}
    if not module.startswith(READS_DISK) and module != "__main__":
        assert not roots & DISK
    if not module.startswith(("executors", "engine", "serve", "cli")):
        assert not roots & CLOCK_AND_MOOD


def test_modules_do_not_import_each_other_in_circles() -> None:
    graph = {f"briefings.{m}": {i for i in imports(m) if i.startswith("briefings.")} for m in MODULES}
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join((*way[way.index(module) :], module))
        if module not in done:
            for imported in sorted(graph.get(module, ())):
                visit(imported, (*way, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_every_module_can_be_imported_without_a_warning() -> None:
    """Since there is no circle among them, it makes no difference which of them comes first."""
    names = [f"briefings.{m}".removesuffix(".__init__") for m in MODULES if m != "__main__"]
    program = f"import importlib\nfor name in {names!r}: importlib.import_module(name)\n"
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, cwd=PACKAGE.parent, timeout=PATIENCE)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_its_purpose_in_one_sentence(module: str) -> None:
    source = (PACKAGE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring, f"{module} has no docstring"
    assert docstring.splitlines()[0].endswith("."), docstring.splitlines()[0]
    assert len(source.splitlines()) <= 400, f"{module} is too long to be one thing"


FIELDS_IN_ORDER = frozenset({"LeanToken", "nodes.Filter"})
"""Tokens and nodes of the libraries' own trees: the first are made for each word, and the second take their fields in no other way."""


def constructed(call: ast.Call) -> str:
    """The class that a call makes a value of, as it is written; empty for the call of a function."""
    called = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    name = ast.unparse(called)
    return name if name.rpartition(".")[2].lstrip("_")[:1].isupper() else ""


@pytest.mark.parametrize("module", MODULES)
def test_constructors_are_called_with_few_positional_values(module: str) -> None:
    """Of five values or more, nobody sees which is which: they are named."""
    source = (PACKAGE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and len(node.args) > 4]
    many = [f"line {call.lineno}: {constructed(call)}" for call in calls if constructed(call) not in {"", *FIELDS_IN_ORDER}]
    assert not many


def test_there_is_no_drawer_for_everything() -> None:
    assert not {"utils", "util", "common", "helpers", "misc"} & {part for m in MODULES for part in m.split(".")}
