"""What a table should hold, column by column, and what one cell of it turned out to be."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from app.core.sheets.choices import Choice, ChoiceIndex, index_of

Value = str | int | Decimal | dt.date | bool | tuple[str, ...] | None


class CellKind(StrEnum):
    TEXT = "text"
    LONGTEXT = "longtext"  # keeps its line breaks
    CODE = "code"  # credit codes, certificate and industry numbers: no blanks, upper case
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    PHONE = "phone"


@dataclass(frozen=True)  # no slots: the index of the choices is made once and kept
class Column:
    """One field as a column: how its header may read and what its cells may hold.

    ``unit`` is the unit values are kept in ("万元"); ``check`` is the domain's own word on a
    parsed value and returns an error code or None. ``labels[0]`` heads exports and templates.
    """

    field: str
    labels: tuple[str, ...]
    kind: CellKind = CellKind.TEXT
    unit: str | None = None
    required: bool = False
    natural_key: bool = False
    max_length: int | None = None
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    decimals: int | None = None
    choices: tuple[Choice, ...] = ()
    check: Callable[[Value], str | None] | None = None
    help: str = ""
    example: str = ""

    @property
    def header(self) -> str:
        return f"{self.labels[0]}（{self.unit}）" if self.unit else self.labels[0]

    @cached_property
    def index(self) -> ChoiceIndex:
        return index_of(self.choices)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a cell says: a value, or the code of what is wrong with it; ``note`` is for the eye."""

    value: Value
    error: str | None = None
    note: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


BLANK = Parsed(None)
