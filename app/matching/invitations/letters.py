"""The letter an invitation travels in, and the job that hands it to the mail server."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access.tables import Account, AccountState, Hat
from app.audit.work import Work, acting_for
from app.core import jobs, mail
from app.core.clock import CIVIL, now
from app.core.errors import NotFound
from app.core.labels import DEFAULT_LOCALE, T, preferred_locale
from app.core.settings import get_settings
from app.libraries.experts.models import Expert
from app.matching.invitations import asks
from app.matching.invitations.asks import Asked
from app.matching.invitations.models import InvitationLink, MailState
from app.matching.invitations.service import MAIL, unsealed
from app.registers import directory, reading, secrets

#: Minutes between attempts; after the last one a clerk copies the link.
WAITS = (1, 5, 30, 120)

_TEXT = T(
    "{name}：\n\n"
    "{asked_by}邀请您参与「{title}」（{subject}）。\n"
    "{expected}\n{facts}\n"
    "请打开下面的链接查看详情并答复（接受、谢绝或回避），无需登录：\n\n{url}\n\n"
    "链接只对本次邀请有效，请勿转发；有效期至 {until}。\n"
    "如需帮助，请与{asked_by}联系。本邮件由系统发出，请勿直接回复。\n",
    "Dear {name},\n\n"
    '{asked_by} invites you to "{title}" ({subject}).\n'
    "{expected}\n{facts}\n"
    "Open this link to read more and to answer (accept, decline or recuse yourself);"
    " you need not sign in:\n\n{url}\n\n"
    "The link is for this invitation only; please do not pass it on. It is valid until {until}.\n"
    "For help ask {asked_by}. This message was sent by the system; please do not reply to it.\n",
)
_FACTS = (
    ("answer_by", T("请于 {value} 前答复。", "Please answer by {value}.")),
    ("meeting_on", T("会议日期：{value}", "Meeting on: {value}")),
    ("place", T("地点：{value}", "Place: {value}")),
    ("review_by", T("请于 {value} 前提交评审意见。", "Opinions are due by {value}.")),
)


@jobs.task(MAIL)
async def deliver(link_id: UUID, node_id: int) -> None:
    """Mail one link if it is still waiting to be; note what became of it. Raises nothing.

    No transaction is open while the server is spoken to.
    """
    try:
        async with acting_for(node_id) as work:
            link = await _waiting(work, link_id)
            if link is None:
                return
            message = await _message(work, link)
        await mail.send(message)
    except mail.MailFailed as exc:
        failed: mail.MailFailed | None = exc
    except NotFound:
        failed = mail.MailFailed("there is nothing to invite to any more", for_good=True)
    else:
        failed = None
    async with acting_for(node_id) as work:
        link = await _waiting(work, link_id)
        if link is not None:
            await _note(work, link, failed)


async def _waiting(work: Work, link_id: UUID) -> InvitationLink | None:
    """Return the link if its mail has yet to leave."""
    found = await work.session.execute(
        select(InvitationLink).where(
            col(InvitationLink.id) == link_id,
            col(InvitationLink.mail) == MailState.waiting,
            col(InvitationLink.revoked_at).is_(None),
            col(InvitationLink.expires_at) > now(),
        )
    )
    return found.scalar_one_or_none()


async def _note(work: Work, link: InvitationLink, failed: mail.MailFailed | None) -> None:
    """Write down that a mail left, or why it did not and when it is tried again."""
    link.mail_tries += 1
    link.mail_at = now()
    link.mail_error = str(failed)[:200] if failed else None
    if failed is None:
        link.mail, link.sealed_token = MailState.sent, None
    elif failed.for_good or link.mail_tries > len(WAITS):
        link.mail, link.sealed_token = MailState.failed, None
    else:
        wait = timedelta(minutes=WAITS[link.mail_tries - 1])
        await jobs.enqueue(work.session, MAIL, after=wait, link_id=link.id, node_id=link.node_id)
    await work.session.flush()


async def _message(work: Work, link: InvitationLink) -> EmailMessage:
    """Return the letter. Raises NotFound, MailFailed."""
    register = directory.named(link.register_name)
    row = await reading.row_of(work, register, link.record_id)
    locale = await _language(work, link.expert_id)
    asked = await asks.named(link.register_name).told(replace(work, locale=locale), row)
    name = await work.session.scalar(
        select(col(Expert.name)).where(col(Expert.id) == link.expert_id)
    )
    subject, text = written(asked, link, str(name or ""), locale)
    return mail.letter(await _address(work, link.expert_id), subject, text)


def written(asked: Asked, link: InvitationLink, name: str, locale: str) -> tuple[str, str]:
    """Return subject and text of the letter in one of the house's languages."""
    facts = "".join(
        words.filled(locale, {"value": value}) + "\n"
        for field, words in _FACTS
        if (value := getattr(asked, field))
    )
    token = unsealed(link.id, link.sealed_token or "")
    until = link.expires_at.astimezone(CIVIL).date()
    params = {
        "name": name,
        "asked_by": link.asked_by,
        "title": asked.title,
        "subject": asked.subject,
        "expected": asked.expected,
        "facts": facts,
        "url": f"{get_settings().address}/invite/{token}",
        "until": until.isoformat(),
    }
    return asked.heading.filled(locale, params), _TEXT.filled(locale, params)


async def _language(work: Work, expert_id: UUID) -> str:
    """Return the language an expert chose for an account of their own, else the house's."""
    found = await work.session.scalar(
        select(col(Account.locale))
        .join(Hat, col(Hat.account_id) == col(Account.id))
        .where(
            col(Hat.party_id) == expert_id,
            col(Hat.ended_at).is_(None),
            col(Account.state) == AccountState.active,
        )
        .order_by(col(Account.id))
        .limit(1)
    )
    return preferred_locale(found) if found else DEFAULT_LOCALE


async def _address(work: Work, expert_id: UUID) -> str:
    """Return the expert's e-mail address in plain. Raises MailFailed."""
    found = await secrets.value_of(work, directory.named("experts"), expert_id, "email")
    if found is None:
        raise mail.MailFailed("no address on record", for_good=True)
    return found
