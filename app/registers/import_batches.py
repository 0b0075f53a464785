"""An import as it stands: who may see it, its rows, its columns, its line in the trail."""

import re
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.files import path_of
from app.core.labels import T
from app.core.sheets.columns import Column
from app.core.sheets.headers import HeaderCell
from app.registers.directory import AnyRegister
from app.registers.import_known import id_column
from app.registers.rights import only
from app.registers.sheet_columns import import_columns
from app.registers.tables import ImportBatch, ImportRow

DONE = T(
    "这批导入已经撤销，不能再操作；需要时请重新上传文件。",
    "This import was undone and nothing more can be done with it; upload the file again if needed.",
)
_ONLY = T(
    "只有{who}可以导入{register}，请把表格交给他们导入。",
    "Only {who} may import: {register}; hand your workbook to one of them.",
)
_NEVER = T("这类记录不能导入，请逐条新建。", "Such records are not imported; make them one by one.")
_GONE = T(
    "上传的原文件没有保存下来。请重新上传文件。",
    "The file as it was uploaded is not kept. Upload it again.",
)
_OF_HEADER = ("index", "letter", "text", "folded", "field", "unit")
_PERIOD = re.compile(r"(20\d\d)\s*年")


def require_import(work: Work, register: AnyRegister) -> None:
    """Raise Forbidden unless the actor may bring records in from a file."""
    if work.actor.role not in register.rights.import_:
        raise Forbidden(*only(register.rights.import_, _ONLY, _NEVER, register.label))


def columns_of(work: Work, register: AnyRegister) -> list[Column]:
    """Return the columns a file may have: the author's, and the system id of an export."""
    found = import_columns(register, work.actor.role, work.locale)
    return [*found, id_column(work.locale)]


def places_of(batch: ImportBatch) -> dict[str, HeaderCell]:
    """Return the columns of the file that were taken, by field."""
    return {
        c["field"]: HeaderCell(**{name: c[name] for name in _OF_HEADER})
        for c in batch.columns
        if c["field"]
    }


def kept_file(batch: ImportBatch) -> bytes:
    """Return the file as it was uploaded. Raises Conflict where it is not kept any more."""
    try:
        return path_of(batch.sha256).read_bytes()
    except OSError as error:
        raise Conflict(_GONE) from error


def period_of(batch: ImportBatch) -> str:
    """Return the year measured columns speak of: the one the file names, else the last full one."""
    told = _PERIOD.search(batch.file_name)
    return told[1] if told else str(today().year - 1)


async def batch_of(
    work: Work, register: AnyRegister, batch_id: UUID, *, lock: bool = False
) -> ImportBatch:
    """Return an import of the actor's own park. Raises NotFound, Forbidden."""
    require_import(work, register)
    statement = select(ImportBatch).where(
        col(ImportBatch.id) == batch_id,
        col(ImportBatch.register_name) == register.name,
        col(ImportBatch.node_id).in_(work.actor.nodes),
    )
    if lock:
        statement = statement.with_for_update()
    found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def rows_of(work: Work, batch: ImportBatch) -> list[ImportRow]:
    found = await work.session.execute(
        select(ImportRow)
        .where(col(ImportRow.batch_id) == batch.id)
        .order_by(col(ImportRow.row))
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def note(work: Work, register: AnyRegister, batch: ImportBatch, verb: str) -> None:
    await work.note(
        f"{register.name}.{verb}",
        register=register.name,
        record_id=batch.id,
        record_label=batch.file_name,
        node_id=batch.node_id,
        detail={"sha256": batch.sha256},
    )
