"""Files kept with a record: whoever sees the record sees them, nobody else."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import UploadFile
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import col
from starlette.concurrency import run_in_threadpool

from app.access.roles import named
from app.audit.work import Work
from app.core import files
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.labels import T
from app.core.previews import page_picture
from app.registers import reading
from app.registers.directory import AnyRegister
from app.registers.register import Fence
from app.registers.tables import Attachment

_ONLY = T(
    "只有{who}可以上传附件，请把文件交给他们上传。",
    "Only {who} may add files; hand yours to one of them.",
)
_NOT_OWN = T(
    "只有上传的人可以删除这个附件，请联系上传的人。",
    "Only whoever added a file may remove it; ask them.",
)
_PDF = "application/pdf"
_NO_PREVIEW = T(
    "这个文件不能预览：不是 PDF，或者文件已损坏、加了密码；请下载后用自己的软件打开。",
    "This file cannot be previewed: it is no PDF, or is damaged or has a password; download it and"
    " open it with your own software.",
)


class AttachmentShown(BaseModel):
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    created_by: str


class Attachments(BaseModel):
    items: list[AttachmentShown]


async def attachments(work: Work, register: AnyRegister, record_id: UUID) -> Attachments:
    """Return the files of a record, none where only its present is shown. Raises NotFound."""
    await reading.one(work, register, record_id)
    if not _may_open(work, register):
        return Attachments(items=[])
    found = await work.session.execute(
        select(Attachment)
        .where(col(Attachment.record_id) == record_id, col(Attachment.deleted_at).is_(None))
        .order_by(col(Attachment.created_at))
    )
    return Attachments(items=[shown(a) for a in found.scalars()])


def shown(found: Attachment) -> AttachmentShown:
    facts = found.model_dump() | {"created_by": found.created_by_name}
    return AttachmentShown.model_validate(facts)


async def attach(
    work: Work, register: AnyRegister, record_id: UUID, upload: UploadFile
) -> AttachmentShown:
    """Keep a file with a record. Raises NotFound, Forbidden, Invalid, TooLarge."""
    row = await reading.row_of(work, register, record_id)
    _may_attach(work, register, row)
    taken = await files.receive(upload)
    added = Attachment(
        region_id=row.region_id,
        node_id=row.node_id,
        register_name=register.name,
        record_id=row.id,
        name=taken.name,
        media_type=taken.media_type,
        size=taken.size,
        sha256=taken.sha256,
        created_by=work.actor.account_id,
        created_by_name=work.actor.name,
    )
    work.session.add(added)
    await work.session.flush()
    await _note(work, register, "attach", row, added)
    return shown(added)


async def detach(work: Work, register: AnyRegister, record_id: UUID, attachment_id: UUID) -> None:
    """Take a file away from a record. Raises NotFound, Forbidden."""
    row = await reading.row_of(work, register, record_id)
    found = await _one(work, record_id, attachment_id)
    _may_attach(work, register, row)
    if found.created_by != work.actor.account_id:
        raise Forbidden(_NOT_OWN)
    found.deleted_at = now()
    await work.session.flush()
    await _note(work, register, "detach", row, found)


async def contents(
    work: Work, register: AnyRegister, record_id: UUID, attachment_id: UUID
) -> FileResponse:
    """Return the bytes as a download that no browser will run. Raises NotFound."""
    await reading.one(work, register, record_id)
    if not _may_open(work, register):
        raise NotFound
    found = await _one(work, record_id, attachment_id)
    path = files.path_of(found.sha256)
    if not path.exists():
        raise NotFound
    return FileResponse(
        path,
        media_type=found.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "private, no-store",
        },
    )


async def page(
    work: Work, register: AnyRegister, record_id: UUID, attachment_id: UUID, number: int
) -> Response:
    """Return a page of an attached PDF as a picture. Raises NotFound, Conflict."""
    await reading.one(work, register, record_id)
    if not _may_open(work, register):
        raise NotFound
    found = await _one(work, record_id, attachment_id)
    path = files.path_of(found.sha256)
    if found.media_type != _PDF:
        raise Conflict(_NO_PREVIEW)
    if not path.exists():
        raise NotFound
    picture = await page_picture(await run_in_threadpool(path.read_bytes), number)
    if picture is None:
        raise Conflict(_NO_PREVIEW)
    if not picture.png:
        raise NotFound
    return Response(
        picture.png,
        media_type="image/png",
        headers={
            "X-Pages": str(picture.pages),
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "private, no-store",
        },
    )


async def _one(work: Work, record_id: UUID, attachment_id: UUID) -> Attachment:
    found = await work.session.execute(
        select(Attachment).where(
            col(Attachment.id) == attachment_id,
            col(Attachment.record_id) == record_id,
            col(Attachment.deleted_at).is_(None),
        )
    )
    attachment = found.scalar_one_or_none()
    if attachment is None:
        raise NotFound
    return attachment


def _may_open(work: Work, register: AnyRegister) -> bool:
    """Say whether the actor may open files: they know no field policy, so a role that sees only
    some fields of the present (an expert, of a need) opens none.
    """
    rights = register.rights
    return rights.history is None or work.actor.role in rights.history | rights.attach


def _may_attach(work: Work, register: AnyRegister, row: Any) -> None:
    if work.actor.role not in register.rights.attach:
        raise Forbidden(_ONLY, {"who": named(register.rights.attach)})
    if register.fence is Fence.library and register.may_edit is not None:
        why = register.may_edit(work.actor, row)  # a library read from below is not written there
        if why:
            raise Forbidden(why)


async def _note(work: Work, register: AnyRegister, verb: str, row: Any, file: Attachment) -> None:
    await work.note(
        f"{register.name}.{verb}",
        register=register.name,
        record_id=row.id,
        record_label=str(getattr(row, register.title_field) or ""),
        node_id=row.node_id,
        detail={"attachment": str(file.id), "sha256": file.sha256, "size": file.size},
    )
