"""Names for the second check: compared by plain loops, apart from the keys the rules use."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import opencc

Row = Mapping[str, Any]

_CONVERTER = opencc.OpenCC("t2s")
_PART = re.compile(
    "(学院|研究生院|研究院|研究所|系|所|部|中心|实验室|研究室|教研室|课题组|车间|分厂|分公司|分院|"
    "分行|支行|分校|校区|办事处|工作站)$"
)
_WHOLE = re.compile(
    "(大学|公司|厂|医院|科学院|研究院|研究所|学院|学校|中心|局|委员会|协会|学会|银行)$"
)
_SAYS_NOTHING = re.compile(
    "|无|暂无|没有|不详|未知|未填|未填写|待定|待补|待补充|其他|退休|离休|离职|空"
    "|none|null|na|nil|unknown|x+|0+|1+"
)
_REMARKS = ("已退休", "退休", "离休", "返聘", "兼职", "在职", "特聘", "客座", "外聘")
_FORMS = ("股份有限责任公司", "有限责任公司", "股份有限公司", "责任有限公司", "有限公司")
_CODE_LENGTH = 18
_VALUES = {c: n for n, c in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_SHORT = 4


@lru_cache(maxsize=1 << 16)
def plain(text: str | None) -> str:
    """Give letters and digits only, small, simplified, half width."""
    given = unicodedata.normalize("NFKC", text or "")
    # one by one: as a phrase 沈靜 would become 沉静, and a name is no phrase
    simple = "".join(map(_CONVERTER.convert, given)).replace("帐", "账").lower()
    return "".join(c for c in unicodedata.normalize("NFKC", simple) if c.isalnum())


@lru_cache(maxsize=1 << 16)
def company(text: str | None) -> str:
    """Give an organisation's name without legal form and personal remarks, or nothing."""
    name = plain(text)
    for remark in _REMARKS:
        if name.endswith(remark) and name != remark:
            name = name[: -len(remark)]
            break
    return "" if _SAYS_NOTHING.fullmatch(name) else name


@lru_cache(maxsize=1 << 16)
def right_code(text: str | None) -> str:
    """Give a credit code whose check character is right, or nothing."""
    code = _typed(text)
    if len(code) != _CODE_LENGTH or any(c not in _VALUES for c in code):
        return ""
    total = sum(_VALUES[c] * pow(3, place, 31) for place, c in enumerate(code[:17]))
    return code if (31 - total % 31) % 31 == _VALUES[code[17]] else ""


@lru_cache(maxsize=1 << 16)
def _typed(text: str | None) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text or "") if c.isalnum()).upper()


@lru_cache(maxsize=1 << 16)
def _names(text: str | None) -> tuple[str, ...]:
    """Give a name as it is and without its legal form."""
    name = company(text)
    for form in _FORMS:
        if name.endswith(form) and len(name) - len(form) >= _SHORT:
            return (name, name[: -len(form)])
    return (name,) if name else ()


def is_part_of(part: str, whole: str) -> bool:
    """Say whether ``part`` is ``whole`` followed by the name of a department."""
    longer = len(part) > len(whole) >= _SHORT and part.startswith(whole)
    return longer and _PART.search(part[len(whole) :]) is not None


@lru_cache(maxsize=1 << 16)
def _houses(text: str | None) -> frozenset[str]:
    """Give the legal persons a department's name begins with."""
    name = company(text)
    found = set()
    for end in range(_SHORT, len(name)):
        head = name[:end]
        group = re.search("集团(公司|有限公司|股份有限公司)?$", head)
        academy = head.startswith("中国") and head.endswith("科学院")
        if _WHOLE.search(head) and is_part_of(name, head) and not group and not academy:
            found.add(head)
    return frozenset(found)


def same(one: Row, other: Row) -> bool:
    """Say whether two organisations, by name or by code, may be one."""
    code = _typed(one.get("uscc"))
    if code and code == _typed(other.get("uscc")):
        return True
    for mine in _names(one.get("name")):
        for theirs in _names(other.get("name")):
            if mine == theirs or is_part_of(mine, theirs) or is_part_of(theirs, mine):
                return True
    return not _houses(one.get("name")).isdisjoint(_houses(other.get("name")))


def told_apart(one: Row, other: Row) -> bool:
    """Say whether two organisations can be compared: both named, or both with a right code."""
    names = company(one.get("name")) and company(other.get("name"))
    codes = right_code(one.get("uscc")) and right_code(other.get("uscc"))
    return bool(names or codes)
