"""One thing has one name: in the glossary, on the labels of the house and on the page."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.access.roles import LABELS
from app.core.labels import T
from app.core.text import to_taiwan
from app.registers import directory


class Term(NamedTuple):
    section: str
    code: str
    zh: str
    tw: str


#: Where the words of a register stand; those of the house stand for all of them.
SECTIONS = {
    "enterprises": ("Enterprise",),
    "qualifications": ("Qualification",),
    "needs": ("Need: fields", "Need: states", "Need: moves"),
    "service-log": ("Service log",),
    "projects": ("Project",),
    "experts": ("Expert",),
    "achievements": ("Achievement",),
    "matches": ("Match",),
    "conflict-rules": ("Conflict of interest",),
    "draws": ("Draw",),
    "panels": ("Panel and review",),
    "reviews": ("Panel and review",),
    "assignments": ("Assignment",),
}
#: Codes of the glossary that a register uses for another thing.
OTHER_THINGS = {
    ("draws", "beacon"): "the register's field says where the public value comes from",
}
#: Words of the glossary that are words of every day too, and then are said in other ways.
EVERYDAY = {"恢复", "地址", "任务", "操作", "标题", "说明"}
#: English labels that stand for several Chinese ones: the register they stand in tells which.
BY_REGISTER = {
    "Accept", "Accepted", "Apply", "Cancel", "Confirm", "Confirmed", "Enterprise", "Expert",
    "Keywords", "Kind", "Level", "Name", "Need", "Organisation", "Project", "Publish", "Published",
    "Reject", "Rejected", "Replaced", "Result", "Resume", "Running", "Start", "Submit", "Summary",
    "Title", "Valid from",
}  # fmt: skip
#: Chinese labels that English says in several ways: a pool is frozen, a panel locked.
SAID_IN_ENGLISH = {"封存人", "封存时间", "结束日期", "项目", "归档", "暂停", "签约"}


def _terms() -> Iterator[Term]:
    section = ""
    for line in Path("docs/glossary.md").read_text().splitlines():
        if line.startswith("## "):
            section = line[3:]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        codes = re.findall(r"`([^`]+)`", cells[0])
        if len(cells) == 4 and codes:
            pairs = zip(codes, cells[1].split("、"), cells[2].split("、"), strict=False)
            yield from (Term(section, *pair) for pair in pairs)


TERMS = list(_terms())


def test_every_term_reads_in_taiwan_as_the_house_writes_it() -> None:
    assert len(TERMS) > 350
    assert [term for term in TERMS if to_taiwan(term.zh) != term.tw] == []


def _labels(register: Any) -> Iterator[tuple[str, str, T]]:
    """Yield kind, code and label of whatever a register names."""
    yield "register", register.name, register.label
    for name, field in register.all_fields.items():
        yield "field", name, field.label
    if register.lifecycle:
        for state, told in register.lifecycle.states.items():
            yield "state", str(state), told.label
        for name, move in register.lifecycle.moves.items():
            yield "move", name, move.label


@pytest.mark.usefixtures("app")
def test_labels_of_registers_fields_states_and_moves_are_the_glossarys() -> None:
    wrong = []
    for register in (r for r in directory.everything() if r.name != "toys"):
        for kind, code, label in _labels(register):
            own = ("Registers",) if kind == "register" else SECTIONS[register.name]
            known = {t.zh for t in TERMS if t.section in own and t.code == code}
            said = {label.zh, label.zh.removeprefix("已"), f"已{label.zh}"}
            if known and not known & said and (register.name, code) not in OTHER_THINGS:
                wrong.append(f"{register.name} {kind} {code}: {label.zh}, glossary: {known}")
    assert wrong == []


def test_roles_are_called_as_the_glossary_calls_them() -> None:
    known = {t.code: t.zh for t in TERMS if t.section == "Roles"}
    assert {role.value: label.zh for role, label in LABELS.items()} == known


@pytest.mark.usefixtures("app")
def test_one_english_label_is_one_chinese_one_and_the_other_way_round() -> None:
    chinese: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    english: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for register in (r for r in directory.everything() if r.name != "toys"):
        for kind, _, label in _labels(register):
            chinese[kind, label.en].add(label.zh)
            english[kind, label.zh].add(label.en)
    many = {label for (_, label), names in chinese.items() if len(names) > 1}
    assert many - BY_REGISTER == set()
    assert BY_REGISTER - many == set()
    assert {zh for (_, zh), names in english.items() if len(names) > 1} == SAID_IN_ENGLISH


def _page(locale: str) -> dict[str, str]:
    def flat(at: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
        for key, value in at.items():
            if isinstance(value, dict):
                yield from flat(value, f"{path}.{key}")
            else:
                yield f"{path}.{key}", value

    files = Path("web/src/locales", locale).glob("*.json")
    return {k: v for f in files for k, v in flat(json.loads(f.read_text()), f.stem)}


def test_the_page_says_a_term_in_taiwan_as_the_glossary_does() -> None:
    taiwan = _page("zh-TW")
    known = {t.zh: t.tw for t in TERMS if len(t.zh) > 1 and t.zh not in EVERYDAY}
    mixed = [
        f"{key}: {text} | {taiwan[key]} ({term})"
        for key, text in _page("zh-CN").items()
        for term, tw in known.items()
        if term in text and tw not in taiwan[key] and f"已{term}" not in text
    ]
    assert mixed == []


def test_the_page_calls_roles_as_the_server_does() -> None:
    for locale in ("zh-CN", "zh-TW", "en"):
        page = _page(locale)
        told = {role: page[f"accounts.roles.{role.value}"] for role in LABELS}
        assert told == {role: label.in_(locale) for role, label in LABELS.items()}, locale
