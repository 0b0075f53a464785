"""Where the header of a sheet is, and which field each of its columns means."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.core.sheets.columns import Column
from app.core.sheets.reading import Grid, RawCell
from app.core.sheets.units import same_family, split_unit, unit_named, units_noted
from app.core.sheets.words import is_blank, raw_text
from app.core.text import fold

_SEARCHED_ROWS = 40  # a header further down is none
_SURELY = 2  # fields that must be recognised before a row counts as the header
_PUNCTUATION = re.compile(r"[\W_]+")
_PREFIXES = re.compile(r"^(?:其中|必填|选填|\d{1,2}(?=\D))+")
_SUFFIXES = re.compile(r"(?:必填|选填|可选|必填项|选填项)+$")
_PLACEHOLDERS = frozenset({"甲", "乙", "丙", "丁", "戊", "己", "栏次", "栏目"})
_BRACKETS = "()（）—-/ "
_COUNTED, _COUNTS_FROM = 3, 3  # so many column numbers in a row, beginning at most so high

# What a header says: the group above it in a header of two rows, or "", and its own words
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """One column of the file: what its header says and the field it was taken for."""

    index: int
    letter: str
    text: str
    folded: str
    field: str | None = None
    unit: str | None = None
    own: str = ""  # the folded lower part, where the header has two rows
    problem: str | None = None  # "double_header": the field is already in another column


@dataclass(frozen=True, slots=True)
class HeaderProblem:
    """What is wrong with the header as a whole or one column of it."""

    code: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Header:
    """The header found: its row (the lower of two), its columns, and what lies under it."""

    row: int
    cells: tuple[HeaderCell, ...]
    rows_under: tuple[tuple[int, str], ...] = ()  # unit row, row of column numbers
    problems: tuple[HeaderProblem, ...] = ()
    by_field: Mapping[str, HeaderCell] = field(default_factory=dict)

    @property
    def first_data_row(self) -> int:
        return (self.rows_under[-1][0] if self.rows_under else self.row) + 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person said: which sheet, the row of its header, fields (or none) by column."""

    sheet: str
    row: int | None = None
    fields: Mapping[int, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The caller's columns by field, and the fields by every folded name they go under."""

    columns: Mapping[str, Column]
    fields: Mapping[str, str | None]

    def field_of(self, name: Name) -> str | None:
        """Find the field: by group and header, by the header, then without 其中 and 必填."""
        form = self._form_of(name)
        return self.fields[form] if form else None

    def leaves_out(self, name: Name) -> bool:
        """Say whether a person once said that such a column is not taken."""
        form = self._form_of(name)
        return bool(form) and self.fields[form] is None

    def _form_of(self, name: Name) -> str:
        forms = [fold_header("".join(name)), fold_header(name[1] or name[0])]
        forms += [_SUFFIXES.sub("", _PREFIXES.sub("", form)) for form in forms]
        return next((form for form in forms if form in self.fields), "")

    def unit_of(self, name: Name, found: str | None, noted: Sequence[str]) -> str | None:
        """Find the unit in the header, else one of the right kind in its group or above."""
        if own := split_unit(name[1])[1]:
            return own
        target = self.columns[found].unit if found else None
        if target is None:
            return None
        candidates = [split_unit(name[0])[1], *noted]
        return next((unit for unit in candidates if unit and same_family(unit, target)), None)


def column_letter(index: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=8192)
def fold_header(text: str) -> str:
    """Give the form under which headers are compared and remembered: 备 注 and 備註 are one."""
    return _PUNCTUATION.sub("", fold(split_unit(text)[0]))


def find_header(
    grid: Grid,
    columns: Sequence[Column],
    remembered: Mapping[str, str | None] | None = None,
    chosen: Chosen | None = None,
) -> Header | None:
    """Find the row, or pair of rows, whose cells name the most fields; None if there is none.

    ``remembered`` maps folded headers to fields (or None: leave out) as a person once set them.
    ``chosen`` is this file's own word: the header stands there, and its columns mean that.
    """
    vocabulary = _vocabulary(columns, remembered or {})
    noted: list[str] = []
    best: tuple[tuple[int, int, bool], Header] | None = None
    for number, cells in grid.numbered():
        if number > _SEARCHED_ROWS:
            break
        for depth, names in _readings(grid.rows, number):
            row = number + depth - 1
            if chosen is not None and chosen.row not in (None, row):
                continue
            taken = chosen.fields if chosen else {}
            header = _header(row, names, vocabulary, noted, taken)
            rank = (*_told(header, names, vocabulary), depth == 1)
            if best is None or rank > best[0]:
                best = (rank, header)
        noted += [unit for cell in cells for unit in units_noted(raw_text(cell))]
    sure = chosen is not None and chosen.row is not None
    if best is None or not (sure or best[0][0] >= min(_SURELY, len(columns))):
        return None
    return _with_rows_under(best[1], grid.rows, columns)


def _told(header: Header, names: list[Name], vocabulary: _Vocabulary) -> tuple[int, int]:
    """Count the columns whose meaning is known, and those with a unit."""
    known = len(header.by_field) + sum(vocabulary.leaves_out(name) for name in names if any(name))
    return known, sum(cell.unit is not None for cell in header.by_field.values())


def _vocabulary(columns: Sequence[Column], remembered: Mapping[str, str | None]) -> _Vocabulary:
    by_field = {column.field: column for column in columns}
    fields: dict[str, str | None] = {}
    for column in columns:
        for label in (*column.labels, column.field):
            fields.setdefault(fold_header(label), column.field)
    fields |= {name: f for name, f in remembered.items() if f is None or f in by_field}
    fields.pop("", None)
    return _Vocabulary(by_field, fields)


def _readings(rows: list[list[RawCell]], number: int) -> Iterator[tuple[int, list[Name]]]:
    """Yield a row as the header, then as the upper of a header of two rows."""
    upper = [raw_text(cell).strip() for cell in rows[number - 1]]
    if not any(upper):
        return
    yield 1, [("", text) for text in upper]
    if number >= len(rows) or _is_unit_row(_texts(rows[number])):
        return
    names: list[Name] = []
    group = ""
    for index, cell in enumerate(rows[number]):
        above = upper[index] if index < len(upper) else ""
        text = raw_text(cell).strip()
        # A merged group stands in its first column only; a cell merged downwards has none below
        group = above or (group if text else "")
        names.append((group, text) if text else ("", group))
    yield 2, names


def _header(
    row: int,
    names: list[Name],
    vocabulary: _Vocabulary,
    noted: Sequence[str],
    chosen: Mapping[int, str | None],
) -> Header:
    """Take every column for what its name says; a second column of one field is left out."""
    cells: list[HeaderCell] = []
    by_field: dict[str, HeaderCell] = {}
    problems: list[HeaderProblem] = []
    for index, name in enumerate(names):
        text = " / ".join(part for part in name if part)
        if not text:
            continue
        found = chosen[index] if index in chosen else vocabulary.field_of(name)
        twice = found in by_field
        cell = HeaderCell(
            index=index,
            letter=column_letter(index),
            text=text,
            folded=fold_header("".join(name)),
            own=fold_header(name[1]),
            field=None if twice else found,
            unit=vocabulary.unit_of(name, found, noted),
            problem="double_header" if twice else None,
        )
        cells.append(cell)
        if twice:
            params = {"header": text, "column": cell.letter}
            problems.append(HeaderProblem("double_header", params))
        elif found:
            by_field[found] = cell
    return Header(row, tuple(cells), (), tuple(problems), by_field)


def _with_rows_under(
    header: Header, rows: list[list[RawCell]], columns: Sequence[Column]
) -> Header:
    """Add what the rows just below say, and which required columns are nowhere."""
    units, under = _rows_under(rows, header.row)
    cells = tuple(
        cell if cell.unit or cell.index not in units else replace(cell, unit=units[cell.index])
        for cell in header.cells
    )
    missing = [
        HeaderProblem("missing_column", {"header": column.labels[0]})
        for column in columns
        if column.required and column.field not in header.by_field
    ]
    by_field = {cell.field: cell for cell in cells if cell.field}
    problems = (*header.problems, *missing)
    return replace(header, cells=cells, rows_under=under, problems=problems, by_field=by_field)


def _rows_under(
    rows: list[list[RawCell]], row: int
) -> tuple[dict[int, str], tuple[tuple[int, str], ...]]:
    """Read the rows between header and data: a row of units, a row of column numbers."""
    units: dict[int, str] = {}
    under: list[tuple[int, str]] = []
    for number in range(row + 1, min(row + 3, len(rows) + 1)):
        texts = _texts(rows[number - 1])
        if _is_unit_row(texts):
            words = {at: text.strip(_BRACKETS) for at, text in texts.items()}
            units.update({at: word for at, word in words.items() if unit_named(word)})
            under.append((number, "unit_row"))
        elif _is_number_row(list(texts.values())):
            under.append((number, "column_numbers"))
        else:
            break
    return units, tuple(under)


def _texts(cells: list[RawCell]) -> dict[int, str]:
    return {at: raw_text(cell).strip() for at, cell in enumerate(cells) if not is_blank(cell)}


def _is_unit_row(texts: Mapping[int, str]) -> bool:
    words = [word for text in texts.values() if (word := text.strip(_BRACKETS))]
    named = [word for word in words if fold_header(word) not in ("单位", "计量单位")]
    return bool(named) and all(unit_named(word) for word in named)


def _is_number_row(texts: list[str]) -> bool:
    """Whether the cells only count the columns: 甲 乙 1 2 3."""
    numbers = [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) <= _COUNTED]
    others = [t for t in texts if not (t.isascii() and t.isdigit())]
    enough = 1 if others else _COUNTED
    if len(numbers) < enough or numbers[0] > _COUNTS_FROM:
        return False
    counted = list(range(numbers[0], numbers[0] + len(numbers)))
    return numbers == counted and all(fold(text) in _PLACEHOLDERS for text in others)
