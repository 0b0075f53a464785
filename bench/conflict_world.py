"""A made-up world for bench/conflicts.py: organisations under many spellings, by a seeded dice.

Which organisation is meant is known by construction; how it is written down is what a clerk might
type: in traditional characters, full width, with a department, under a former name, with the
credit code present, missing or mistyped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import opencc

from app.ledgers.enterprises.credit_code import ALPHABET, make

Row = dict[str, Any]


def _words(text: str) -> list[str]:
    return text.split()


_TRADITIONAL = opencc.OpenCC("s2t")
_CITIES = _words("苏州 无锡 常州 南京 镇江 扬州 昆山 张家港 太仓 江阴 宜兴 盐城 徐州 南通 泰州")
_TRADES = _words("精密机械 精密仪器 光电 新材料 生物医药 软件 环保 传感 机器人 半导体 轴承 电气")
_WORDS = _words("东方 华瑞 恒达 中科 天成 联创 鼎新 启明 万里 云帆 博远 金石 发展 钟鼎 后浪")
_FORMS = ("有限公司", "有限公司", "股份有限公司", "有限责任公司", "厂")
_FACULTIES = _words("机械工程 材料科学 计算机 电子信息 生命科学 化工 能源 自动化 物理 管理")
_SURNAMES = _words("张 王 李 赵 钱 孙 周 吴 郑 范 钟 于 叶 万 余 欧阳 谭 沈 沈 沈 沈 邓 肖")
_GIVEN = _words("伟 芳 国强 秀英 敏 静 静 静 静 静 丽 强 磊 军 洋 勇 艳 杰 涛 明 云发 建国 志远")
_SECTIONS = ("研发中心", "技术部", "第一车间")
_STRAY = make("320900", "MC999999")
NO_NAME = (None, None, "", "无", "不详", "暂无", "-", " / ", "未填写", "null", "退休")


@dataclass(frozen=True, slots=True)
class Organisation:
    """One legal person: its code, its name, those it bore, and parts of it."""

    number: int
    kind: str
    code: str
    name: str
    former: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass
class World:
    """All legal persons of one seed; ``firms`` stand in the ledger, ``others`` do not."""

    firms: list[Organisation] = field(default_factory=list)
    others: list[Organisation] = field(default_factory=list)

    @property
    def everybody(self) -> list[Organisation]:
        return self.firms + self.others


def build(dice: Random, firms: int = 400, others: int = 120) -> World:
    """Found a world in which no two legal persons share a name, though many look alike."""
    world, taken = World(), set[str]()

    def fresh(make_name: Any) -> str:
        while True:
            name = str(make_name())
            stem = name.removesuffix("有限公司").removesuffix("股份").removesuffix("有限责任公司")
            if stem not in taken:
                taken.add(stem)
                return name

    def firm_name() -> str:
        city, word, trade = (dice.choice(pool) for pool in (_CITIES, _WORDS, _TRADES))
        return city + word + trade + dice.choice(_FORMS)

    for number in range(firms):
        former = tuple(fresh(firm_name) for _ in range(dice.choice((0, 0, 1, 1, 2))))
        branch = f"{dice.choice(_CITIES)}分公司"
        name = fresh(firm_name)
        code = make("320500", f"MA{number:06d}")
        world.firms.append(Organisation(number, "firm", code, name, former, (branch, *_SECTIONS)))
    for number in range(firms, firms + others):
        kind = dice.choice(("university", "academy", "institute", "hospital"))
        name = fresh(lambda kind=kind: _other_name(dice, kind))
        parts = {
            "university": (*(f"{f}学院" for f in _FACULTIES), "科研处研究所", "医学部"),
            "academy": ("检测中心", "一室研究室"),
            "institute": ("检测中心", "总体研究室"),
            "hospital": ("检验中心", "科研部"),
        }[kind]
        code = make("320100", f"MB{number:06d}", "1", "2")
        world.others.append(Organisation(number, kind, code, name, (), parts))
    return world


def _other_name(dice: Random, kind: str) -> str:
    city, word, trade = (dice.choice(pool) for pool in (_CITIES, _WORDS, _TRADES))
    if kind == "university":
        return f"{city}{word}大学"
    if kind == "academy":
        return f"中国科学院{city}{trade}研究所"
    if kind == "institute":
        return f"{word}电子集团公司{city}{trade}研究所"
    return f"{city}{word}大学附属医院"


def person_name(dice: Random) -> str:
    """Return a name; some are frequent, so namesakes occur."""
    return dice.choice(_SURNAMES) + dice.choice(_GIVEN)


def scribbled(dice: Random, text: str) -> str:
    """Return a text as somebody typed it: the same to a clerk, other characters."""
    way = dice.random()
    if way < 0.45:
        return text
    if way < 0.65:
        text = _TRADITIONAL.convert(text)
    if way > 0.85:
        text = _wide(text)
    if dice.random() < 0.3:
        at = dice.randrange(len(text) + 1)
        text = text[:at] + dice.choice((" ", "　", "\u200b", "·")) + text[at:]
    return text


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def mistyped(dice: Random, code: str) -> str:
    """Return a code with one character wrong, or two of them changed about."""
    at = dice.randrange(len(code) - 1)
    if dice.random() < 0.3 and at + 2 < len(code) and code[at] != code[at + 1]:
        return code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    other = dice.choice([c for c in ALPHABET if c != code[at]])
    return code[:at] + other + code[at + 1 :]


@dataclass(frozen=True, slots=True)
class Written:
    """An organisation as it was written down, and what of it can be relied on."""

    name: str | None
    uscc: str | None
    named: bool
    coded: bool

    @property
    def usable(self) -> bool:
        return self.named or self.coded

    def as_entry(self, **more: Any) -> Row:
        return {"organisation": self.name, "uscc": self.uscc, **more}


def written(dice: Random, one: Organisation, *, old_names: bool, stray: bool = True) -> Written:
    """Write an organisation down; now and then so that it identifies nobody.

    ``stray`` lets a right code of somebody else's stand beside the name.
    """
    name: str | None = one.name
    if old_names and one.former and dice.random() < 0.35:
        name = dice.choice(one.former)
    if one.kind == "firm" and dice.random() < 0.2:
        name = (name or "").removesuffix("股份有限公司").removesuffix("有限责任公司") + "有限公司"
        name = name.replace("有限公司有限公司", "有限公司").replace("厂有限公司", "厂")
    way = dice.random()
    if way < 0.3:
        name = f"{name}{dice.choice(('', ' ', '·'))}{dice.choice(one.parts)}"
    elif way < 0.36:
        name = f"{name}（退休）"
    name = scribbled(dice, name or "")
    how = dice.random()
    code: str | None = one.code
    if how < 0.45:
        code = None
    elif how < 0.55:
        code = mistyped(dice, one.code)
    elif how < 0.62:
        code = dice.choice((one.code.lower(), _wide(one.code)))
    elif how < 0.65 and stray and dice.random() < 0.9:
        return Written(name, _STRAY, named=True, coded=True)
    right = code is not None and not 0.45 <= how < 0.55
    if dice.random() < 0.06:
        return Written(dice.choice(NO_NAME), code, named=False, coded=right)
    return Written(name, code, named=True, coded=right)


def unlike(dice: Random, all_of: Sequence[Organisation], but: set[int]) -> Organisation:
    """Return an organisation that is none of ``but``."""
    while True:
        one = dice.choice(all_of)
        if one.number not in but:
            return one
