"""What a park's clerks take the headers of their workbooks for: said once, remembered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.core.sheets.headers import Chosen
from app.registers.directory import AnyRegister
from app.registers.import_batches import columns_of
from app.registers.tables import ImportBatch, ImportMapping

_NO_SHEET = T(
    "文件里没有工作表“{sheet}”。请从列出的工作表里选择。",
    "The file has no sheet “{sheet}”. Choose one of those listed.",
)
_NO_COLUMN = T(
    "表头里没有 {column} 列。请从列出的列里选择。",
    "The header has no column {column}. Choose one of those listed.",
    "表頭裡沒有 {column} 欄。請從列出的欄裡選擇。",
)
_NO_FIELD = T(
    "没有“{field}”这个字段。请从列出的字段里选择，或选“不导入”。",
    "There is no field “{field}”. Choose one of those listed, or leave the column out.",
)
_TWICE = T(
    "“{label}”已经由 {column} 列提供。请把其中一列改为“不导入”。",
    "“{label}” is taken from column {column} already. Leave one of the two out.",
    "“{label}”已經由 {column} 欄提供。請把其中一欄改為“不匯入”。",
)


async def remembered(work: Work, register: AnyRegister) -> dict[str, str | None]:
    """Return fields by folded header, as the actor's own park set them."""
    found = await work.session.execute(
        select(col(ImportMapping.header), col(ImportMapping.field)).where(
            col(ImportMapping.register_name) == register.name,
            col(ImportMapping.node_id) == work.actor.node_id,
        )
    )
    return {row.header: row.field for row in found}


async def remember(
    work: Work, register: AnyRegister, batch: ImportBatch, fields: Mapping[str, str | None]
) -> None:
    """Keep what the clerk changed: the next file with such a header is read the same way."""
    said = {
        c["folded"][:200]: fields[c["letter"]]
        for c in batch.columns
        if c["folded"] and c["letter"] in fields and fields[c["letter"]] != c["field"]
    }
    if not said:
        return
    common = {
        "region_id": batch.region_id,
        "node_id": work.actor.node_id,
        "register_name": register.name,
        "set_by": work.actor.account_id,
        "set_at": now(),
    }
    rows = [common | {"header": header, "field": name} for header, name in said.items()]
    statement = upsert(ImportMapping).values(rows)
    told = {name: statement.excluded[name] for name in ("field", "set_by", "set_at")}
    keys = ["region_id", "node_id", "register_name", "header"]
    await work.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=told))


def chosen(
    work: Work,
    register: AnyRegister,
    batch: ImportBatch,
    sheet: str | None,
    fields: Mapping[str, str | None],
) -> Chosen:
    """Return a clerk's word on a file as its reader takes it. Raises Invalid."""
    own = next((s["name"] for s in batch.sheets if s["name"][:64] == batch.sheet), batch.sheet)
    wanted = own if sheet is None else sheet
    if wanted not in {own, *(s["name"] for s in batch.sheets)}:
        raise Invalid.of(FieldError("/sheet", "no_sheet", _NO_SHEET, {"sheet": wanted}))
    if wanted != own:  # another sheet has another header: it is found anew
        return Chosen(wanted)
    labels = {c.field: c.labels[0] for c in columns_of(work, register)}
    places = {c["letter"]: c["index"] for c in batch.columns}
    if errors := [*_unknown(fields, places, labels), *_twice(fields, labels)]:
        raise Invalid.of(*errors)
    now_taken = {c["letter"]: c["field"] for c in batch.columns}
    merged = {letter: fields.get(letter, field) for letter, field in now_taken.items()}
    return Chosen(own, batch.header_row, {places[at]: field for at, field in merged.items()})


def _unknown(
    fields: Mapping[str, str | None], places: Mapping[str, int], labels: Mapping[str, str]
) -> list[FieldError]:
    wrong = []
    for letter, name in fields.items():
        told: dict[str, Any] = {"column": letter, "field": name}
        if letter not in places:
            wrong.append(FieldError(f"/columns/{letter}", "no_column", _NO_COLUMN, told))
        elif name is not None and name not in labels:
            wrong.append(FieldError(f"/columns/{letter}", "no_field", _NO_FIELD, told))
    return wrong


def _twice(fields: Mapping[str, str | None], labels: Mapping[str, str]) -> list[FieldError]:
    first: dict[str, str] = {}
    wrong = []
    for letter, name in fields.items():
        if name is None:
            continue
        earlier = first.setdefault(name, letter)
        if earlier != letter:
            told = {"label": labels.get(name, name), "column": earlier}
            wrong.append(FieldError(f"/columns/{letter}", "twice", _TWICE, told))
    return wrong
