"""Comments on a record: internal ones between staff, open ones also for whose record it is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, tuple_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import LABELS, Role
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import BadRequest, FieldError, Forbidden, Invalid, NotFound
from app.core.labels import T
from app.registers import reading
from app.registers.directory import AnyRegister
from app.registers.together import notices, people
from app.registers.together.notices import Notice
from app.registers.together.rights import inside, require, require_to_write, talkers
from app.registers.together.tables import Comment, Kind, Why

_NOT_OWN = T(
    "只有写下评论的人可以修改或删除它；您可以另写一条评论说明。",
    "Only whoever wrote a comment may change or delete it; write another one to add to it.",
)
_NOT_SEEING = T(
    "被提到的人看不到这条记录，或不参与这类评论，所以没有发送；请从名单中选择。",
    "Somebody mentioned cannot see this record or such a comment, so nothing was sent;"
    " choose from the list.",
)
_NOT_INSIDE = T(
    "内部评论只供工作人员使用；请改为公开评论。",
    "Internal comments are for staff only; write an open one.",
)
_BAD_CURSOR = T("翻页标记无效，请从第一页重新开始。", "The cursor is not valid; start again.")


class NewComment(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    text: str = Field(min_length=1, max_length=4000)
    mentions: list[UUID] = Field(default_factory=list, max_length=20)
    internal: bool | None = Field(default=None, description="None: as far as the author may")


class EditedComment(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    text: str = Field(min_length=1, max_length=4000)
    mentions: list[UUID] = Field(default_factory=list, max_length=20)


class Mention(BaseModel):
    id: UUID
    name: str


class CommentShown(BaseModel):
    id: UUID
    text: str
    internal: bool
    mentions: list[Mention]
    created_at: datetime
    edited_at: datetime | None
    name: str
    role_label: str
    organisation: str
    mine: bool


class Comments(BaseModel):
    items: list[CommentShown]
    next: str | None
    may_write: bool
    may_be_internal: bool = Field(description="The author may keep parties out")
    parties_read: bool = Field(description="Enterprises or experts read open comments here")


async def comments(
    work: Work, register: AnyRegister, record_id: UUID, after: str | None, limit: int
) -> Comments:
    """Return the comments one may read, newest first. Raises NotFound, BadRequest."""
    row = await reading.row_of(work, register, record_id)
    if work.actor.role not in talkers(register):
        return Comments(
            items=[], next=None, may_write=False, may_be_internal=False, parties_read=False
        )
    statement = select(Comment).where(
        col(Comment.record_id) == record_id, col(Comment.deleted_at).is_(None)
    )
    if work.actor.role not in inside(register):  # the database says so too
        statement = statement.where(col(Comment.internal).is_(False))
    if after:
        key = tuple_(col(Comment.created_at), col(Comment.id))
        statement = statement.where(key < tuple_(*_position(after)))
    order = (col(Comment.created_at).desc(), col(Comment.id).desc())
    found = list(
        (await work.session.execute(statement.order_by(*order).limit(limit + 1))).scalars()
    )
    page = found[:limit]
    more = f"{page[-1].created_at.isoformat()}_{page[-1].id}" if len(found) > limit else None
    return Comments(
        items=[shown(work, one) for one in page],
        next=more,
        may_write=_may_write(work, register, row),
        may_be_internal=work.actor.role in inside(register),
        parties_read=bool(talkers(register) - inside(register)),
    )


def _position(after: str) -> tuple[datetime, UUID]:
    at, _, comment_id = after.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(comment_id)
    except ValueError as exc:
        raise BadRequest(_BAD_CURSOR) from exc


def _may_write(work: Work, register: AnyRegister, row: Any) -> bool:
    try:
        require_to_write(work, register, row)
    except Forbidden:
        return False
    return True


def shown(work: Work, found: Comment) -> CommentShown:
    """Return a comment as its reader meets it."""
    return CommentShown(
        id=found.id,
        text=found.text,
        internal=found.internal,
        mentions=[Mention(id=one["hat"], name=one["name"]) for one in found.mentions],
        created_at=found.created_at,
        edited_at=found.edited_at,
        name=found.created_by_name,
        role_label=LABELS[found.role].in_(work.locale),
        organisation=found.organisation_name,
        mine=found.created_by == work.actor.account_id,
    )


async def add(
    work: Work, register: AnyRegister, record_id: UUID, given: NewComment
) -> CommentShown:
    """Write a comment and tell who should know. Raises NotFound, Forbidden, Invalid."""
    row = await reading.row_of(work, register, record_id)
    require_to_write(work, register, row)
    internal = _internal(work, register, given.internal)
    mentioned = await _mentioned(work, register, row, given.mentions, internal=internal)
    added = Comment(
        region_id=row.region_id,
        node_id=row.node_id,
        register_name=register.name,
        record_id=row.id,
        text=given.text,
        internal=internal,
        mentions=_kept(mentioned),
        created_by=work.actor.account_id,
        created_by_name=work.actor.name,
        role=work.actor.role,
        organisation_name=work.actor.organisation_name,
    )
    work.session.add(added)
    await work.session.flush()
    await notices.follow(work, register, row, Why.commenter)
    await _tell(work, register, row, added, mentioned)
    hats = [actor.hat_id for actor in mentioned if actor.hat_id]
    told = Notice(Kind.comment, roles=_readers(register, added), comment_id=added.id, but=hats)
    await notices.notify(work, register, row, told)
    await _note(work, register, "comment", row, added)
    return shown(work, added)


async def edit(
    work: Work, register: AnyRegister, record_id: UUID, comment_id: UUID, given: EditedComment
) -> CommentShown:
    """Change one's own words; who is mentioned only now is told. Raises as :func:`add`."""
    row, found = await _own(work, register, record_id, comment_id)
    known = {one["hat"] for one in found.mentions}
    mentioned = await _mentioned(work, register, row, given.mentions, internal=found.internal)
    found.text, found.mentions, found.edited_at = given.text, _kept(mentioned), now()
    await work.session.flush()
    new = [actor for actor in mentioned if str(actor.hat_id) not in known]
    await _tell(work, register, row, found, new)
    await _note(work, register, "comment_edit", row, found)
    return shown(work, found)


async def remove(work: Work, register: AnyRegister, record_id: UUID, comment_id: UUID) -> None:
    """Take one's own comment away, words and all. Raises NotFound, Forbidden."""
    row, found = await _own(work, register, record_id, comment_id)
    found.deleted_at, found.text, found.mentions = now(), "", []
    await work.session.flush()
    await _note(work, register, "comment_delete", row, found)


def readers(register: AnyRegister, *, internal: bool) -> frozenset[Role]:
    """Return the roles a comment is for."""
    return inside(register) if internal else talkers(register)


def _readers(register: AnyRegister, comment: Comment) -> frozenset[Role]:
    return readers(register, internal=comment.internal)


def _internal(work: Work, register: AnyRegister, wanted: bool | None) -> bool:  # noqa: FBT001
    may = work.actor.role in inside(register)
    if wanted and not may:
        raise Invalid.of(FieldError("/internal", "not_internal", _NOT_INSIDE))
    return may if wanted is None else wanted


async def _mentioned(
    work: Work, register: AnyRegister, row: Any, hats: Collection[UUID], *, internal: bool
) -> Sequence[Actor]:
    roles = readers(register, internal=internal)
    found = await people.among(work, register, row, set(hats), roles)
    if len(found) < len(set(hats)):
        raise Invalid.of(FieldError("/mentions", "not_seeing", _NOT_SEEING))
    return found


def _kept(mentioned: Sequence[Actor]) -> list[dict[str, Any]]:
    return [{"hat": str(actor.hat_id), "name": actor.name} for actor in mentioned]


async def _tell(
    work: Work, register: AnyRegister, row: Any, comment: Comment, mentioned: Sequence[Actor]
) -> None:
    hats = [actor.hat_id for actor in mentioned if actor.hat_id]
    if hats:
        roles = _readers(register, comment)
        told = Notice(Kind.mention, hats=hats, roles=roles, comment_id=comment.id)
        await notices.notify(work, register, row, told)


async def _own(
    work: Work, register: AnyRegister, record_id: UUID, comment_id: UUID
) -> tuple[Any, Comment]:
    row = await reading.row_of(work, register, record_id)
    require(work, register)
    found = await work.session.execute(
        select(Comment).where(
            col(Comment.id) == comment_id,
            col(Comment.record_id) == record_id,
            col(Comment.deleted_at).is_(None),
        )
    )
    comment = found.scalar_one_or_none()
    if comment is None:
        raise NotFound
    if comment.created_by != work.actor.account_id:
        raise Forbidden(_NOT_OWN)
    return row, comment


async def _note(work: Work, register: AnyRegister, verb: str, row: Any, comment: Comment) -> None:
    await work.note(
        f"{register.name}.{verb}",
        register=register.name,
        record_id=row.id,
        record_label=str(getattr(row, register.title_field) or ""),
        node_id=row.node_id,
        detail={"comment": str(comment.id), "internal": comment.internal},
    )
