"""A register's fields as columns of a workbook: for templates, imports and exports alike."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.access.roles import Role
from app.audit.work import Work
from app.core.errors import FieldError
from app.core.labels import DEFAULT_LOCALE, LOCALES, T
from app.core.sheets.choices import Choice
from app.core.sheets.columns import CellKind, Column
from app.registers.directory import AnyRegister
from app.registers.disclosure import visible_fields
from app.registers.fields import F, Kind
from app.registers.showing import code_choices

_KINDS = {
    Kind.text: CellKind.TEXT,
    Kind.longtext: CellKind.LONGTEXT,
    Kind.integer: CellKind.INTEGER,
    Kind.decimal: CellKind.DECIMAL,
    Kind.date: CellKind.DATE,
    Kind.datetime: CellKind.TEXT,
    Kind.boolean: CellKind.BOOLEAN,
    Kind.choice: CellKind.CHOICE,
    Kind.choices: CellKind.CHOICES,
    Kind.tags: CellKind.LIST,
    Kind.reference: CellKind.TEXT,
    Kind.code: CellKind.CODE,
    Kind.codes: CellKind.LIST,
    Kind.rows: CellKind.TEXT,
    Kind.references: CellKind.LIST,
}
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of a workbook that is a measured value, not a field (employees, sales)."""

    name: str
    label: T
    kind: Kind
    unit: T | None = None
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetFigures:
    """The measured columns of a register's workbook, and how they are checked and written."""

    figures: tuple[Figure, ...]
    check: Callable[[Mapping[str, Any]], Sequence[FieldError]]
    #: (work, rows with their values, period, source) -> recorded, and set on the rows, which are
    #: then written: one version a row, a handful of statements a workbook
    write: Callable[[Work, Sequence[tuple[Any, Mapping[str, Any]]], str, str], Awaitable[None]]
    #: (work, rows, source) -> what those rows have from that source is withdrawn, and the latest of
    #: what remains is set on the rows, which are then written
    withdraw: Callable[[Work, Sequence[Any], str], Awaitable[None]]


def import_columns(register: AnyRegister, role: Role, locale: str) -> list[Column]:
    """Return the columns an author in this role may fill in, the measured ones last."""
    found = [
        field_column(register, f, locale)
        for name, f in visible_fields(register, role).items()
        if f.sheet and f.writable(role) and f.kind is not Kind.rows
    ]
    figures: SheetFigures | None = register.sheet_figures
    measured = [figure_column(f, locale) for f in (figures.figures if figures else ())]
    return found + measured


@lru_cache(maxsize=4096)
def field_column(register: AnyRegister, f: F, locale: str) -> Column:
    """Return one field as a column: headed by its label, known by its synonyms too."""
    bounds = f.known.bounds
    choices = _choices(f, locale)
    kind = _KINDS[f.kind]
    if f.kind is Kind.code and choices:
        kind = CellKind.CHOICE
    if f.kind is Kind.codes and choices:
        kind = CellKind.CHOICES
    if "phone" in f.name:
        kind = CellKind.PHONE
    if f.name == register.natural_key and kind is CellKind.TEXT:
        kind = CellKind.CODE
    return Column(
        field=f.name,
        labels=_labels(f.label, f.synonyms, locale),
        kind=kind,
        unit=f.unit.in_(locale) if f.unit and f.kind is Kind.decimal else None,
        required=f.known.required,
        natural_key=f.name == register.natural_key,
        max_length=bounds.get("max_length") if f.kind in (Kind.text, Kind.longtext) else None,
        minimum=bounds.get("minimum"),
        maximum=bounds.get("maximum"),
        decimals=_DECIMALS if f.kind is Kind.decimal else None,
        choices=choices,
        help=f.help.in_(locale) if f.help else "",
    )


def figure_column(figure: Figure, locale: str) -> Column:
    return Column(
        field=figure.name,
        labels=_labels(figure.label, figure.synonyms, locale),
        kind=_KINDS[figure.kind],
        unit=figure.unit.in_(locale) if figure.unit and figure.kind is Kind.decimal else None,
        minimum=0,
        decimals=_DECIMALS if figure.kind is Kind.decimal else None,
    )


def _labels(label: T, synonyms: tuple[str, ...], locale: str) -> tuple[str, ...]:
    others = (label.in_(other) for other in (DEFAULT_LOCALE, *LOCALES))
    return tuple(dict.fromkeys((label.in_(locale), *others, *synonyms)))


def _choices(f: F, locale: str) -> tuple[Choice, ...]:
    if f.scheme:
        return tuple(
            Choice(code, tuple(dict.fromkeys((labels[locale], *labels.values(), code))))
            for code, labels in code_choices(f.scheme)
        )
    words = f.choices or {}
    values = [str(v) for v in f.known.enum] if f.known.enum else list(words)
    return tuple(Choice(v, _labels(words[v], (v,), locale)) for v in values if v in words)


def export_columns(
    register: AnyRegister, role: Role, locale: str, only: Sequence[str] | None
) -> list[tuple[F, Column]]:
    """Return the visible fields as columns of an export, in the order asked for."""
    fields = visible_fields(register, role)
    names = [n for n in only if n in fields] if only else list(fields)
    return [(fields[n], _as_text(field_column(register, fields[n], locale))) for n in names]


def _as_text(column: Column) -> Column:
    """Return a column whose values are shown as words, not as values of a closed list."""
    if column.kind in (CellKind.INTEGER, CellKind.DECIMAL, CellKind.DATE):
        return column
    return Column(column.field, column.labels, CellKind.TEXT)
