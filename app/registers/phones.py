"""Telephone numbers as an author types them, held to what a workbook's cells are held to."""

from typing import Any

from app.core.errors import FieldError
from app.core.sheets.columns import CellKind, Column
from app.core.sheets.messages import MESSAGES
from app.core.sheets.words import parse_phone
from app.registers.directory import AnyRegister

_ENDING = "phone"
_CODE = "not_a_phone"


def wrong_phones(register: AnyRegister, body: Any) -> list[FieldError]:
    """Return the fields that should hold a telephone number and hold something else."""
    found = []
    for f in register.fields:
        value = getattr(body, f.name) if f.name.endswith(_ENDING) else None
        if isinstance(value, str) and value:
            column = Column(f.name, (f.name,), kind=CellKind.PHONE)
            if parse_phone(value, column).error:
                found.append(FieldError(f"/{f.name}", _CODE, MESSAGES[_CODE], {"value": value}))
    return found
