"""Notifications by mail: at once or once a day, as each person chose; off until they do.

A letter says no more than the recipient's own page would at that moment, never the words of a
comment, and where to turn it off. No transaction is open while the server is spoken to.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text, update
from sqlmodel import col

from app.access.tables import Account, MailWish
from app.access.wearing import wearing
from app.audit.work import Work, acting
from app.core import db, jobs, mail
from app.core.clock import now
from app.core.labels import T, preferred_locale
from app.core.settings import get_settings
from app.registers.together import inbox
from app.registers.together.tables import Notification

ONE, DAILY, DIGEST = "notices.mail", "notices.daily", "notices.digest"
#: Minutes between attempts of a letter; after the last one the page alone tells.
WAITS = (1, 5, 30, 120)
_EVERY_MORNING = "30 0 * * *"  # UTC: half past eight in the parks
_DAY = timedelta(hours=25)
_KEPT = timedelta(days=180)
_MOST = 50  # notices in a day's letter

_FORGET = text("SELECT park_forget_notices(:before)")
_DUE = text("SELECT park_daily_mail(:since)")
_SUBJECT_DAY = T("今日通知：{n} 条", "{n} notifications today")
_LETTER = T(
    "{name}：\n\n{lines}\n本邮件由系统发出，请勿直接回复。\n"
    "不想再收到邮件，请登录后在“我的账号”的“邮件通知”中关闭：{off}\n",
    "Dear {name},\n\n{lines}\nThis message was sent by the system; please do not reply to it.\n"
    'To stop these letters, sign in and turn them off under "My account", "Mail": {off}\n',
)


@asynccontextmanager
async def _opened(hat_id: UUID, wish: MailWish) -> AsyncIterator[tuple[Work, Account] | None]:
    """Work as whoever wears ``hat_id``, if that person still wants such letters."""
    async with db.transaction("staff") as session:
        actors = await wearing(session, [hat_id])
        account = await session.get(Account, actors[0].account_id) if actors else None
    if account is None or account.mail is not wish or not account.email_verified_at:
        yield None
        return
    async with acting(actors[0], preferred_locale(account.locale)) as work:
        yield work, account


@jobs.task(ONE)
async def deliver(notice_id: UUID, hat_id: UUID) -> None:
    """Mail one notice, unless it was read meanwhile or its record may no longer be seen."""
    await _deliver(hat_id, MailWish.immediate, notice_id)


@jobs.task(DIGEST)
async def digest(hat_id: UUID) -> None:
    """Mail one hat what it has not read of the last day, in one letter."""
    await _deliver(hat_id, MailWish.daily, None)


@jobs.task(DAILY, cron=_EVERY_MORNING)
async def daily() -> None:
    """Ask for the day's letters, one job each, so that one bad address stops no other."""
    async with db.transaction("staff") as session:
        await session.execute(_FORGET, {"before": now() - _KEPT})
        if not mail.configured():
            return
        for hat_id in (await session.execute(_DUE, {"since": now() - _DAY})).scalars().all():
            await jobs.enqueue(session, DIGEST, lock=f"mail {hat_id}", hat_id=hat_id)


async def _deliver(hat_id: UUID, wish: MailWish, notice_id: UUID | None) -> None:
    async with _opened(hat_id, wish) as opened:
        if opened is None:
            return
        work, account = opened
        waiting = await _waiting(work, notice_id)
        if not waiting:
            return
        shown = await inbox.told(work, waiting)
        ids, subject, words = [one.id for one in waiting], *_written(work, account, shown)
    try:
        await mail.send(mail.letter(account.email or "", subject, words))
    except mail.MailFailed as exc:
        failed: mail.MailFailed | None = exc
    else:
        failed = None
    async with _opened(hat_id, wish) as opened:
        if opened is not None:
            await _note(opened[0], ids, hat_id, notice_id, failed)


async def _waiting(work: Work, notice_id: UUID | None) -> list[Notification]:
    notice = Notification
    statement = select(notice).where(
        inbox.seen_by(work.actor), col(notice.read_at).is_(None), col(notice.mailed_at).is_(None)
    )
    if notice_id is None:
        statement = statement.where(col(notice.at) >= now() - _DAY)
    else:
        statement = statement.where(col(notice.id) == notice_id)
    found = await work.session.execute(statement.order_by(col(notice.at)).limit(_MOST))
    return list(found.scalars())


def _written(work: Work, account: Account, shown: Sequence[inbox.NoticeShown]) -> tuple[str, str]:
    """Return subject and text of a letter."""
    home, locale = get_settings().address, work.locale
    lines = "".join(f"{one.text}\n{one.reason}\n{home}{one.path}\n\n" for one in shown)
    words = _LETTER.filled(locale, {"name": account.name, "lines": lines, "off": f"{home}/me"})
    one_line = shown[0].text if len(shown) == 1 else ""
    return one_line or _SUBJECT_DAY.filled(locale, {"n": len(shown)}), words


async def _note(
    work: Work,
    ids: Sequence[UUID],
    hat_id: UUID,
    notice_id: UUID | None,
    failed: mail.MailFailed | None,
) -> None:
    """Write down that a letter left, or when it is tried again."""
    notice = Notification
    tries = await work.session.scalar(
        update(notice)
        .where(col(notice.id).in_(ids))
        .values(
            mail_tries=col(notice.mail_tries) + 1,
            mailed_at=now() if failed is None else col(notice.mailed_at),
        )
        .returning(col(notice.mail_tries))
    )
    if failed is None or failed.for_good or not tries or tries > len(WAITS):
        return
    wait = timedelta(minutes=WAITS[tries - 1])
    if notice_id is None:
        lock = f"mail {hat_id}"
        await jobs.enqueue(work.session, DIGEST, lock=lock, after=wait, hat_id=hat_id)
    else:
        await jobs.enqueue(work.session, ONE, after=wait, notice_id=notice_id, hat_id=hat_id)
