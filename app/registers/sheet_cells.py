"""What stands in a cell of an export: numbers and days as such, everything else in words."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.audit.work import Work
from app.registers.fields import F, Kind
from app.registers.showing import code_choices, spoken

_HIDDEN = "_k"
LISTED = "；"


def cell(work: Work, row: Mapping[str, Any], f: F) -> Any:
    """Return one field of a selected row as an export shows it."""
    value = row.get(f.name)
    if f.kind is Kind.reference:
        return row.get(f"{_HIDDEN}label_{f.name}")
    if f.kind is Kind.references:
        told = row.get(f"{_HIDDEN}label_{f.name}") or {}
        return LISTED.join(told.get(str(one), "") for one in value or ()) or None
    plain = isinstance(value, int | Decimal | date) and not isinstance(value, bool | datetime)
    if value is None or plain:
        return value
    if f.kind is Kind.code:  # a long catalogue's code alone: its name would not be read back
        return _short_label(f, str(value), work.locale) or value
    return spoken(f, value, work.locale)


def _short_label(f: F, code: str, locale: str) -> str | None:
    labels = dict(code_choices(f.scheme or ""))
    return labels[code][locale] if code in labels else None
