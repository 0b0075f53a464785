"""Codes as people write them, and whether their catalogue knows them."""

from typing import Any

from app.catalogues.codes import code_table, find_code, industry
from app.core.errors import FieldError
from app.core.labels import T
from app.core.text import fold

_UNKNOWN = T(
    "「{code}」不在代码表中，请从列表中选择。",
    "{code} is not in the code table; choose one from the list.",
)
_FIELDS = {fold(e.name_zh): e.code for e in code_table("hightech_field").entries.values()}


def industry_digits(value: Any) -> Any:
    """Read C3562 and 3562 as one code; an unknown one is left for :func:`code_error` to name."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return value
    return industry(str(value)) or str(value).strip()


def field_code(value: Any) -> Any:
    """Read 电子信息 as 01, which the table has for it."""
    return _FIELDS.get(fold(value), value.strip()) if isinstance(value, str) else value


def code_error(pointer: str, scheme: str, code: str | None) -> list[FieldError]:
    """Return the error of a code its catalogue does not know."""
    if code is None or find_code(scheme, code) is not None:
        return []
    return [FieldError(pointer, "unknown_code", _UNKNOWN, {"code": code})]
