"""Dates as clerks type them: 2009/5/1, 2002.6, 20060401, 1998年11月10日, a serial number."""

import datetime as dt
import re
import unicodedata

from app.core.sheets.columns import BLANK, Parsed
from app.core.sheets.numbers import NOTHING
from app.core.sheets.reading import RawCell

_EPOCH = dt.date(1899, 12, 30)  # day 0 of Excel's calendar, its 29 February 1900 included
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_FIRST_SERIAL = 10_000  # 1927-05-18: smaller numbers are years, counts or typing errors
_LAST_SERIAL = 73_050

_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:月份?)?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_COMPACT_MONTH = re.compile(r"(\d{4})(\d{2})")
_YEAR = re.compile(r"(\d{4})年?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_TIME = re.compile(
    r"(?<=[\d日号])(?:t|\s)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$"
)
_MINGUO = re.compile(r"(?:中华)?民国")

_NUMERALS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_CHINESE = re.compile(r"[〇○零一二三四五六七八九]{4}年")
_TENS = re.compile(r"([一二三])?十([一二三四五六七八九])?")


def parse_date(raw: RawCell) -> Parsed:
    """Parse a day; a month alone becomes its first day with the note ``month_only``."""
    if isinstance(raw, dt.datetime):
        raw = raw.date()
    if isinstance(raw, dt.date):
        return _in_range(raw)
    if isinstance(raw, bool) or raw is None:
        return BLANK if raw is None else Parsed(None, "not_a_date")
    if isinstance(raw, float):
        return _from_fraction(raw)
    return _from_text(str(raw))


def _in_range(day: dt.date, note: str | None = None) -> Parsed:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return Parsed(None, "not_a_date")
    return Parsed(day, note=note)


def _day(year: str, month: str, day: str, note: str | None = None) -> Parsed:
    try:
        return _in_range(dt.date(int(year), int(month), int(day)), note)
    except ValueError:  # the 30th of February, a thirteenth month
        return Parsed(None, "not_a_date")


def _from_serial(serial: int) -> Parsed:
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return Parsed(None, "not_a_date")
    return _in_range(_EPOCH + dt.timedelta(days=serial))


def _from_fraction(number: float) -> Parsed:
    """Read a number cell: a serial with a time of day, or a month typed as 2013.5."""
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return _from_serial(int(number))
    text = f"{number:.6f}".rstrip("0")
    # As a number 2013.10 has lost its zero: January and October look alike
    if _MONTH.fullmatch(text) and text.endswith(".1"):
        return Parsed(None, "ambiguous_month", params={"year": text[:4]})
    return _from_text(text)


def _from_text(text: str) -> Parsed:
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("。", ".").lower().split())
    if not plain or plain in NOTHING:
        return BLANK if not plain else Parsed(None, note="read_as_blank")
    plain = plain.translate(str.maketrans("國號份", "国号份"))
    if _MINGUO.match(plain):
        return Parsed(None, "minguo_date")
    plain = _TIME.sub("", plain).replace(" ", "")
    return _from_plain(_arabic(plain) if _CHINESE.match(plain) else plain)


def _from_plain(plain: str) -> Parsed:
    """Read digits and separators; the longest reading comes first."""
    if found := _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain):
        return _day(found[1], found[2], found[3])
    if found := _MONTH.fullmatch(plain) or _COMPACT_MONTH.fullmatch(plain):
        return _day(found[1], found[2], "1", "month_only")
    if _YEAR.fullmatch(plain):
        return Parsed(None, "year_only", params={"year": plain[:4]})
    if found := _SERIAL.fullmatch(plain):
        return _from_serial(int(found[1]))
    return Parsed(None, "not_a_date")


def _arabic(text: str) -> str:
    """Write 二〇〇九年十二月三日 as 2009年12月3日."""
    year, rest = text[:4], text[4:]

    def ten(found: re.Match[str]) -> str:
        return f"{_NUMERALS[found[1]] if found[1] else 1}{_NUMERALS[found[2]] if found[2] else 0}"

    rest = _TENS.sub(ten, rest)
    return "".join(_NUMERALS.get(c, c) for c in year + rest)
