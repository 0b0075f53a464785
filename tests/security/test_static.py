"""What the source never does: checked on its syntax tree, each check against a planted line."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Finder = Callable[[ast.AST, str], bool]


def _called(node: ast.AST) -> str:
    """Return the dotted name of what a call calls, "" for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return ast.unparse(node.func)


def _shell(node: ast.AST, _: str) -> bool:
    told = isinstance(node, ast.keyword) and node.arg == "shell"
    return told or _called(node) in {
        *("os.system", "os.popen", "asyncio.create_subprocess_shell", "subprocess.getoutput"),
    }


def _run_text(node: ast.AST, _: str) -> bool:
    return _called(node) in {"eval", "exec", "compile", "__import__"}


def _unpickled(node: ast.AST, file: str) -> bool:
    names = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
    if isinstance(node, ast.Import):
        found = any(alias.name in names for alias in node.names)
    else:
        found = isinstance(node, ast.ImportFrom) and node.module in names
    # between a process and its own child
    return (found or _called(node) == "yaml.load") and file != "app/core/aside.py"


def _template(node: ast.AST, _: str) -> bool:
    return _called(node).endswith("from_string") or _called(node) in {"Template", "jinja2.Template"}


def _guessable(node: ast.AST, file: str) -> bool:
    """``random`` is for made-up data and trials with a seed."""
    if file.startswith(("app/demo/", "app/matching/")):
        return False
    if isinstance(node, ast.Import):
        return any(alias.name == "random" for alias in node.names)
    return isinstance(node, ast.ImportFrom) and node.module == "random"


def _websocket(node: ast.AST, _: str) -> bool:
    return _called(node).rsplit(".", 1)[-1] in {
        "websocket",
        "websocket_route",
        "add_websocket_route",
    }


def _typed_pattern(node: ast.AST, _: str) -> bool:
    """A pattern is written down: literal, or made of literals and constants in capitals."""
    if _called(node) not in {f"re.{n}" for n in ("compile", "search", "match", "sub", "fullmatch")}:
        return False
    assert isinstance(node, ast.Call)
    return not all(_constant(part) for part in _parts(node.args[0]))


def _parts(pattern: ast.expr) -> Iterator[ast.expr]:
    if isinstance(pattern, ast.JoinedStr):
        yield from (v.value if isinstance(v, ast.FormattedValue) else v for v in pattern.values)
    elif isinstance(pattern, ast.BinOp):
        yield from (*_parts(pattern.left), *_parts(pattern.right))
    else:
        yield pattern


def _constant(part: ast.expr) -> bool:
    if isinstance(part, ast.Constant):
        return True
    if isinstance(part, ast.Name) and part.id.isupper():
        return True
    return ast.unparse(part).startswith(("re.escape(", "'|'.join(map(re.escape"))


#: Where a pattern is made of names, and what these hold.
_PATTERNS = {
    "app/core/text.py": "words of a table in the source",
    "app/core/sheets/ooxml.py": "names of attributes in the source",
    "app/ledgers/needs/blinding.py": "words of the ledger, escaped letter by letter",
    "app/registers/doubles/likeness.py": "a pattern of a register's declaration",
}


def _typed_format(node: ast.AST, file: str) -> bool:
    """``x.format(…)`` is asked of a literal or a constant; texts of T fill in by name."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr not in {"format", "format_map"}:
        return False
    owner = ast.unparse(node.func.value)
    last = owner.split("[", maxsplit=1)[0].rsplit(".", 1)[-1].strip("_")
    return not (
        isinstance(node.func.value, ast.Constant)
        or last.isupper()
        or file in _FORMATTED
        or "sql.SQL(" in owner
    )


#: Where a name is formatted, and why nobody outside chose it.
_FORMATTED = {
    "app/core/labels.py": "the one place where a T of the house is filled in",
    "app/core/sheets/messages.py": "a T of the house",
    "app/core/sheets/ooxml.py": "a pattern of part names in the source",
    "app/core/postgres_cluster.py": "SQL of psycopg, composed and quoted",
    "app/core/database_roles.py": "SQL of psycopg, composed and quoted",
    "app/core/backup/drill.py": "SQL of psycopg, composed and quoted",
    "app/network/portal/words.py": "a text of the catalogue",
    "app/ledgers/needs/lifecycle.py": "a T of the house",
    "app/ledgers/service_log/lifecycle.py": "a T of the house",
}


def _found(finder: Finder, source: str, file: str = "app/x.py") -> list[int]:
    return [getattr(n, "lineno", 0) for n in ast.walk(ast.parse(source)) if finder(n, file)]


def _in_the_house(finder: Finder) -> list[str]:
    found = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        file = str(path.relative_to(ROOT))
        found += [f"{file}:{n}" for n in _found(finder, path.read_text("utf-8"), file)]
    return found


def test_no_program_is_started_through_a_shell() -> None:
    assert _in_the_house(_shell) == []


def test_no_text_is_run() -> None:
    assert _in_the_house(_run_text) == []


def test_nothing_from_outside_is_unpickled() -> None:
    assert _in_the_house(_unpickled) == []


def test_no_template_is_made_of_what_somebody_typed() -> None:
    assert _in_the_house(_template) == []


def test_what_must_not_be_guessed_comes_from_the_system() -> None:
    assert _in_the_house(_guessable) == []


def test_no_websocket_is_served() -> None:
    assert _in_the_house(_websocket) == []


def test_no_pattern_is_made_of_what_somebody_typed() -> None:
    known = {f.split(":", maxsplit=1)[0] for f in _in_the_house(_typed_pattern)}
    assert known <= set(_PATTERNS), "say here what the pattern is made of"
    assert "re.escape" in (ROOT / "app/ledgers/needs/blinding.py").read_text("utf-8")


def test_no_format_is_what_somebody_typed() -> None:
    allowed = ("app/demo/",)  # made-up texts, filled with made-up words
    assert [f for f in _in_the_house(_typed_format) if not f.startswith(allowed)] == []


def test_every_redirect_stays_in_the_house() -> None:
    """One redirect leads to a record here, the others to and from the provider in the settings."""
    doors = {"app/registers/routes.py", "app/desk/identity_provider.py"}

    def redirects(node: ast.AST, _: str) -> bool:
        return _called(node).endswith("RedirectResponse")

    assert {f.split(":", maxsplit=1)[0] for f in _in_the_house(redirects)} <= doors


@pytest.mark.parametrize(
    ("finder", "line"),
    [
        (_shell, "subprocess.run(x, shell=True)"),
        (_shell, "os.system(x)"),
        (_run_text, "eval(x)"),
        (_unpickled, "from pickle import loads"),
        (_unpickled, "yaml.load(x)"),
        (_template, "environment.from_string(x)"),
        (_guessable, "import random"),
        (_websocket, "app.websocket('/x')(f)"),
        (_typed_pattern, "re.search(given, text)"),
        (_typed_pattern, "re.compile(f'a{given}')"),
        (_typed_format, "given.format(x)"),
    ],
)
def test_a_planted_line_is_found(finder: Finder, line: str) -> None:
    assert _found(finder, line)
