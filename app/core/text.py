"""Chinese text made comparable, sortable and searchable, whichever script it was typed in."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Literal

import opencc
import pypinyin

from app.core.taiwan_words import TAIWAN_WORDS

# Unified ideographs with their extensions and compatibility forms, and the iteration mark
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

Weight = Literal["A", "B", "C", "D"]

# Limits of PostgreSQL's tsvector: a position is 14 bits, a lexeme keeps 256 of them, and the
# whole must stay under a megabyte or the INSERT fails; the last leaves room for alignment.
LAST_POSITION = 16383
POSITIONS_PER_LEXEME = 256
VECTOR_BYTES = 800_000
WORD_LENGTH = 64  # longer runs of letters are nobody's word, and a lexeme ends at 2 KB
QUERY_TERMS = 64  # a pasted page must not become a query of a thousand conditions

# Initials live beside words in one vector; the mark keeps szjm the word and szjm 苏州精密 apart.
_INITIALS_MARK = "~"
_INITIALS_LENGTH = 24

# Words that nearly every record has: they tell no candidate from another, and the pair across
# their edge (司希 in 我司希望) is no word at all
_COMMON = (
    "企业公司有限技术研究研发开发产品系统项目需求问题解决提高提升进行实现采用要求应用"
    "方法目前现有相关以及通过具有能够可以希望需要方面主要关键基于影响分析设计建设发展"
    "服务管理工作合作创新科技我司我们专家成果指标性能情况存在"
)
_COMMON_WORD = re.compile(
    "|".join(_COMMON[at : at + 2] for at in range(0, len(_COMMON), 2)) + "|[的了与及是或把被其之]"
)

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# 台账 and 台帳 are one word, but OpenCC takes 帳 to 帐 and leaves 账 alone
_VARIANTS = {"帐": "账"}
_RUN = re.compile(f"(?P<han>[{HAN}]+)|[^\\W_{HAN}]+")
_TAIWAN_PHRASE = re.compile(
    "(" + "|".join(sorted(map(re.escape, TAIWAN_WORDS), key=len, reverse=True)) + ")"
)


# 只 counts animals and hands only after a number or what stands for one; elsewhere it is "only"
_COUNTING = re.compile(
    r"(?<=[0-9０-９一二三四五六七八九十百千万两几半每这那某整船])(\s?)只(?![能可要有是会应需须限读看按填收得])"
)


@cache
def _converter(name: str) -> opencc.OpenCC:
    """Load a dictionary once: it costs milliseconds, a conversion microseconds."""
    return opencc.OpenCC(name)


def unified(text: str) -> str:
    """Give one form to what is written in different ones: widths, scripts, cases, variants."""
    if not text.isascii():
        text = _composed(_LONE_SURROGATE.sub("", text))
        text = _converter("t2s").convert(text)
        for variant, usual in _VARIANTS.items():
            text = text.replace(variant, usual)
    # lower() may take a letter apart (İ); composing again keeps fold(fold(x)) == fold(x)
    return _CONTROL.sub("", _composed(text.lower()))


def _composed(text: str) -> str:
    """Compose by NFKC; most texts are, and to see that is ten times faster than to do it."""
    normal = unicodedata.is_normalized("NFKC", text)
    return text if normal else unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """Give the form in which two texts that a clerk would call the same are equal."""
    return " ".join(unified(text).split())


@lru_cache(maxsize=8192)
def to_taiwan(text: str) -> str:
    """Draft the zh-TW wording of a zh-CN text: OpenCC's phrases, corrected by this field's own."""
    if text.isascii():
        return text
    convert = _converter("s2twp").convert
    # split() with one group returns the matched phrases at the odd places
    counted = _COUNTING.sub(r"\1隻", _LONE_SURROGATE.sub("", text))
    pieces = _TAIWAN_PHRASE.split(counted)
    return "".join(
        TAIWAN_WORDS[piece] if place % 2 else convert(piece) if piece else ""
        for place, piece in enumerate(pieces)
    ).replace("賬", "帳")


@lru_cache(maxsize=8192)
def pinyin_key(text: str) -> str:
    """Give the sort key by pinyin, for a collation that compares bytes ("C").

    Phrases decide readings (重庆 is chong qing); the text itself follows after a tab, which
    sorts below everything else, so homophones keep a fixed order and a shorter name comes first.
    """
    folded = fold(text)
    return " ".join(pypinyin.lazy_pinyin(folded)) + "\t" + folded


@lru_cache(maxsize=8192)
def initials(text: str) -> str:
    """Give the pinyin initials a clerk types for a name: 苏州精密 -> szjm."""
    letters = pypinyin.lazy_pinyin(fold(text), style=pypinyin.Style.FIRST_LETTER)
    return "".join(character for part in letters for character in part if character.isalnum())


def _placed_tokens(text: str) -> Iterator[tuple[int, str]]:
    """Yield every token with its position; a pair of characters stands where its first does."""
    position = 0
    for run in _RUN.finditer(fold(text)):
        if run["han"] is None:
            position += 1
            yield position, run[0][:WORD_LENGTH]
            continue
        for place, character in enumerate(run[0]):
            position += 1
            yield position, character
            if pair := run[0][place : place + 2][1:]:
                yield position, character + pair
        position += 1  # a gap, so that a phrase never spans a comma


def is_common(phrase: str) -> bool:
    """Say whether a phrase consists of words that nearly every record has."""
    return not _COMMON_WORD.sub("", fold(phrase))


def tokens(text: str) -> list[str]:
    """Split a text into what search compares: Han characters and pairs, words, numbers."""
    return [token for _, token in _placed_tokens(text)]


def _quoted(lexeme: str) -> str:
    """Quote a lexeme for tsvector and tsquery input."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def tsvector_literal(parts: Iterable[tuple[str, Weight]], initials_of: str | None = None) -> str:
    """Write texts with their weights as one tsvector; a name also goes in by pinyin initials."""
    places: dict[str, list[str]] = {}
    size = start = 0
    for text, weight in parts:
        position = start
        for offset, token in _placed_tokens(text):
            position = start + offset
            if size > VECTOR_BYTES:
                break
            found = places.setdefault(token, [])
            if len(found) < POSITIONS_PER_LEXEME:
                found.append(f"{min(position, LAST_POSITION)}{weight}")
                size += 2 if len(found) > 1 else len(token.encode()) + 8
        start = position + 1
    if initials_of:
        letters = initials(initials_of)[:_INITIALS_LENGTH]
        for place in range(max(1, len(letters) - 1)):
            places.setdefault(_INITIALS_MARK + letters[place:], ["1A"])
    return " ".join(f"{_quoted(lexeme)}:{','.join(at)}" for lexeme, at in places.items())


def _query_terms(run: re.Match[str]) -> list[str]:
    """Give what must be present for one run of the query: its pairs, or the lone character."""
    text = run[0]
    if run["han"] is None:
        return [_quoted(text[:WORD_LENGTH]) + ":*"]
    if len(text) == 1:
        return [_quoted(text)]
    return [_quoted(text[place : place + 2]) for place in range(len(text) - 1)]


def tsquery_literal(query: str) -> str | None:
    """Write what a person typed as a tsquery all of whose words must occur; None if it has none."""
    runs = list(_RUN.finditer(fold(query)))
    terms = list(dict.fromkeys(term for run in runs for term in _query_terms(run)))[:QUERY_TERMS]
    if not terms:
        return None
    words = " & ".join(terms)
    letters = "".join(run[0] for run in runs)
    if letters.isascii() and not letters.isdigit():
        return f"{words} | {_quoted(_INITIALS_MARK + letters[:_INITIALS_LENGTH])}:*"
    return words
