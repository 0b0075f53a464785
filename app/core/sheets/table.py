"""A file and the columns it should have become rows with values, and every error by its cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute

from app.core.sheets.cells import parse_cell
from app.core.sheets.columns import Column, Parsed, Value
from app.core.sheets.headers import Chosen, Header, HeaderCell, find_header
from app.core.sheets.messages import text_of
from app.core.sheets.reading import Grid, RawCell, read_grids
from app.core.sheets.refusals import LIMITS, Limits, SheetRefused
from app.core.sheets.rows import IgnoredRow, RawRow, data_rows
from app.core.sheets.words import raw_text

_SHOWN = 200  # characters of a raw cell kept beside its error
_SAMPLES, _SAMPLED, _SAMPLE_LENGTH = 3, 50, 40  # values of a column shown, of so many rows


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a rule over a whole row says of one of its fields."""

    field: str
    code: str
    params: Mapping[str, object] = attribute(default_factory=dict)


RowCheck = Callable[[Mapping[str, Value]], Iterable[Complaint]]


@dataclass(frozen=True, slots=True)
class CellRemark:
    """An error or a note at one cell: where it is, which field, what, and what stands there."""

    row: int
    column: str | None  # None: the sheet has no column for the field
    header: str | None
    field: str
    code: str
    params: Mapping[str, object]
    value: str

    def message(self, locale: str) -> str:
        """Say it in ``locale``: what is wrong with what stands there, and what to write."""
        return text_of(self.code, locale, {"value": self.value, **self.params})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One data row: its number in the file, its values, and what is wrong with them."""

    number: int
    values: Mapping[str, Value]
    errors: tuple[CellRemark, ...] = ()
    notes: tuple[CellRemark, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A sheet of the workbook: how many rows stand on it, and how many columns were recognised."""

    name: str
    rows: int
    recognised: int


@dataclass(frozen=True, slots=True)
class Table:
    """A whole file understood: the sheet, its header, raw and checked rows, the ignored ones.

    ``samples`` are the first values of each column, by its place, as they stand in the file.
    """

    sheet: str
    header: Header
    raw_rows: tuple[RawRow, ...]
    rows: tuple[SheetRow, ...]
    ignored: tuple[IgnoredRow, ...]
    sheets: tuple[SheetSeen, ...] = ()
    samples: Mapping[int, tuple[str, ...]] = attribute(default_factory=dict)


def read_table(
    data: bytes,
    file_name: str,
    columns: Sequence[Column],
    *,
    row_check: RowCheck | None = None,
    remembered: Mapping[str, str | None] | None = None,
    chosen: Chosen | None = None,
    partial: bool = False,
    limits: Limits = LIMITS,
) -> Table:
    """Read the sheet that fits ``columns`` best and check every row of it. Raises SheetRefused.

    ``chosen`` is a person's word on which sheet it is and what its columns mean.
    With ``partial`` a required field without a column is no error: the file only changes some
    fields of rows that exist.
    """
    grids = read_grids(data, file_name, limits)
    found: dict[str, Header | None] = {}
    for each in grids:
        said = chosen if chosen and chosen.sheet == each.sheet else None
        found[each.sheet] = find_header(each, columns, remembered, said)
    grid, header = _best_sheet(grids, found, columns, chosen.sheet if chosen else None)
    raw_rows, ignored = data_rows(grid, header, columns)
    if not raw_rows:
        raise SheetRefused("no_rows", {"row": header.row})
    rows = check_rows(raw_rows, columns, header.by_field, row_check=row_check, partial=partial)
    return Table(
        grid.sheet,
        header,
        tuple(raw_rows),
        tuple(rows),
        tuple(ignored),
        tuple(_seen(grid, found[grid.sheet]) for grid in grids),
        {cell.index: _sample(grid, raw_rows, cell.index) for cell in header.cells},
    )


def _seen(grid: Grid, header: Header | None) -> SheetSeen:
    return SheetSeen(grid.sheet, len(grid.rows), len(header.by_field) if header else 0)


def _sample(grid: Grid, rows: Sequence[RawRow], at: int) -> tuple[str, ...]:
    """Return the first values of a column, each once."""
    told: dict[str, None] = {}
    for row in rows[:_SAMPLED]:
        cells = grid.rows[row.number - 1]
        text = raw_text(cells[at]).strip()[:_SAMPLE_LENGTH] if at < len(cells) else ""
        if text:
            told[text] = None
        if len(told) == _SAMPLES:
            break
    return tuple(told)


def _best_sheet(
    grids: Sequence[Grid],
    headers: Mapping[str, Header | None],
    columns: Sequence[Column],
    sheet: str | None,
) -> tuple[Grid, Header]:
    wanted = [grid for grid in grids if sheet in (None, grid.sheet)]
    found = [(grid, header) for grid in wanted if (header := headers[grid.sheet])]
    if not found:
        labels = "、".join(column.labels[0] for column in columns[:8])
        raise SheetRefused("no_header", {"headers": labels})
    return max(found, key=lambda pair: len(pair[1].by_field))


def check_rows(
    raw_rows: Iterable[RawRow],
    columns: Sequence[Column],
    places: Mapping[str, HeaderCell],
    *,
    row_check: RowCheck | None = None,
    partial: bool = False,
) -> list[SheetRow]:
    """Check raw rows cell by cell, then as rows, then against each other.

    Also what a mended import calls again: ``places`` are the columns of the file by field.
    """
    expected = [c for c in columns if c.field in places or (c.required and not partial)]
    keys = [column.field for column in columns if column.natural_key]
    seen: dict[tuple[Value, ...], int] = {}
    checked: list[SheetRow] = []
    for raw in raw_rows:
        row = _Row(raw, places)
        for column in expected:
            place = places.get(column.field)
            cell = parse_cell(raw.cells.get(column.field), column, place.unit if place else None)
            row.take(column.field, cell)
        if row_check is not None:
            for complaint in row_check(row.values):
                row.blame(complaint.field, complaint.code, complaint.params)
        row.compare(keys, seen)
        checked.append(row.finished())
    return checked


class _Row:
    """One row while it is being checked."""

    __slots__ = ("errors", "notes", "places", "raw", "values")

    def __init__(self, raw: RawRow, places: Mapping[str, HeaderCell]) -> None:
        self.raw = raw
        self.places = places
        self.values: dict[str, Value] = {}
        self.errors: list[CellRemark] = []
        self.notes: list[CellRemark] = []

    def take(self, name: str, cell: Parsed) -> None:
        self.values[name] = cell.value
        if cell.error is not None:
            self.blame(name, cell.error, cell.params)
        elif cell.note is not None:
            self.notes.append(self._remark(name, cell.note, cell.params))

    def blame(self, name: str, code: str, params: Mapping[str, object]) -> None:
        self.errors.append(self._remark(name, code, params))

    def compare(self, keys: Sequence[str], seen: dict[tuple[Value, ...], int]) -> None:
        """Refuse a key that an earlier row has; a key with a gap is compared with none."""
        key = tuple(self.values.get(name) for name in keys)
        if not key or None in key:
            return
        earlier = seen.setdefault(key, self.raw.number)
        if earlier != self.raw.number:
            self.blame(keys[0], "duplicate", {"row": earlier})

    def finished(self) -> SheetRow:
        return SheetRow(self.raw.number, self.values, tuple(self.errors), tuple(self.notes))

    def _remark(self, name: str, code: str, params: Mapping[str, object]) -> CellRemark:
        place = self.places.get(name)
        raw: RawCell = self.raw.cells.get(name)
        return CellRemark(
            row=self.raw.number,
            column=place.letter if place else None,
            header=place.text if place else None,
            field=name,
            code=code,
            params=params,
            value=raw_text(raw)[:_SHOWN],
        )
