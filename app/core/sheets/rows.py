"""Which rows under a header are data, and why the others are not: none vanishes unsaid."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.sheets.columns import Column
from app.core.sheets.headers import Header, fold_header
from app.core.sheets.reading import Grid, RawCell
from app.core.sheets.words import is_blank, raw_text
from app.core.text import fold

_TOTAL = re.compile(
    r"(?:本页|本表|以上|全部|全区|全市|全园)?(?:合计|小计|总计|共计|累计|总和|汇总|平均|total|subtotal)"
    r"(?:\d*[家户个项人条名]?)?"
)
_WHO_SIGNED = (
    r"(?:填表|填报|制表|审核|审批|复核|校对|报送|上报|经办|统计|(?:单位|部门|分管|统计)?负责|领导)"
    r"(?:人员|人|日期|时间|单位|者)?"
)
_SIGNATURE = re.compile(
    _WHO_SIGNED + r"(?:签字|签名|盖章|签章|\(.{0,8}\))?\s*(?::.*|(?<=[)字名章]))", re.DOTALL
)
_BARE_SIGNATURE = re.compile(_WHO_SIGNED + r"(?<=[人员者期])")
_STAMP = re.compile(r"\(?(?:单位)?(?:公章|盖章|签章|签字)\)?\s*:?.{0,20}")
_NOTE = re.compile(
    r"(?:填表|填报|表格|特别)?(?:说明|备注|注释|注意|注|附注|notes?|remarks?)\s*\d*\s*[:.、].*",
    re.DOTALL,
)
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[).、].*", re.DOTALL)
_SERIALS = frozenset(("", "序号", "行号", "编号", "号", "no", "id"))
_TOTAL_WITHIN = 3  # filled cells from the left among which 合计 stands
_REPEATED = 0.6  # of the mapped columns that repeat their header


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of data as the file has it: its number and the raw cell of every mapped field."""

    number: int
    cells: Mapping[str, RawCell] = field(default_factory=dict)

    def stored(self) -> dict[str, str | int | float | bool | None]:
        """Return the cells as JSON can keep them; read again, they mean the same."""
        return {
            name: raw.isoformat() if isinstance(raw, dt.date) else raw
            for name, raw in self.cells.items()
        }


@dataclass(frozen=True, slots=True)
class IgnoredRow:
    """A row that is no data, and the stable word for why."""

    number: int
    reason: str


def data_rows(
    grid: Grid, header: Header, columns: Sequence[Column]
) -> tuple[list[RawRow], list[IgnoredRow]]:
    """Split the rows under the header into data and the ignored, in the order of the file."""
    places = {name: cell.index for name, cell in header.by_field.items()}
    keys = [places[c.field] for c in columns if c.natural_key and c.field in places]
    ignored = [IgnoredRow(number, reason) for number, reason in header.rows_under]
    rows: list[RawRow] = []
    for number, cells in grid.numbered():
        if number < header.first_data_row:
            continue
        if reason := _why_no_data(cells, header, places, keys, ignored):
            ignored.append(IgnoredRow(number, reason))
            continue
        mapped = {name: cells[at] if at < len(cells) else None for name, at in places.items()}
        rows.append(RawRow(number, mapped))
    return rows, ignored


def _why_no_data(
    cells: list[RawCell],
    header: Header,
    places: Mapping[str, int],
    keys: list[int],
    ignored: list[IgnoredRow],
) -> str | None:
    """Say why a row is no data; a row with its key is data unless somebody signed it."""
    filled = [(at, cell) for at, cell in enumerate(cells) if not is_blank(cell)]
    if not filled:
        return "blank"
    if _repeats_header(cells, header):
        return "repeated_header"
    texts = [raw_text(cell) for _, cell in filled]
    if _SIGNATURE.fullmatch(fold(texts[0])):
        return "signature"  # before the key: the next signer may stand in the key's column
    has_key = any(at in keys for at, _ in filled)
    if not has_key and (reason := _footer(texts, ignored)):
        return reason
    if any(at in places.values() for at, _ in filled):
        return None
    named = {cell.index: cell.folded for cell in header.cells}
    serial = all(named.get(at, "") in _SERIALS for at, _ in filled)
    return "serial_only" if serial else "nothing_mapped"


def _footer(texts: list[str], ignored: list[IgnoredRow]) -> str | None:
    """Recognise totals, signers, a stamp, notes and their numbered continuation."""
    if any(_TOTAL.fullmatch(fold_header(text)) for text in texts[:_TOTAL_WITHIN]):
        return "total"
    first, alone = fold(texts[0]), len(texts) == 1
    if _BARE_SIGNATURE.fullmatch(first) or (alone and _STAMP.fullmatch(first)):
        return "signature"
    continued = bool(ignored) and ignored[-1].reason == "note"
    if alone and (_NOTE.fullmatch(first) or (continued and _NUMBERED.fullmatch(first))):
        return "note"
    return None


def _repeats_header(cells: list[RawCell], header: Header) -> bool:
    mapped = list(header.by_field.values())
    strange = (1 - _REPEATED) * len(mapped)
    for cell in mapped:
        raw = cells[cell.index] if cell.index < len(cells) else None
        if not isinstance(raw, str) or fold_header(raw) not in (cell.folded, cell.own):
            strange -= 1
            if strange < 0:
                return False
    return len(mapped) > 1
