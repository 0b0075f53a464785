"""Signing in and staying in: sessions with rotation, revoked at once on every worker."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import passwords, tokens
from app.access.roles import Wall, wall_of
from app.access.tables import Account, AccountState, Hat, Organisation, Session
from app.core.clock import now, today
from app.core.errors import Unauthenticated
from app.core.labels import T
from app.core.settings import get_settings

ACCESS_SECONDS = 600  # of a page's cookie; it is renewed silently
BEARER_SECONDS = 12 * 3600  # of a machine's token; the session row is asked every time anyway
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
RACE = timedelta(seconds=30)  # in which two tabs may both present the previous refresh token

_WRONG = T(
    "用户名或密码不正确，请核对后重试；忘记密码请联系系统管理员。",
    "Wrong username or password. Check both and try again; if forgotten, ask the system"
    " administrator.",
)
_NO_HAT = T(
    "这个账号还没有授予任何角色，请联系安全管理员。",
    "This account holds no role yet; ask the security administrator.",
)
_OVER = T("登录已失效，请重新登录。", "The session is over; sign in again.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: the session, its tokens, who it is."""

    session: Session
    account: Account
    hat: Hat
    access: str
    refresh: str


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


async def sign_in(
    session: AsyncSession,
    username: str,
    password: str,
    *,
    seconds: int,
    ip: str,
    user_agent: str,
) -> SignedIn:
    """Return a new session. Raises Unauthenticated, in the same words whatever was wrong."""
    account = await account_named(session, username)
    known = account.password_hash if account and account.state is AccountState.active else None
    if not await passwords.verified(password, known) or account is None:
        raise Unauthenticated(_WRONG)
    hats = await hats_of(session, account.id)
    if not hats:
        raise Unauthenticated(_NO_HAT)
    return await _begin(session, account, hats[0][0], seconds, ip=ip, user_agent=user_agent)


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


async def _begin(
    session: AsyncSession, account: Account, hat: Hat, seconds: int, *, ip: str, user_agent: str
) -> SignedIn:
    refresh = secrets.token_urlsafe(32)
    row = Session(
        account_id=account.id,
        hat_id=hat.id,
        refresh_hash=digest(refresh),
        expires_at=now() + ABSOLUTE,
        ip=ip,
        user_agent=user_agent,
        factor_at=now(),
    )
    session.add(row)
    await session.flush()
    return SignedIn(row, account, hat, access_token(row.id, wall(hat), seconds), refresh)


def access_token(session_id: UUID, behind: Wall, seconds: int) -> str:
    return tokens.sign(get_settings().secret(), session_id, behind, seconds)


async def rotate(session: AsyncSession, refresh: str) -> tuple[str, str | None]:
    """Return a new access token and the next refresh token (None: another tab has it already).

    A refresh token that comes back after its time kills the session: somebody copied it.
    Raises Unauthenticated.
    """
    old, instant = digest(refresh), now()
    found = await session.execute(
        select(Session, Hat)
        .join(Hat, col(Hat.id) == col(Session.hat_id))
        .where(or_(col(Session.refresh_hash) == old, col(Session.previous_hash) == old))
        .with_for_update(of=Session)
    )
    pair = found.one_or_none()
    if pair is None:
        raise Unauthenticated(_OVER)
    row, hat = pair
    if row.revoked_at or row.expires_at <= instant or instant - row.rotated_at > IDLE:
        raise Unauthenticated(_OVER)
    token = access_token(row.id, wall(hat), ACCESS_SECONDS)
    if row.refresh_hash != old:
        return await _raced(session, row, token)
    successor = secrets.token_urlsafe(32)
    row.previous_hash, row.refresh_hash, row.rotated_at = old, digest(successor), instant
    await session.flush()
    return token, successor


async def _raced(session: AsyncSession, row: Session, token: str) -> tuple[str, None]:
    if now() - row.rotated_at <= RACE:
        return token, None
    row.revoked_at = now()
    await session.flush()
    await session.commit()  # the refusal below must not bring the stolen session back
    raise Unauthenticated(_OVER)


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
