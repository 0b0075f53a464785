"""Whether a text meant for everybody still says who stands behind it, and with which words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypinyin

from app.core.errors import FieldError
from app.core.labels import T
from app.core.text import fold, initials, is_common
from app.ledgers.needs.traces import traces

_LEGAL_FORM = re.compile(
    r"(?:集团)?(?:股份)?(?:有限(?:责任)?公司|有限合伙|合伙企业|公司|集团|研究院|厂)(?:\(.*\))?$"
)
_PLACE = re.compile(r"^(?:[一-鿿]{2,6}?(?:省|市|自治区|特别行政区|县|区))+")
_SHORTEST_CORE = 3
_SHORTEST_PLACELESS = 6
_SHORTEST_PERSON = 2
_SHORTEST_INITIALS = 5
_SHORTEST_LATIN = 4
_PIECE = 4
_TRADE_NAME = (2, 3, 4)  # characters a 字号 has
#: Cities that many firms begin their name with, without its 市.
_CITY = re.compile(
    "^(?:北京|上海|天津|重庆|深圳|广州|苏州|杭州|南京|武汉|成都|西安|宁波|无锡|青岛|长沙|郑州|佛山|泉州|济南|"
    "合肥|福州|东莞|常州|大连|南通|沈阳|烟台|徐州|温州|昆明|长春|厦门|石家庄|哈尔滨|南昌|绍兴|嘉兴|台州|"
    "金华|潍坊|洛阳|襄阳|宜昌|贵阳|太原|南宁|乌鲁木齐|兰州|海口|银川|西宁|呼和浩特|拉萨|珠海|中山|惠州|"
    "扬州|镇江|泰州|盐城|淮安|芜湖|绵阳|昆山|江阴|张家港|常熟|太仓|义乌)"
)
_MODEL = re.compile(
    r"(?<![a-z0-9])(?=[a-z0-9-]*\d)(?=[a-z0-9-]*[a-z])[a-z0-9][a-z0-9-]{3,}(?![a-z0-9])"
)
_QUOTED = re.compile(r"[「『“\"'《]([^「」『』“”\"'《》]{2,20})[」』”\"'》]")
_COMPANY = T("企业名称", "the enterprise's name")
_TRADE = T("企业字号", "the name it trades under")
_PINYIN = T("企业名称的拼音", "its name in pinyin")
_NAMES_OWNER = T(
    "公开稿中出现了「{piece}」（{what}），会暴露企业，请改写。",
    "The text contains “{piece}” ({what}), which gives the enterprise away; reword it.",
)
_MAY_NAME_OWNER = T(
    "公开稿中的「{piece}」可能是{what}，会让人认出企业；请改写，或核对后勾选「已核对」再发布。",
    "“{piece}” may be {what}, by which the enterprise is recognised; reword it, or check it and"
    " tick “Checked”.",
)


@dataclass(frozen=True, slots=True)
class Clue:
    """A piece of text that would give somebody away, what it is, and whether it surely does."""

    what: T
    text: str
    certain: bool = True


def clues_of(  # noqa: PLR0913 -- everything an enterprise is known by, each by its name
    *,
    names: Iterable[str],
    uscc: str,
    persons: Iterable[str | None],
    address: str | None,
    website: str | None,
    phones: Iterable[str | None],
    certificate: str | None,
    products: str | None = None,
    numbers: Iterable[str] = (),
) -> list[Clue]:
    """Return what must not stand in a blind text, the longest form of each first.

    ``names`` are full, former, short, English names and brands; ``numbers`` are of patents and
    the like; ``products`` is a free text of which models and quoted names are taken.
    """
    found = [clue for name in names if name for clue in _of_name(name)]
    found.append(Clue(T("统一社会信用代码", "its credit code"), uscc))
    person = T("联系人或法定代表人", "a person of the enterprise")
    found += [Clue(person, p) for p in persons if p and len(p.strip()) >= _SHORTEST_PERSON]
    phone = T("电话号码", "a telephone number")
    found += [Clue(phone, p) for p in phones if p and "*" not in p]
    for what, value in (
        (T("地址", "its address"), address),
        (T("网址", "its website"), re.sub(r"^(?:https?://)?(?:www\.)?|/$", "", website or "")),
        (T("网址中的名称", "the name in its web address"), _host(website)),
        (T("证书编号", "its certificate"), certificate),
    ):
        if value and value.strip():
            found.append(Clue(what, value))
    right = T("知识产权编号", "the number of its patent")
    found += [Clue(right, number) for number in numbers if number]
    product = T("产品或品牌", "its product or brand")
    return found + [Clue(product, one, certain=False) for one in _products(products or "")]


def pieces(name: str) -> list[str]:
    """Return the four-character pieces of a name without its legal form: trade names hide there."""
    bare = _LEGAL_FORM.sub("", fold(name).replace(" ", ""))
    return [bare[at : at + _PIECE] for at in range(len(bare) - _PIECE + 1)]


def _of_name(name: str) -> Iterator[Clue]:
    """Yield a name whole, without its legal form, without the place in front, and in pinyin."""
    folded = fold(name).replace(" ", "")
    bare = _LEGAL_FORM.sub("", folded)
    placeless = _PLACE.sub("", bare)
    yield Clue(_COMPANY, folded)
    if len(bare) >= _SHORTEST_CORE:
        yield Clue(_COMPANY, bare)
    if len(placeless) >= _SHORTEST_PLACELESS:  # shorter, it is any firm's trade: 智能装备
        yield Clue(_COMPANY, placeless)
    if not placeless.isascii():
        marks = _trade_names(placeless)
        for mark in marks:
            yield Clue(_TRADE, mark, certain=False)
        yield from _in_letters(bare, placeless, marks)


def _trade_names(placeless: str) -> list[str]:
    """Return the trade names (字号) a name may begin with, also behind a city without its 市."""
    starts = dict.fromkeys((_CITY.sub("", placeless), placeless))
    found = (one[:size] for one in starts for size in _TRADE_NAME if len(one) > size)
    return [one for one in dict.fromkeys(found) if not (is_common(one) or _CITY.fullmatch(one))]


def _in_letters(bare: str, placeless: str, marks: Iterable[str]) -> Iterator[Clue]:
    """Yield the pinyin of a Chinese name, of the trade names it may begin with, its initials.

    Only the whole name is certain: what a firm is called by may also be a town or a trade.
    """
    for one in dict.fromkeys((bare, placeless)):
        letters = "".join(pypinyin.lazy_pinyin(one))
        if len(letters) >= _SHORTEST_INITIALS:
            yield Clue(_PINYIN, letters)
    short = [initials(one) for one in (bare, placeless)]
    short += ["".join(pypinyin.lazy_pinyin(mark)) for mark in marks]
    for letters in dict.fromkeys(one for one in short if len(one) >= _SHORTEST_INITIALS):
        yield Clue(_PINYIN, letters, certain=False)


def _host(website: str | None) -> str:
    """Return what a firm calls itself in its web address: lanjing of www.lanjing.com.cn."""
    host = re.sub(r"^(?:https?://)?(?:www\.)?|[/:?].*$", "", (website or "").lower())
    label = host.split(".")[0]
    return label if len(label) >= _SHORTEST_LATIN and "." in host else ""


def _products(told: str) -> Iterator[str]:
    """Yield models (LJ-200) and what stands in quotation marks: names, not kinds, of products."""
    folded = fold(told)
    yield from dict.fromkeys([*_MODEL.findall(folded), *_QUOTED.findall(told)])


def findings(
    pointer: str, text: str, clues: Iterable[Clue], *, checked: bool = False
) -> list[FieldError]:
    """Return an error for each piece of ``text`` that names its owner, the certain ones first.

    What only may name the owner is left out once somebody has ``checked`` it. Compared are folded
    texts: neither full width, traditional characters, blanks nor hyphens hide a name or a number.
    """
    folded = fold(text)
    tight = _tight(folded)
    hits = [(c.certain, c.text, c.what) for c in clues if _stands_in(c.text, folded, tight)]
    hits += [(trace.certain, words, trace.what) for trace, words in traces(folded)]
    told = dict.fromkeys(sorted(hits, key=lambda hit: (not hit[0], -len(hit[1]))))
    kept: list[FieldError] = []
    seen: list[str] = []
    for certain, piece, what in told:
        short = _tight(fold(piece))
        if (certain or not checked) and not any(short in longer for longer in seen):
            seen.append(short)
            kept.append(_error(pointer, piece, what, certain=certain))
    return kept


def revealing(pointer: str, text: str, clues: Iterable[Clue]) -> FieldError | None:
    """Return the error of the piece that names its owner for certain, or None."""
    return next(iter(findings(pointer, text, clues, checked=True)), None)


def _error(pointer: str, piece: str, what: T, *, certain: bool) -> FieldError:
    told = {"piece": piece, "what": what}
    if certain:
        return FieldError(pointer, "reveals_owner", _NAMES_OWNER, told)
    return FieldError(pointer, "may_reveal_owner", _MAY_NAME_OWNER, told)


def _stands_in(clue: str, folded: str, tight: str) -> bool:
    """Say whether a clue stands in a text; a name in Latin letters only as words of its own."""
    wanted = _tight(fold(clue))
    if not wanted:
        return False
    if not (wanted.isascii() and wanted.isalpha()):
        return wanted in tight
    spaced = r"[\W_]*".join(map(re.escape, wanted))
    return re.search(rf"(?<![a-z]){spaced}(?![a-z])", folded) is not None


def _tight(folded: str) -> str:
    return re.sub(r"[\W_]+", "", folded)
