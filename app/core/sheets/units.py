"""Units as headers and cells write them: 万元 against 元 against 亿, people, shares, areas."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as so many of its family's base; a bare multiplier (万) fits every family."""

    family: str
    factor: Decimal


def _money() -> dict[str, Unit]:
    powers = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}
    return {f"{word}元": Unit("money", Decimal(10) ** power) for word, power in powers.items()}


def _multipliers() -> dict[str, Unit]:
    return {
        word: Unit("", Decimal(10) ** power)
        for word, power in {"千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}.items()
    }


def _counts() -> dict[str, Unit]:
    words = ("人", "名", "位", "个", "家", "户", "项", "件", "篇", "次", "台", "套", "人次")
    return {word: Unit("count", Decimal(1)) for word in words} | {
        "万人": Unit("count", Decimal(10_000)),
        "万人次": Unit("count", Decimal(10_000)),
    }


UNITS: dict[str, Unit] = {
    **_money(),
    **_multipliers(),
    **_counts(),
    "人民币元": Unit("money", Decimal(1)),
    "元人民币": Unit("money", Decimal(1)),
    "万元人民币": Unit("money", Decimal(10_000)),
    "人民币万元": Unit("money", Decimal(10_000)),
    "rmb": Unit("money", Decimal(1)),
    "cny": Unit("money", Decimal(1)),
    "yuan": Unit("money", Decimal(1)),
    "%": Unit("share", Decimal(1)),
    "‰": Unit("share", Decimal("0.1")),
    "平方米": Unit("area", Decimal(1)),
    "平米": Unit("area", Decimal(1)),
    "m2": Unit("area", Decimal(1)),
    "万平方米": Unit("area", Decimal(10_000)),
    "万平米": Unit("area", Decimal(10_000)),
    "公顷": Unit("area", Decimal(10_000)),
    "天": Unit("days", Decimal(1)),
    "日": Unit("days", Decimal(1)),
    "月": Unit("months", Decimal(1)),
    "个月": Unit("months", Decimal(1)),
    "年": Unit("years", Decimal(1)),
}
# Old and traditional forms, and English words of our own exports
_SAME = str.maketrans({"圆": "元", "圓": "元", "萬": "万", "億": "亿", "個": "个", "項": "项"})
_ENGLISH = {"person": "人", "people": "人", "persons": "人", "person(s)": "人", "10kcny": "万元"}
_FOREIGN = re.compile(
    r"美元|美金|欧元|歐元|港元|港币|港幣|日元|英镑|英鎊|台币|新台幣|usd|eur|hkd|jpy|gbp|[$€£]"
)

_BRACKETED = re.compile(r"[(\[【〔]\s*(?:单位|單位)?\s*:?\s*([^()\[\]【】〔〕]{1,10}?)\s*[)\]】〕]")
_TRAILING = re.compile(r"(?:[/:,\s]|单位:|單位:)\s*([^\s/:,、()]{1,8})$")
_NOTE = re.compile(r"(?<![一-鿿])(?:(?:计量|金额|货币|計量|金額)?[单單]位)\s*:\s*(.{1,30})$")


@lru_cache(maxsize=1024)
def unit_named(word: str) -> Unit | None:
    """Return the unit of a word as people write it, None for what is no unit we know."""
    return UNITS.get(folded_unit(word))


def folded_unit(word: str) -> str:
    """Return the spelling of a unit under which it is known."""
    plain = "".join(unicodedata.normalize("NFKC", word).lower().split()).translate(_SAME)
    return _ENGLISH.get(plain, plain)


def is_foreign(word: str) -> bool:
    """Whether a unit is another currency, which no factor turns into ours."""
    return bool(_FOREIGN.search(unicodedata.normalize("NFKC", word).lower()))


def split_unit(header: str) -> tuple[str, str | None]:
    """Take the unit out of a header: 注册资本（万元） -> 注册资本, 万元. Other brackets stay."""
    text = unicodedata.normalize("NFKC", header).strip()
    if text.startswith(("单位:", "單位:")):  # a note for the whole table
        return text, None
    for pattern in (_BRACKETED, _TRAILING):
        for found in pattern.finditer(text):
            word = folded_unit(found[1])
            if word in UNITS or is_foreign(word):
                return (text[: found.start()] + text[found.end() :]).strip(), word
    return text, None


def units_noted(text: str) -> list[str]:
    """Read a note such as 单位：万元、人 above a table; 填报单位：… is an office, not a unit."""
    found = _NOTE.search(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return []
    said = re.split(r"[、,;/\s和及]+", found[1].strip(" )]"))
    words = [folded_unit(word) for word in said if word]
    return words if words and all(w in UNITS or is_foreign(w) for w in words) else []


def same_family(one: str, other: str) -> bool:
    first, second = unit_named(one), unit_named(other)
    return first is not None and second is not None and first.family == second.family


@lru_cache(maxsize=1024)
def factor(source: str, target: str | None) -> Decimal | None:
    """Return by what to multiply a number in ``source`` to have it in ``target``.

    None where the two do not measure the same thing. A bare 万 multiplies the target's base:
    100万 under 万元 is a hundred times 10,000 yuan, not a hundred times 10,000 times 10,000.
    """
    given = unit_named(source)
    if given is None or target is None:
        return given.factor if given else None
    wanted = unit_named(target)
    if wanted is None or given.family not in ("", wanted.family):
        return None
    return given.factor / wanted.factor
