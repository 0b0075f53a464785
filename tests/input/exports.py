"""No cell of an export is a formula, whatever stands in the records."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle

import openpyxl
import sqlalchemy as sa

from app.registers.directory import AnyRegister
from app.registers.fields import Kind
from app.registry import REGISTERS
from tests.access import oracle
from tests.access.asgi import Question, ask
from tests.access.world import World
from tests.input.payloads import KINDS

_OPENING = tuple("=+-@\t\r＝＋－＠")


async def formula_cells(world: World) -> tuple[int, int]:
    """Put formulas into the texts of every register and export them; return cells and formulas."""
    cells = formulas = 0
    for register in REGISTERS:
        if register.name not in world.places:
            continue
        _fill(world, register)
        exporters = oracle.MAY[register.name].get("export", frozenset())
        role = next((r for r in ("station_staff", *sorted(exporters)) if r in exporters), None)
        if role is None:
            continue
        for form, opened in (("csv", _of_csv), ("xlsx", _of_xlsx)):
            path = f"/api/v1/{register.name}/export.{form}"
            answer = await ask(world.house.app, Question("GET", path), world.actors[role][1])
            assert answer.status == 200, (path, role, answer.body[:300])
            for is_formula in opened(answer.body):
                cells += 1
                formulas += is_formula
    return cells, formulas


def _fill(world: World, register: AnyRegister) -> None:
    """Write a formula into every text a record has; where a column takes none, leave it."""
    payloads = cycle(p for p in KINDS["formulas"] if "\0" not in p)
    table = register.row.__table__
    for f in register.all_fields.values():
        free = f.kind in (Kind.text, Kind.longtext) and not f.secret and f.name in table.columns
        if not free or f.known.enum is not None:
            continue
        change = sa.update(table).values({f.name: next(payloads)})
        with suppress(sa.exc.DBAPIError), world.owner.begin() as connection:
            connection.execute(change)


def _of_csv(data: bytes) -> Iterator[bool]:
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        for cell in row:
            yield cell.startswith(_OPENING) and not _is_number(cell)


def _of_xlsx(data: bytes) -> Iterator[bool]:
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                yield cell.data_type == "f"


def _is_number(cell: str) -> bool:
    with suppress(ValueError):
        float(cell)
        return True
    return False
