"""What one hat was told: only of what it may see now, in its own words and language."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_, update
from sqlmodel import col

from app.access.actor import Actor
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import BadRequest, NotFound
from app.core.labels import T
from app.registers import directory, reading
from app.registers.history import verb_label
from app.registers.together.tables import Comment, Kind, Notification
from app.registers.visibility import visible

MOST_COUNTED = 100
_BAD_CURSOR = T("翻页标记无效，请从第一页重新开始。", "The cursor is not valid; start again.")
_SOMEBODY = T("系统", "The system")
_SENTENCES: dict[Kind, T] = {
    Kind.comment: T(
        "{who}评论了「{title}」", '{who} commented on "{title}"', "{who}在「{title}」留言"
    ),
    Kind.mention: T("{who}在「{title}」的评论中提到了您", '{who} mentioned you at "{title}"'),
    Kind.move: T("{who}对「{title}」执行了「{act}」", '{who} took the step "{act}" on "{title}"'),
    Kind.change: T("{who}更新了「{title}」（{act}）", '{who} changed "{title}" ({act})'),
    Kind.overdue: T(
        "「{title}」已超过办理期限 {due_on}", 'The promise on "{title}" was due on {due_on}'
    ),
    Kind.work_done: T("{subject}已完成", "{subject} has finished"),
    Kind.work_failed: T("{subject}没有完成", "{subject} did not finish"),
    Kind.act_waiting: T(
        "{who}提出的「{subject}」等待第二人确认",
        '"{subject}" asked for by {who} waits for a second person',
    ),
}
_FOLLOWED = T(
    "您关注了这条记录；不想再收到，可在记录页取消关注。",
    "You follow this record; stop following it there if you want to hear no more.",
)
_REASONS: dict[Kind, T] = {
    Kind.mention: T(
        "对方希望您看一看；打开记录的“评论”即可答复。",
        "You are asked to look at it; answer under Comments of the record.",
    ),
    Kind.overdue: T(
        "对企业的答复承诺未按期兑现；请尽快答复，或暂停并说明原因。",
        "The answer promised to the enterprise is late; answer it, or suspend it and say why.",
    ),
    Kind.work_done: T(
        "任务已经做完，打开即可查看结果。", "The work is done; open it to see the result."
    ),
    Kind.work_failed: T("打开可查看原因，然后重试。", "Open it to see why, then try again."),
    Kind.act_waiting: T(
        "这件事须由两人办理，您可以确认或不予确认；请打开核对。",
        "It takes two people and you may be the second; open it to confirm or refuse it.",
    ),
}


_IN_CHARGE = T(
    "这项需求由您所在的工作站受理；请打开核对，然后受理、退回或转交。",
    "Your station is in charge of it; open it, then accept it, return it or pass it on.",
)


class NoticeRecord(BaseModel):
    register_name: str = Field(serialization_alias="register")
    register_label: str
    id: UUID
    title: str


class NoticeShown(BaseModel):
    id: UUID
    kind: Kind
    at: datetime
    read: bool
    text: str = Field(description="What happened")
    reason: str = Field(description="Why one is told, and what to do next")
    record: NoticeRecord | None
    path: str = Field(description="The page to open")


class Inbox(BaseModel):
    items: list[NoticeShown]
    next: str | None


class Unread(BaseModel):
    count: int = Field(description=f"At most {MOST_COUNTED}")


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the predicate of the actor's notices of which nothing has become hidden."""
    notice = Notification
    registers = [r for r in directory.everything() if actor.role in r.rights.read]
    records = [
        and_(
            col(notice.register_name) == register.name,
            exists().where(col(register.row.id) == col(notice.record_id), visible(register, actor)),
        )
        for register in registers
    ]
    there = exists().where(
        col(Comment.id) == col(notice.comment_id), col(Comment.deleted_at).is_(None)
    )
    return and_(
        col(notice.hat_id) == actor.hat_id,
        or_(col(notice.record_id).is_(None), *records),
        or_(col(notice.comment_id).is_(None), there),
    )


async def inbox(work: Work, *, unread: bool, after: str | None, limit: int) -> Inbox:
    """Return what the hat was told, newest first. Raises BadRequest."""
    statement = select(Notification).where(seen_by(work.actor))
    if unread:
        statement = statement.where(col(Notification.read_at).is_(None))
    if after:
        key = tuple_(col(Notification.at), col(Notification.id))
        statement = statement.where(key < tuple_(*_position(after)))
    order = (col(Notification.at).desc(), col(Notification.id).desc())
    found = list(
        (await work.session.execute(statement.order_by(*order).limit(limit + 1))).scalars()
    )
    page = found[:limit]
    more = f"{page[-1].at.isoformat()}_{page[-1].id}" if len(found) > limit else None
    return Inbox(items=await told(work, page), next=more)


def _position(after: str) -> tuple[datetime, UUID]:
    at, _, notice_id = after.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(notice_id)
    except ValueError as exc:
        raise BadRequest(_BAD_CURSOR) from exc


async def unread_count(work: Work) -> Unread:
    """Return how many notices wait, up to a hundred."""
    some = (
        select(col(Notification.id))
        .where(seen_by(work.actor), col(Notification.read_at).is_(None))
        .limit(MOST_COUNTED)
        .subquery()
    )
    return Unread(count=int(await work.session.scalar(select(func.count()).select_from(some)) or 0))


async def mark(work: Work, notice_id: UUID, *, read: bool) -> NoticeShown:
    """Mark one notice read, or unread again. Raises NotFound."""
    found = await work.session.execute(
        select(Notification).where(seen_by(work.actor), col(Notification.id) == notice_id)
    )
    notice = found.scalar_one_or_none()
    if notice is None:
        raise NotFound
    notice.read_at = (notice.read_at or now()) if read else None
    await work.session.flush()
    return (await told(work, [notice]))[0]


async def mark_all(work: Work, record_id: UUID | None = None) -> None:
    """Mark everything the hat was told as read, or everything about one record."""
    notice = Notification
    mine = [col(notice.hat_id) == work.actor.hat_id, col(notice.read_at).is_(None)]
    if record_id is not None:
        mine.append(col(notice.record_id) == record_id)
    await work.session.execute(update(notice).where(*mine).values(read_at=now()))


async def told(work: Work, notices: Sequence[Notification]) -> list[NoticeShown]:
    """Return notices in words; the caller has made sure that their records are seen."""
    titles: dict[UUID, str] = {}
    ids: dict[str, set[str]] = defaultdict(set)
    for notice in notices:
        if notice.register_name and notice.record_id:
            ids[notice.register_name].add(str(notice.record_id))
    for name, some in ids.items():
        found = await reading.titles(work, directory.named(name), some)
        titles |= {UUID(one): title for one, title in found.items()}
    return [_shown(work, notice, titles) for notice in notices]


def _shown(work: Work, notice: Notification, titles: dict[UUID, str]) -> NoticeShown:
    locale = work.locale
    record, params = None, _params(notice, locale)
    path = str(notice.detail.get("path") or "/notifications")
    if notice.register_name and notice.record_id:
        register = directory.named(notice.register_name)
        title = titles.get(notice.record_id) or register.label_one.in_(locale)
        record = NoticeRecord(
            register_name=register.name,
            register_label=register.label_one.in_(locale),
            id=notice.record_id,
            title=title,
        )
        tab = "?tab=comments" if notice.comment_id else ""
        path = f"/r/{register.name}/{notice.record_id}{tab}"
        act = verb_label(register, notice.verb, locale) if notice.verb else ""
        params |= {"title": title, "act": act}
    return NoticeShown(
        id=notice.id,
        kind=notice.kind,
        at=notice.at,
        read=notice.read_at is not None,
        text=_SENTENCES[notice.kind].filled(locale, params),
        reason=_reason(notice).in_(locale),
        record=record,
        path=path,
    )


def _params(notice: Notification, locale: str) -> dict[str, Any]:
    who = "·".join(part for part in (notice.actor_organisation, notice.actor_name) if part)
    subject = notice.detail.get("subject") or {}
    return {
        "who": who if notice.actor_name else _SOMEBODY.in_(locale),
        "due_on": notice.detail.get("due_on", ""),
        "subject": subject.get(locale, subject.get("zh-CN", "")),
        "title": "",
        "act": "",
    }


def _reason(notice: Notification) -> T:
    """Say why the recipient is told."""
    return _IN_CHARGE if notice.detail.get("in_charge") else _REASONS.get(notice.kind, _FOLLOWED)
