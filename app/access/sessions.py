"""Staying in: sessions with rotation, revoked at once on every worker."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import tokens
from app.access.roles import ADMINISTRATORS, Role, Wall, wall_of
from app.access.tables import Account, Hat, Organisation, Session
from app.core.clock import now, today
from app.core.crypto import derive
from app.core.errors import Unauthenticated
from app.core.labels import T
from app.core.settings import get_settings

BEARER_SECONDS = 12 * 3600  # of a machine's token; the session row is asked every time anyway
_LONGEST = 200  # characters of a refresh token
RACE = timedelta(seconds=30)  # in which two tabs may both present the previous refresh token


@dataclass(frozen=True, slots=True)
class Life:
    """How long a session lasts unused, how long at all, and how often the page renews it."""

    idle: timedelta
    absolute: timedelta
    access_seconds: int  # of a page's cookie; nothing renews it once the person is away


EVERYBODY = Life(timedelta(minutes=30), timedelta(hours=12), 600)
PRIVILEGED = Life(timedelta(minutes=15), timedelta(hours=8), 120)  # the three administrators

ABSOLUTE_SECONDS = int(EVERYBODY.absolute.total_seconds())

_OVER = T("登录已失效，请重新登录。", "The session is over; sign in again.")


def life_of(role: Role) -> Life:
    return PRIVILEGED if role in ADMINISTRATORS else EVERYBODY


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: the session, who it is, the first refresh token."""

    session: Session
    account: Account
    hat: Hat
    refresh: str

    def access(self, seconds: int) -> str:
        return access_token(self.session.id, wall(self.hat), seconds)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where somebody comes in from, and what they proved."""

    ip: str
    user_agent: str
    second_factor: bool = False
    issuer: str | None = None
    provider_session: str | None = None


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def wall(hat: Hat) -> Wall:
    return wall_of(hat.role)


async def account_named(session: AsyncSession, username: str) -> Account | None:
    """Return an account by its name, whatever the case of its letters."""
    found = await session.execute(
        select(Account).where(func.lower(col(Account.username)) == username.strip().lower())
    )
    return found.scalar_one_or_none()


async def hats_of(session: AsyncSession, account_id: UUID) -> list[tuple[Hat, Organisation]]:
    """Return the roles an account holds today, the oldest first."""
    found = await session.execute(
        select(Hat, Organisation)
        .join(Organisation, col(Organisation.id) == col(Hat.organisation_id))
        .where(
            col(Hat.account_id) == account_id,
            col(Hat.ended_at).is_(None),
            or_(col(Hat.valid_until).is_(None), col(Hat.valid_until) >= today()),
        )
        .order_by(col(Hat.granted_at), col(Hat.id))
    )
    return [(hat, organisation) for hat, organisation in found.all()]


async def begin(session: AsyncSession, account: Account, hat: Hat, arrival: Arrival) -> SignedIn:
    """Begin a session of ``account`` under ``hat``."""
    instant = now()
    row = Session(
        account_id=account.id,
        hat_id=hat.id,
        expires_at=instant + life_of(hat.role).absolute,
        ip=arrival.ip,
        user_agent=arrival.user_agent,
        factor_at=None if arrival.issuer else instant,  # the provider may not have asked anew
        second_factor_at=instant if arrival.second_factor else None,
        issuer=arrival.issuer,
        provider_session=arrival.provider_session,
    )
    refresh = _refresh_token(row.id)
    row.refresh_hash = digest(refresh)
    session.add(row)
    await session.flush()
    return SignedIn(row, account, hat, refresh)


async def wear(session: AsyncSession, session_id: UUID, hat: Hat) -> Session:
    """Go on under another hat, for as long as its role may last."""
    row = await session.get_one(Session, session_id)
    row.hat_id = hat.id
    row.expires_at = row.created_at + life_of(hat.role).absolute
    await session.flush()
    return row


def access_token(session_id: UUID, behind: Wall, seconds: int) -> str:
    return tokens.sign(get_settings().secret(), session_id, behind, seconds)


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a renewal gave: an access token, and the next refresh token unless a tab has it.

    ``stolen``: neither; the token had been replaced, so two parties hold it and the session ended.
    """

    session: Session
    hat: Hat
    access: str = ""
    refresh: str | None = None
    stolen: bool = False


async def rotate(session: AsyncSession, refresh: str) -> Rotated:
    """Renew a session. Raises Unauthenticated.

    The caller commits also when the session was ended: the refusal must not bring it back.
    """
    row, hat = await _held(session, refresh)
    instant, old = now(), digest(refresh)
    life = life_of(hat.role)
    if row.revoked_at or row.expires_at <= instant or instant - row.rotated_at > life.idle:
        raise Unauthenticated(_OVER)
    access = access_token(row.id, wall(hat), life.access_seconds)
    if row.refresh_hash == old:
        successor = _refresh_token(row.id)
        row.previous_hash, row.refresh_hash, row.rotated_at = old, digest(successor), instant
        await session.flush()
        return Rotated(row, hat, access, successor)
    if row.previous_hash == old and instant - row.rotated_at <= RACE:
        return Rotated(row, hat, access)
    await _end(session, row)
    return Rotated(row, hat, stolen=True)


async def _end(session: AsyncSession, row: Session) -> None:
    row.revoked_at, row.refresh_hash, row.previous_hash = now(), None, None
    await session.flush()


async def _held(session: AsyncSession, refresh: str) -> tuple[Session, Hat]:
    """Return the session a refresh token of ours belongs to, locked. Raises Unauthenticated."""
    session_id = _session_of(refresh)
    if session_id is None:
        raise Unauthenticated(_OVER)
    found = await session.execute(
        select(Session, Hat)
        .join(Hat, col(Hat.id) == col(Session.hat_id))
        .where(col(Session.id) == session_id)
        .with_for_update(of=Session)
    )
    pair = found.one_or_none()
    if pair is None:
        raise Unauthenticated(_OVER)
    return pair[0], pair[1]


def _refresh_token(session_id: UUID) -> str:
    """Return a new token that says, under our key, whose it is.

    So any token of a session that is not its newest is known for one that was replaced, however
    long ago, and none of them has to be kept.
    """
    said = f"{session_id.hex}.{secrets.token_urlsafe(32)}"
    return f"{said}.{_seal(said)}"


def _session_of(refresh: str) -> UUID | None:
    said, _, seal = refresh.rpartition(".")
    if len(refresh) > _LONGEST or not hmac.compare_digest(_seal(said).encode(), seal.encode()):
        return None
    return UUID(said.partition(".")[0])


def _seal(said: str) -> str:
    key = derive(get_settings().secret(), "refresh-token")
    made = hmac.new(key, said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


async def revoke(session: AsyncSession, session_id: UUID, account_id: UUID) -> bool:
    """End one session of an account; False when there is no such live session."""
    done = await session.execute(
        update(Session)
        .where(
            col(Session.id) == session_id,
            col(Session.account_id) == account_id,
            col(Session.revoked_at).is_(None),
        )
        .values(revoked_at=now(), refresh_hash=None, previous_hash=None)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


async def revoke_all(session: AsyncSession, account_id: UUID, keep: UUID | None = None) -> None:
    """End every session of an account (password changed, account disabled, role taken away)."""
    statement = update(Session).where(
        col(Session.account_id) == account_id, col(Session.revoked_at).is_(None)
    )
    if keep is not None:
        statement = statement.where(col(Session.id) != keep)
    await session.execute(statement.values(revoked_at=now(), refresh_hash=None, previous_hash=None))
