"""Numbers as clerks type them: 904人, 1,326.51, 245．14, 285.84万元, 1.00亿, 29.0."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from app.core.sheets.columns import BLANK, Column, Parsed
from app.core.sheets.reading import RawCell
from app.core.sheets.units import factor, is_foreign, unit_named

# What people put where there is nothing to say
NOTHING = frozenset(
    ("-", "--", "—", "——", "–", "/", "\\", "无", "無", "暂无", "暫無", "n/a", "na", "none")
)

_LONGEST = 40
_LARGEST = Decimal(10) ** 15
_SIGNIFICANT = 15  # digits a spreadsheet keeps; more is noise of binary fractions
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d+(?:,\d+)*(?:\.\d*)?|\.\d+)(?P<power>e[+-]?\d{1,3})?(?P<unit>\D*)"
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,4}(?:,\d{4})+(?:\.\d*)?|[^,]*")
# Blanks go, but not between digits: "100 200" may well be two numbers
_BLANKS = re.compile(r"(?<!\d)[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+(?!\d)")
_MONEY_MARKS = re.compile(r"^(?:人民币|人民幣|rmb|cny)?[¥]?(?=[\d.+-])")


def parse_number(raw: RawCell, column: Column, unit: str | None = None) -> Parsed:
    """Parse a decimal or, for an integer column, a whole number; ``unit`` is the header's."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Parsed(None, "not_a_number")
    text = _plain(raw)
    if not text or text in NOTHING:
        return BLANK if not text else Parsed(None, note="read_as_blank")
    # Only plain digits go past the reader of text: "1e+20", "nan" and "inf" do not
    plain = not isinstance(raw, str) and text.lstrip("-").replace(".", "", 1).isdecimal()
    read = (Decimal(text), None) if plain else _read(text)
    if isinstance(read, str):
        return Parsed(None, read, params=_unit_params(column))
    number, own_unit = read
    header_unit = unit if column.unit else None  # a field without a unit has none to convert to
    source = own_unit or header_unit or column.unit
    times = factor(source, column.unit) if source else Decimal(1)
    if times is None:
        return Parsed(None, "bad_unit", params=_unit_params(column))
    return _bounded(number * times, column, None if times == 1 else "converted")


def _plain(raw: str | int | float) -> str:  # noqa: PYI041 -- a whole number is told apart
    """Give one spelling: half width, no blanks, lower case, a dot for the decimal point."""
    if isinstance(raw, float):
        return f"{raw:.{_SIGNIFICANT}g}"
    if isinstance(raw, int):
        return str(raw)
    text = unicodedata.normalize("NFKC", raw).replace("。", ".").lower()
    return _BLANKS.sub("", text.replace("−", "-"))


def _read(text: str) -> tuple[Decimal, str | None] | str:
    """Split a number from the unit behind it; an error code when it is none."""
    if len(text) > _LONGEST:  # also keeps a crafted cell from costing time
        return "not_a_number"
    bookkeeping = re.fullmatch(r"\(([\d.,]+)\)", text)  # (123.4) is minus 123.4
    if bookkeeping:
        text = f"-{bookkeeping[1]}"
    if text[:1] in "$€£" and text[1:2].isdigit():
        return "bad_unit"
    found = _NUMBER.fullmatch(_MONEY_MARKS.sub("", text))
    if found is None or not _GROUPED.fullmatch(found["digits"]):
        return "not_a_number"
    unit = found["unit"] or None
    if unit and unit_named(unit) is None:
        return "bad_unit" if is_foreign(unit) else "not_a_number"
    digits = found["digits"].replace(",", "")
    number = Decimal(f"{found['sign']}{digits}{found['power'] or ''}")
    if number and abs(number.adjusted()) > _SIGNIFICANT:
        return "too_large" if number.adjusted() > 0 else "not_a_number"
    return number, unit


def _unit_params(column: Column) -> dict[str, object]:
    return {"unit": column.unit or "", "limit": f"{_LARGEST:f}"}


def _bounded(number: Decimal, column: Column, note: str | None) -> Parsed:
    """Round to what the column keeps and hold the number against its bounds."""
    largest = _LARGEST if column.maximum is None else min(Decimal(column.maximum), _LARGEST)
    if abs(number) > _LARGEST or number > largest:
        return Parsed(None, "too_large", params={"limit": f"{largest:f}"})
    kept = _tidy(number)
    if column.kind == "integer":
        if kept != kept.to_integral_value():
            return Parsed(None, "not_an_integer")
    elif column.decimals is not None:
        rounded = kept.quantize(Decimal(1).scaleb(-column.decimals), ROUND_HALF_UP)
        if rounded != kept:
            kept, note = _tidy(rounded), "rounded"
    if column.minimum is not None and kept < column.minimum:
        code = "negative" if column.minimum == 0 else "too_small"
        return Parsed(None, code, params={"limit": str(column.minimum)})
    if column.kind == "integer":
        return Parsed(int(kept), note=note)
    if note is None:
        return Parsed(kept)
    return Parsed(kept, note=note, params={"value": f"{kept:f}", "unit": column.unit or ""})


def _tidy(number: Decimal) -> Decimal:
    """Drop trailing zeros without falling into 1E+2."""
    text = f"{number:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
