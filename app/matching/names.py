"""Names of organisations and people made comparable: one legal person under all its spellings.

Two names are compared by sets of keys, so that thousands can be compared at once. Every doubt is
decided for sameness: a conflict missed is worse than one that a person dismisses.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product

from app.core.text import fold
from app.ledgers.enterprises import credit_code

SHORTEST = 4  # characters of a name that may stand for a legal person's longer one
_SPELLINGS = 512  # of one name at most; names of people have two to four characters
_KNOWN_NAMES = 1 << 17

_ALONE = "。"  # keeps characters apart, so that none is read as part of a phrase
_NOISE = re.compile(r"[\W_]+")
#: What a department's name adds to that of the legal person it belongs to.
_DEPARTMENT = re.compile(
    r"(学院|研究生院|研究院|系|所|部|中心|实验室|研究室|教研室|课题组|车间|分厂|分公司|分部|分院"
    r"|分行|支行|分校|校区|办事处|工作站|事业部)$"
)
#: What the name of a legal person ends with, where a department's follows it.
_LEGAL_PERSON = re.compile(
    r"(大学|公司|厂|医院|科学院|研究院|研究所|学院|学校|中心|局|委员会|协会|学会|银行)$"
)
#: Above these stand many legal persons of their own: sharing one makes no two the same.
_UMBRELLA = re.compile(r"(集团(公司|有限公司|股份有限公司)?|^中国.*科学院)$")
#: Legal forms that are written in more than one way, or changed when shares are issued.
_FORM = re.compile(r"(股份|责任)?有限(责任)?公司$")
#: What people add to their employer's name about themselves.
_STATUS = re.compile(r"(已?退休|离休|返聘|兼职|在职|特聘|客座|外聘)$")
#: Written into a box that must not stay empty.
_NOTHING = re.compile(
    r"(无|暂无|没有|不详|未知|未填写?|待定|待补充?|其他|退休|离休|离职|空|none|null|na|nil|unknown|x+|0+|1+)?"
)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a name is compared by: itself, and the legal persons it may be a department of."""

    exact: frozenset[str]
    within: frozenset[str]  # every longer beginning of a department's name
    heads: frozenset[str]  # those that end as a legal person's name does

    def meet(self, other: "Keys") -> bool:
        """Say whether the two may be names of one legal person."""
        return not (
            self.exact.isdisjoint(other.exact)
            and self.within.isdisjoint(other.exact)
            and self.exact.isdisjoint(other.within)
            and self.heads.isdisjoint(other.heads)
        )


NO_KEYS = Keys(frozenset(), frozenset(), frozenset())


@lru_cache(maxsize=_KNOWN_NAMES)
def bare(name: str | None) -> str:
    """Give a name without script, width, case, blanks and punctuation.

    Character by character: OpenCC's phrases would make 沉静 of Miss 沈靜, who is 沈静 besides.
    """
    if not name:
        return ""
    plain = unicodedata.normalize("NFKC", name).translate(_simplified()).lower()
    return _NOISE.sub("", unicodedata.normalize("NFKC", plain))


@lru_cache(maxsize=_KNOWN_NAMES)
def keys_of(name: str | None) -> Keys:
    """Return what an organisation's name is compared by; nothing for one that says nothing."""
    full = _STATUS.sub("", bare(name)) or bare(name)
    if _NOTHING.fullmatch(full):
        return NO_KEYS
    exact = {full}
    stem = _FORM.sub("", full)
    if len(stem) >= SHORTEST:
        exact.add(stem)
    return Keys(frozenset(exact), *_above(full))


def _above(full: str) -> tuple[frozenset[str], frozenset[str]]:
    suffix = _DEPARTMENT.search(full)
    if suffix is None:
        return frozenset(), frozenset()
    within = {full[:end] for end in range(SHORTEST, suffix.start() + 1)}
    heads = {p for p in within if _LEGAL_PERSON.search(p) and not _UMBRELLA.search(p)}
    return frozenset(within), frozenset(heads)


def same_name(one: str | None, other: str | None) -> bool:
    """Say whether two names may be those of one legal person."""
    return keys_of(one).meet(keys_of(other))


@lru_cache(maxsize=_KNOWN_NAMES)
def code_of(code: str | None) -> str | None:
    """Return a 统一社会信用代码 as it would be stored, right or wrong: two equal ones are one."""
    return credit_code.normalise(code) or None if code else None


@lru_cache(maxsize=_KNOWN_NAMES)
def sound_code(code: str | None) -> str | None:
    """Return a code that was typed correctly, else None: a wrong one identifies nobody."""
    plain = code_of(code)
    return plain if plain and credit_code.check(plain).valid else None


def spellings(names: Iterable[str]) -> set[str]:
    """Return what must be looked for so that a name is found in whichever script it was typed.

    Each is folded again when found; here nothing may be missing, too much does no harm.
    """
    found: set[str] = set()
    for name in names:
        plain = bare(name)
        found.update(
            map("".join, islice(product(*(_written(c) for c in plain)), _SPELLINGS)), (plain,)
        )
    return found


def _written(character: str) -> tuple[str, ...]:
    return (character, *_traditional().get(character, ()))


@cache
def _simplified() -> dict[int, str]:
    """Return what each single character folds to, where that is another one."""
    ranges = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2EBF0))
    letters = [chr(code) for first, last in ranges for code in range(first, last)]
    folded = fold(_ALONE.join(letters)).split(_ALONE)
    pairs = zip(letters, folded, strict=True)
    return {ord(letter): plain for letter, plain in pairs if plain != letter}


@cache
def _traditional() -> dict[str, tuple[str, ...]]:
    """Return, by simplified character, the others that fold to it."""
    found: dict[str, list[str]] = {}
    for code, plain in _simplified().items():
        found.setdefault(plain, []).append(chr(code))
    return {plain: tuple(others) for plain, others in found.items()}
