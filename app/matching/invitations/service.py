"""Links: made, mailed where that can be, opened, taken back.

A token is 256 random bits. What is stored cannot be turned back into it; while a mail is on its
way the token also lies encrypted in the row, because a job's arguments must be no secret.
"""

import hashlib
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.work import Work
from app.core import jobs, mail
from app.core.clock import CIVIL, now
from app.core.crypto import Envelope, seal, unseal
from app.core.errors import NotFound
from app.core.ids import new_id
from app.core.labels import T
from app.core.settings import get_settings
from app.libraries.experts.models import Expert
from app.matching.invitations.models import InvitationLink, MailState
from app.registers.tables import SecretValue

MAIL = "invitations.mail"
_BYTES = 32
_END = time(23, 59, 59)  # of the last day

_OPEN = text("SELECT * FROM park_open_invitation(:hash, :answers)")
_OWN = text("SELECT park_sheet_link(:id, :hash, :sealed)")
_DEAD = T(
    "链接无效、已过期或已被收回。请联系邀请您的工作人员重新发送。",
    "This link is unknown, has expired or was taken back. Ask whoever invited you for a new one.",
)


class NoInvitation(NotFound):
    """One answer to every token that opens nothing, whatever the reason."""

    def __init__(self) -> None:
        super().__init__(_DEAD)


@dataclass(frozen=True, slots=True)
class Sent:
    """A link as it leaves the house: the only time its token is in plain."""

    url: str
    link: InvitationLink


@dataclass(frozen=True, slots=True)
class Invited:
    """Who opened a link, and for which record."""

    actor: Actor
    register: str
    record_id: UUID
    asked_by: str
    expires_at: datetime


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited to what, and until when a link to it lives."""

    register: str
    record_id: UUID
    expert_id: UUID
    region_id: int
    node_id: int
    expires_on: date

    @classmethod
    def to(cls, row: Any, register: str, expert_id: UUID, expires_on: date) -> "Invitation":
        return cls(register, row.id, expert_id, row.region_id, row.node_id, expires_on)


async def send(work: Work, invitation: Invitation, *, beside_former: bool = False) -> Sent:
    """Make a link and have it mailed if the expert can be reached so; the former ones end."""
    if not beside_former:
        await revoke(work, invitation.record_id)
    token = secrets.token_urlsafe(_BYTES)
    state, address = await reachable(work, invitation.expert_id)
    link = _link(work, invitation, token, state, address)
    if state is MailState.waiting:
        link.sealed_token = sealed(link.id, token)
    work.session.add(link)
    await work.session.flush()
    if state is MailState.waiting:
        await jobs.enqueue(work.session, MAIL, link_id=link.id, node_id=link.node_id)
    until = invitation.expires_on.isoformat()
    await work.note(
        f"{invitation.register}.invitation",
        register=invitation.register,
        record_id=invitation.record_id,
        node_id=invitation.node_id,
        detail={"link": str(link.id), "mail": state, "expires_on": until},
    )
    return Sent(f"{get_settings().address}/invite/{token}", link)


def _link(
    work: Work, invitation: Invitation, token: str, state: MailState, address: str | None
) -> InvitationLink:
    last = datetime.combine(invitation.expires_on, _END, CIVIL)
    return InvitationLink(
        region_id=invitation.region_id,
        node_id=invitation.node_id,
        register_name=invitation.register,
        record_id=invitation.record_id,
        expert_id=invitation.expert_id,
        token_hash=hashed(token),
        asked_by=work.actor.organisation_name,
        created_by=work.actor.account_id,
        expires_at=last.astimezone(UTC),
        mail=state,
        mail_to=address,
    )


async def send_if_mailed(
    work: Work, invitation: Invitation, *, beside_former: bool = False
) -> None:
    """Send a link where mail can carry it; a link nobody would read is not made."""
    state, _ = await reachable(work, invitation.expert_id)
    if state is MailState.waiting:
        sent = await send(work, invitation, beside_former=beside_former)
        sent.link.private = True  # shown to nobody here: the mail's reader alone has it
        await work.session.flush()


async def hand_over(work: Work) -> tuple[str, Actor] | None:
    """Give whoever acts by a link that others have seen one of their own; the others end.

    Return its token, and the actor who holds it; None where there is nothing to give.
    """
    token, link_id = secrets.token_urlsafe(_BYTES), new_id()
    kept = sealed(link_id, token) if mail.configured() else None
    told = {"id": link_id, "hash": hashed(token), "sealed": kept}
    state = await work.session.scalar(_OWN, told)
    if state is None:
        return None
    if state == MailState.waiting:
        await jobs.enqueue(work.session, MAIL, link_id=link_id, node_id=work.actor.node_id)
    return token, replace(work.actor, account_id=link_id, link_id=link_id, link_private=True)


async def reachable(work: Work, expert_id: UUID) -> tuple[MailState, str | None]:
    """Return whether mail can reach an expert, and the masked address."""
    if not mail.configured():
        return MailState.no_server, None
    found = await work.session.execute(
        select(col(Expert.email))
        .join(SecretValue, col(SecretValue.record_id) == col(Expert.id))
        .where(
            col(Expert.id) == expert_id,
            col(Expert.deleted_at).is_(None),
            col(SecretValue.field) == "email",
        )
    )
    address = found.scalar_one_or_none()
    return (MailState.waiting, address) if address else (MailState.no_address, None)


def sealed(link_id: UUID, token: str) -> str:
    kept = seal(get_settings().secret(), token, f"{MAIL}/{link_id}")
    return ".".join(
        [kept.key_id, b64encode(kept.wrapped_key).decode(), b64encode(kept.ciphertext).decode()]
    )


def unsealed(link_id: UUID, kept: str) -> str:
    key_id, wrapped, ciphertext = kept.split(".")
    envelope = Envelope(key_id, b64decode(wrapped), b64decode(ciphertext))
    return unseal(get_settings().secret(), envelope, f"{MAIL}/{link_id}")


async def revoke(
    work: Work, record_id: UUID, *, but: UUID | None = None, until: datetime | None = None
) -> None:
    """Take back the links to a record, but for one; only those made ``until`` then, if said."""
    which = [col(InvitationLink.record_id) == record_id, col(InvitationLink.revoked_at).is_(None)]
    if but is not None:
        which.append(col(InvitationLink.id) != but)
    if until is not None:
        which.append(col(InvitationLink.created_at) <= until)
    gone = update(InvitationLink).where(*which).values(revoked_at=now(), sealed_token=None)
    await work.session.execute(gone)


async def latest(work: Work, records: list[UUID]) -> dict[UUID, InvitationLink]:
    """Return the newest link of each record."""
    found = await work.session.execute(
        select(InvitationLink)
        .where(col(InvitationLink.record_id).in_(records))
        .order_by(col(InvitationLink.record_id), col(InvitationLink.created_at).desc())
        .ext(distinct_on(col(InvitationLink.record_id)))
    )
    return {link.record_id: link for link in found.scalars()}


async def opened(session: AsyncSession, token: str, *, answers: bool) -> Invited:
    """Return whom a token lets in, and scope this transaction to that expert.

    Raises NoInvitation. ``park_open_invitation`` (SECURITY DEFINER) reads the link; the login
    role of parties cannot.
    """
    found = await session.execute(_OPEN, {"hash": hashed(token), "answers": answers})
    row = found.mappings().one_or_none()
    if row is None:
        raise NoInvitation
    actor = Actor(
        account_id=row["link_id"],
        username="",
        name=row["expert_name"],
        role=Role.expert,
        organisation_id=row["node_id"],
        organisation_name=row["node_name"],
        node_id=row["node_id"],
        region_id=row["region_id"],
        party_id=row["expert_id"],
        party_register="experts",
        link_id=row["link_id"],
        link_private=row["private"],
    )
    return Invited(
        actor, row["register_name"], row["record_id"], row["asked_by"], row["expires_at"]
    )
