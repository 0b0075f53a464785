"""Finds every text of the server in its source, with what it is used for."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.labels import T

#: Calls whose texts name a thing or explain how to fill it in: labels and hints, no refusals.
_NAMING = frozenset({"F", "State", "Kind", "Register", "Indicator", "Finding"})


@dataclass(frozen=True)
class Text:
    """One ``T(…)`` of the source."""

    path: str
    line: int
    name: str  # the module's constant it stands in, or the function or class around it
    text: T
    title: bool  # the title of a kind of refusal: its heading, not its sentence
    naming: bool  # a label or a hint of a field, state, register …
    told: bool  # goes straight into a refusal: Problem(…), FieldError(…)

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"


@cache
def texts() -> tuple[Text, ...]:
    """Return every text written out in ``app``, those of the invented province left out."""
    paths = [p for p in sorted(Path("app").rglob("*.py")) if "demo" not in p.parts]
    trees = {str(path): ast.parse(path.read_text()) for path in paths}
    refusing = _refusing(trees.values())
    told = {one for path, tree in trees.items() for one in _told(path, tree, refusing)}
    return tuple(found for path, tree in trees.items() for found in _texts(path, tree, told))


def _refusing(trees: Iterable[ast.Module]) -> frozenset[str]:
    """Return the names of FieldError, Problem and of every class that stands under it."""
    names = {"Problem", "FieldError"}
    classes = [c for tree in trees for c in ast.walk(tree) if isinstance(c, ast.ClassDef)]
    while True:
        more = {c.name for c in classes if names & {_called(base) for base in c.bases}} - names
        if not more:
            return frozenset(names)
        names |= more


def _called(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _told(path: str, tree: ast.Module, refusing: frozenset[str]) -> set[tuple[str, str]]:
    """Return the constants, with the module they stand in, that this module puts into refusals."""
    places = dict(_imported(tree))
    found: set[tuple[str, str]] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        whose = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        if not {_called(node.func), _called(whose)} & refusing:
            continue
        for part in (n for arg in node.args for n in ast.walk(arg)):
            if isinstance(part, ast.Attribute) and _called(part.value) in places:
                found.add((_file("/".join(places[_called(part.value)])), part.attr))
            elif isinstance(part, ast.Name):
                module, name = places.get(part.id, (None, part.id))
                found.add((_file(module) if module else path, name))
    return found


def _imported(tree: ast.Module) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield every imported name with the module it comes from and its name there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, (node.module.replace(".", "/"), alias.name)


def _file(module: str) -> str:
    return f"{module}.py"


def _texts(path: str, tree: ast.Module, told: set[tuple[str, str]]) -> Iterator[Text]:
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and _called(node.func) == "T" and node.args):
            continue
        if not all(isinstance(arg, ast.Constant) for arg in node.args):
            continue  # put together from others that are read by themselves
        calls, name, title = _around(node, above)
        yield Text(
            path,
            node.lineno,
            name,
            T(*(str(arg.value) for arg in node.args if isinstance(arg, ast.Constant))),
            title,
            naming=bool(_NAMING & set(calls)),
            told=(path, name) in told and not title,
        )


def _around(node: ast.AST, above: dict[ast.AST, ast.AST]) -> tuple[list[str], str, bool]:
    """Return the calls a text is an argument of, the name it stands under, whether as a title."""
    calls: list[str] = []
    name, title = "", False
    while node in above:
        node = above[node]
        if isinstance(node, ast.Call):
            calls.append(_called(node.func))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            while isinstance(target, ast.Subscript):
                target = target.value
            name = _called(target.elts[-1] if isinstance(target, ast.Tuple) else target)
        elif isinstance(node, ast.ClassDef):
            title = name == "title"
            name = name or node.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = name or node.name
    return calls, name, title
