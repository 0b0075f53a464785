"""The pack for an assessor: both lists as one page to print, headings in two languages."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.evidence import lists
from app.evidence.lists import Entry, Status

_HERE = Path(__file__).resolve().parent
_FIGURES = (
    _HERE.parents[1] / "bench" / "results" / "walls.json",
    _HERE / "data" / "walls.json",
)
STATUS = {
    Status.test: ("测试验证", "proved by a test"),
    Status.config: ("配置核查", "checked configuration"),
    Status.doc: ("文档说明", "documented"),
    Status.na: ("不适用", "not applicable"),
    Status.open: ("待完善", "open"),
}
TITLES = {
    "mlps": ("网络安全等级保护第三级（GB/T 22239-2019）", "MLPS level 3"),
    "asvs": ("OWASP ASVS 5.0.0 第二级", "OWASP ASVS 5.0.0, level 2"),
}


@dataclass(frozen=True)
class Chapter:
    """One list: its ids in their order, and how many answers of each kind."""

    name: str
    entries: dict[str, Entry]
    counts: Counter[Status]


def figures() -> dict[str, dict[str, Any]]:
    """Return what the harnesses of the walls measured last, by id; {} where nothing was kept."""
    for file in _FIGURES:
        if file.is_file():
            return {row["id"]: row for row in json.loads(file.read_text("utf-8"))}
    return {}


def html(day: date) -> str:
    """Return the pack as of ``day``: one page without scripts and without outside resources."""
    return (
        Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        .get_template("pack.html")
        .render(
            chapters=[_chapter(name) for name in lists.NAMES],
            titles=TITLES,
            statuses=STATUS,
            figures=figures(),
            day=day.isoformat(),
            version=version("park-platform"),
        )
    )


def _chapter(name: str) -> Chapter:
    entries = dict(sorted(lists.read(name).items(), key=lambda pair: _order(pair[0])))
    return Chapter(name, entries, Counter(entry.status for entry in entries.values()))


def _order(id_: str) -> tuple[list[int], str]:
    number, _, letter = id_.partition(" ")
    return [int(part) for part in number.split(".")], letter
