"""Whether a text meant for everybody still says who stands behind it, and with which words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.core.errors import FieldError
from app.core.labels import T
from app.core.text import fold

_LEGAL_FORM = re.compile(
    r"(?:集团)?(?:股份)?(?:有限(?:责任)?公司|有限合伙|合伙企业|公司|集团|研究院|厂)(?:\(.*\))?$"
)
_PLACE = re.compile(r"^(?:[一-鿿]{2,6}?(?:省|市|自治区|特别行政区|县|区))+")
_SHORTEST_CORE = 3
_SHORTEST_PLACELESS = 6
_SHORTEST_PERSON = 2
_PIECE = 4
_SEPARATORS = re.compile(r"(?<=[\d+])[\s\-()]+(?=\d)")
_TRACES = (
    (T("手机号码", "a mobile number"), re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")),
    (T("电话号码", "a telephone number"), re.compile(r"(?<!\d)(?:0\d{9,11}|[48]00\d{7})(?!\d)")),
    (T("电子邮箱", "an e-mail address"), re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (T("专利号", "a patent number"), re.compile(r"zl\s?\d{8,12}(?:\.[\dx])?|cn\d{8,9}[a-cuy]\b")),
    (
        T("统一社会信用代码", "a credit code"),
        re.compile(r"(?<![0-9a-z])[0-9any][0-9]\d{6}[0-9a-hj-npqrtuwxy]{10}(?![0-9a-z])"),
    ),
    (T("网址", "a web address"), re.compile(r"(?:https?://|www\.)\S+")),
)
_NAMES_OWNER = T(
    "公开稿中出现了「{piece}」（{what}），会暴露企业，请改写。",
    "The text contains “{piece}” ({what}), which gives the enterprise away; reword it.",
)


@dataclass(frozen=True, slots=True)
class Clue:
    """A piece of text that would give somebody away, and what it is."""

    what: T
    text: str


def clues_of(
    *,
    names: Iterable[str],
    uscc: str,
    persons: Iterable[str | None],
    address: str | None,
    website: str | None,
    phones: Iterable[str | None],
    certificate: str | None,
) -> list[Clue]:
    """Return what must not stand in a blind text, the longest form of each first."""
    found = [
        Clue(T("企业名称", "the enterprise's name"), form)
        for name in names
        for form in _forms(name)
    ]
    found.append(Clue(T("统一社会信用代码", "its credit code"), uscc))
    person = T("联系人或法定代表人", "a person of the enterprise")
    found += [Clue(person, p) for p in persons if p and len(p.strip()) >= _SHORTEST_PERSON]
    phone = T("联系电话", "its telephone")
    found += [Clue(phone, p) for p in phones if p and "*" not in p]
    for what, value in (
        (T("地址", "its address"), address),
        (T("网址", "its website"), re.sub(r"^https?://(www\.)?|/$", "", website or "")),
        (T("证书编号", "its certificate"), certificate),
    ):
        if value and value.strip():
            found.append(Clue(what, value))
    return found


def pieces(name: str) -> list[str]:
    """Return the four-character pieces of a name without its legal form: trade names hide there."""
    bare = _LEGAL_FORM.sub("", fold(name).replace(" ", ""))
    return [bare[at : at + _PIECE] for at in range(len(bare) - _PIECE + 1)]


def _forms(name: str) -> Iterator[str]:
    """Yield a name whole, without its legal form, and without the place in front too."""
    folded = fold(name).replace(" ", "")
    bare = _LEGAL_FORM.sub("", folded)
    yield folded
    if len(bare) >= _SHORTEST_CORE:
        yield bare
    placeless = _PLACE.sub("", bare)
    if len(placeless) >= _SHORTEST_PLACELESS:  # shorter, it is any firm's trade: 智能装备
        yield placeless


def revealing(pointer: str, text: str, clues: Iterable[Clue]) -> FieldError | None:
    """Return the error of the first piece of ``text`` that names its owner, or None.

    Compared are folded texts: neither full width, traditional characters, blanks nor hyphens hide
    a name or a number.
    """
    folded = fold(text)
    tight = _tight(folded)
    for clue in clues:
        if _tight(fold(clue.text)) in tight:
            return FieldError(
                pointer, "reveals_owner", _NAMES_OWNER, {"piece": clue.text, "what": clue.what}
            )
    joined = _SEPARATORS.sub("", folded)
    for what, pattern in _TRACES:
        hit = pattern.search(folded) or pattern.search(joined)
        if hit:
            return FieldError(
                pointer, "reveals_owner", _NAMES_OWNER, {"piece": hit[0], "what": what}
            )
    return None


def _tight(folded: str) -> str:
    return re.sub(r"[\W_]+", "", folded)
