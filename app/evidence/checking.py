"""Whether the evidence of an entry exists: the test, the file, the heading."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from app.evidence.lists import Entry


def missing(entries: Mapping[str, Entry], root: Path) -> Iterator[str]:
    """Yield each piece of evidence that does not exist below ``root``, with its id."""
    for id_, entry in entries.items():
        for one in entry.evidence:
            if not exists(one, root):
                yield f"{id_}: {one}"


def exists(evidence: str, root: Path) -> bool:
    """Say whether evidence is there: `file::test`, `file`, or `file#heading or words`."""
    file, _, test = evidence.partition("::")
    if test:
        return test in _tests(root / file)
    file, _, words = evidence.partition("#")
    path = root / file
    if not words:
        return path.exists()
    if not path.is_file():
        return False
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        return re.search(rf"^#+ {re.escape(words)}$", text, re.MULTILINE) is not None
    return words in text


@lru_cache(maxsize=512)
def _tests(file: Path) -> frozenset[str]:
    """Return the test functions a file defines, from its syntax alone."""
    if not file.is_file():
        return frozenset()
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    )
