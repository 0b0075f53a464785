"""Traces of somebody in a text, by their form alone: numbers, addresses on the web and in town."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.labels import T

_DIGITS = str.maketrans("〇零一二两三四五六七八九幺", "0012234567891")
_SPOKEN = re.compile("[〇零一二两三四五六七八九幺]{7,}")
_SEPARATORS = re.compile(r"(?<=[\d+])[\s\-—–.·()]+(?=\d)")
_TLD = "com|cn|net|org|top|tech|co|io|cc|vip|xyz|info|biz|ltd|group|shop|site|hk|tw"


@dataclass(frozen=True, slots=True)
class Trace:
    """A form in which somebody can be found; a doubtful one is also how harmless things look."""

    what: T
    form: re.Pattern[str]
    certain: bool = True


_TRACES = (
    Trace(T("手机号码", "a mobile number"), re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")),
    Trace(
        T("电话号码", "a telephone number"), re.compile(r"(?<!\d)(?:0\d{9,11}|[48]00\d{7})(?!\d)")
    ),
    Trace(
        T("电子邮箱", "an e-mail address"),
        re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?\.\s?[\w-]+)+"),
    ),
    Trace(
        T("专利号", "a patent number"),
        re.compile(
            r"zl\s?\d{8,12}(?:\.[\dx])?|cn\s?\d{8,9}\s?[a-cuys]\b|pct/[a-z]{2}\d{4}/\d{5,6}"
            r"|(?<!\d)20\d{10}\.[\dx](?!\d)"
        ),
    ),
    Trace(
        T("登记号", "a registration number"),
        re.compile(r"软著登字第?\d{5,}|20\d{2}sr\d{6,7}|商标[^。;,]{0,8}第?\d{6,9}号?"),
    ),
    Trace(
        T("统一社会信用代码", "a credit code"),
        re.compile(r"(?<![0-9a-z])[0-9any][0-9]\d{6}[0-9a-hj-npqrtuwxy]{10}(?![0-9a-z])"),
    ),
    Trace(
        T("网址", "a web address"),
        re.compile(rf"(?:https?://|www\.)\S+|(?<![\w@.])[a-z0-9-]{{2,}}\.(?:{_TLD})(?![\w-])"),
    ),
    Trace(
        T("微信或 QQ 号", "a WeChat or QQ number"),
        re.compile(r"(?:微信|公众号|qq|wechat)\s?号?(?:是|为|[::\s])\s*[a-z0-9_-]{5,}"),
    ),
    Trace(
        T("地址", "an address"),
        re.compile(r"[一-鿿]{1,8}(?:路|街|道|巷|弄)\s?\d+\s?(?:号|弄|幢|栋)"),
    ),
    Trace(
        T("某个公司的名称", "the name of a company"),
        re.compile(r"[一-鿿]{4,20}(?:有限责任公司|股份公司|有限公司|合伙企业)"),
        certain=False,
    ),
    Trace(
        T("楼栋", "a building"),
        re.compile(r"[一-鿿]{2,10}(?:园|大厦|广场|中心)\s?[a-z0-9]+\s?(?:号楼|栋|幢|座|室)"),
        certain=False,
    ),
    Trace(
        T("人名", "a person"),
        re.compile(
            r"(?:联系人|负责人|法人|董事长|总经理)(?:是|为|[::\s])\s*[一-鿿]{2,4}"
            r"|(?:请|找|联系)[一-鿿](?:先生|女士|经理|总|工|主任|老师)"
        ),
        certain=False,
    ),
)


def traces(folded: str) -> Iterator[tuple[Trace, str]]:
    """Yield every trace in a folded text with its words, each once.

    Digits are also read across blanks and hyphens, and where they are written as characters.
    """
    spoken = _SPOKEN.sub(lambda run: run[0].translate(_DIGITS), folded)
    readings = dict.fromkeys((folded, _SEPARATORS.sub("", folded), _SEPARATORS.sub("", spoken)))
    for trace in _TRACES:
        found = dict.fromkeys(
            hit[0].strip() for text in readings for hit in trace.form.finditer(text)
        )
        yield from ((trace, words) for words in _longest(list(found)))


def _longest(found: list[str]) -> Iterator[str]:
    """Yield what is no part of another: the same number read twice is told once."""
    for words in found:
        bare = re.sub(r"\D", "", words)
        others = (re.sub(r"\D", "", other) for other in found if other != words)
        if not any(bare and bare in other and len(other) > len(bare) for other in others):
            yield words
