"""Which records point at a record: found through every field that may, and pointed elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, any_, cast, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.audit.work import Work
from app.registers import directory
from app.registers.directory import AnyRegister
from app.registers.fields import F, Kind

OWNER = "owner_id"


@dataclass(frozen=True, slots=True)
class Pointer:
    """One column of a register whose value may name a record of another."""

    register: AnyRegister
    name: str
    kind: Kind
    columns: tuple[str, ...] = ()  # of a repeating group: those that point
    named_by: str | None = None  # the field that says which register is meant

    def at(self, target: str, record_id: UUID) -> ColumnElement[bool]:
        """Return the condition of rows that point at the record."""
        column: Any = getattr(self.register.row, self.name)
        if self.kind is Kind.rows:
            return or_(*(cast(column, JSONB).contains([{c: str(record_id)}]) for c in self.columns))
        if self.kind is Kind.references:
            return any_(column) == record_id
        points: ColumnElement[bool] = column == record_id
        if self.named_by is None:
            return points
        return and_(points, cast(getattr(self.register.row, self.named_by), String) == target)

    def turn(self, row: Any, old: UUID, new: UUID) -> None:
        """Let one row point at ``new`` where it pointed at ``old``."""
        value = getattr(row, self.name)
        if self.kind is Kind.rows:
            value = [self._turned(line, old, new) for line in value]
        elif self.kind is Kind.references:
            value = list(dict.fromkeys(new if one == old else one for one in value))
        elif value == old:
            value = new
        setattr(row, self.name, value)

    def _turned(self, line: dict[str, Any], old: UUID, new: UUID) -> dict[str, Any]:
        turned = {c: str(new) for c in self.columns if str(line.get(c)) == str(old)}
        return {**line, **turned}


def pointers_at(target: AnyRegister) -> Iterator[Pointer]:
    """Yield every column of the house that may name a record of ``target``."""
    for register in directory.everything():
        for f in register.all_fields.values():
            found = _pointer(register, f, target.name)
            if found is not None:
                yield found
        if register is not target:  # whose own owner is set by its own rule
            yield Pointer(register, OWNER, Kind.reference)


def _pointer(register: AnyRegister, f: F, target: str) -> Pointer | None:
    if f.kind is Kind.rows:
        columns = tuple(c.name for c in f.columns if target in c.leads_to)
        return Pointer(register, f.name, f.kind, columns) if columns else None
    if f.kind in (Kind.reference, Kind.references) and target in f.leads_to:
        return Pointer(register, f.name, f.kind, named_by=f.reference_by)
    return None


async def pointing(
    work: Work, target: AnyRegister, record_id: UUID
) -> dict[AnyRegister, list[Any]]:
    """Return the locked rows behind this wall that point at a record, by register."""
    by_register: dict[str, list[Pointer]] = {}
    for pointer in pointers_at(target):
        by_register.setdefault(pointer.register.name, []).append(pointer)
    found: dict[AnyRegister, list[Any]] = {}
    for name, pointers in by_register.items():
        register = directory.named(name)
        row = register.row
        statement = (
            select(row)
            .where(
                or_(*(p.at(target.name, record_id) for p in pointers)),
                row.deleted_at.is_(None),
                col(row.id) != record_id,
            )
            .order_by(col(row.id))
            .with_for_update(of=row)
        )
        rows = list((await work.session.execute(statement)).scalars())
        if rows:
            found[register] = rows
    return found


def turn(register: AnyRegister, target: AnyRegister, row: Any, old: UUID, new: UUID) -> None:
    """Let every column of one row point at ``new`` instead of ``old``."""
    for pointer in pointers_at(target):
        if pointer.register is register:
            pointer.turn(row, old, new)
