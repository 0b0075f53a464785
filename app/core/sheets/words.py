"""Cells of words: names, codes, telephone numbers, yes and no, choices, lists."""

import re
import unicodedata
from collections.abc import Mapping

from app.core.sheets.columns import BLANK, Column, Parsed
from app.core.sheets.numbers import NOTHING
from app.core.sheets.reading import RawCell
from app.core.text import fold

# Not to be seen, not to be stored: PostgreSQL refuses NUL, the rest makes equal names differ
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_ALL_BLANKS = re.compile(r"\s+")
_EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number and writes zeros for the rest
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d+")

_TRUE = frozenset(
    ("是", "有", "对", "已", "真", "√", "✓", "✔", "☑", "1", "y", "yes", "t", "true", "on")
)
_FALSE = frozenset(
    (
        "否",
        "无",
        "没有",
        "不是",
        "错",
        "未",
        "非",
        "×",
        "✗",
        "✘",
        "☒",
        "x",
        "0",
        "n",
        "no",
        "f",
        "false",
    )
)

_OFFERED = 12  # choices named in a message
_SEPARATORS = re.compile(r"[、,;\n|]+")
_PHONE = re.compile(r"\+?[\d()\-/、,;*#转]{5,}(?:ext\.?|分机)?[\d\-]*")


def raw_text(raw: RawCell) -> str:
    """Return a cell as the clerk would read it aloud; whole floats have no point."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return f"{raw:.15g}"
    return raw if isinstance(raw, str) else str(raw)


def is_blank(raw: RawCell) -> bool:
    if not isinstance(raw, str):
        return raw is None
    if raw.isprintable():  # no blank but the plain one, nothing invisible
        return not raw or raw.isspace()
    return not _INVISIBLE.sub("", raw).strip()


def cleaned(text: str, *, lines: bool = False) -> str:
    """Trim a text and make every run of blanks one; line breaks stay only with ``lines``."""
    if text.isprintable():
        return " ".join(text.split())
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not lines:
        return " ".join(text.split())
    kept = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return "\n".join(kept).strip()


def parse_text(raw: RawCell, column: Column) -> Parsed:
    text = cleaned(raw_text(raw), lines=column.kind == "longtext")
    return _limited(text, column)


def _limited(text: str, column: Column) -> Parsed:
    if not text:
        return BLANK
    if column.max_length is not None and len(text) > column.max_length:
        return Parsed(None, "too_long", params={"limit": column.max_length, "length": len(text)})
    return Parsed(text)


def parse_code(raw: RawCell, column: Column) -> Parsed:
    """Parse a code: no blanks, half width, upper case. A number that lost digits is refused."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) >= _EXACT_DIGITS:
        return Parsed(None, "lost_digits")
    text = unicodedata.normalize("NFKC", cleaned(raw_text(raw)))
    text = _ALL_BLANKS.sub("", text).upper()
    if text.lower() in NOTHING:
        return Parsed(None, note="read_as_blank")
    if _SCIENTIFIC.fullmatch(text):
        return Parsed(None, "lost_digits")
    return _limited(text, column)


def parse_phone(raw: RawCell, column: Column) -> Parsed:
    """Parse one or several telephone numbers; blanks inside a number go."""
    text = unicodedata.normalize("NFKC", cleaned(raw_text(raw)))
    text = _ALL_BLANKS.sub("", re.sub(r"[—–―‐‑]+", "-", text)).replace("轉", "转").lower()
    if not text or text in NOTHING:
        return BLANK if not text else Parsed(None, note="read_as_blank")
    if not _PHONE.fullmatch(text):
        return Parsed(None, "not_a_phone")
    return _limited(text, column)


def parse_boolean(raw: RawCell) -> Parsed:
    text = fold(raw_text(raw))
    if not text:
        return BLANK
    if text in _TRUE or text in _FALSE:
        return Parsed(text in _TRUE)
    return Parsed(None, "not_a_boolean")


def parse_choice(raw: RawCell, column: Column) -> Parsed:
    text = cleaned(raw_text(raw))
    if not text:
        return BLANK
    value = column.index.value_of(text)
    if value is None:
        if fold(text) in NOTHING:
            return Parsed(None, note="read_as_blank")
        return Parsed(None, "not_a_choice", params=_offer(column, text))
    return Parsed(value)


def parse_choices(raw: RawCell, column: Column) -> Parsed:
    values: list[str] = []
    for text in split_list(raw):
        value = column.index.value_of(text)
        if value is None:
            return Parsed(None, "not_a_choice", params=_offer(column, text))
        values.append(value)
    return Parsed(tuple(dict.fromkeys(values))) if values else BLANK


def parse_list(raw: RawCell, column: Column) -> Parsed:
    items = split_list(raw)
    for item in items:
        if column.max_length is not None and len(item) > column.max_length:
            params = {"limit": column.max_length, "length": len(item)}
            return Parsed(None, "too_long", params=params)
    return Parsed(items) if items else BLANK


def split_list(raw: RawCell) -> tuple[str, ...]:
    """Split at 、，；; commas and line breaks, drop blanks and repeats, keep the order."""
    text = unicodedata.normalize("NFKC", cleaned(raw_text(raw), lines=True))
    parts = (item.strip() for item in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _offer(column: Column, text: str) -> Mapping[str, object]:
    """Name what may be written instead, as many as one reads."""
    labels = list(column.index.labels.values())
    shown = "、".join(labels[:_OFFERED]) + ("……" if len(labels) > _OFFERED else "")
    return {"value": text[:40], "choices": shown}
