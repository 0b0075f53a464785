"""Who an account is at the provider: (issuer, subject), linked by its signed-in owner alone."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.credentials import Identity
from app.access.oidc.claims import Identified, LoggedOut
from app.access.tables import Account, AccountState, Session
from app.core.clock import now


async def account_of(session: AsyncSession, who: Identified) -> Account | None:
    """Return the active account linked to this identity. Never looked for by name or address."""
    found = await session.execute(
        select(Account)
        .join(Identity, col(Identity.account_id) == col(Account.id))
        .where(
            col(Identity.issuer) == who.issuer,
            col(Identity.subject) == who.subject,
            col(Account.state) == AccountState.active,
        )
    )
    return found.scalar_one_or_none()


async def link(session: AsyncSession, account_id: UUID, who: Identified) -> bool:
    """Link an identity to an account; False when another account has it."""
    found = await session.execute(
        select(Identity).where(
            col(Identity.issuer) == who.issuer, col(Identity.subject) == who.subject
        )
    )
    held = found.scalar_one_or_none()
    if held is not None:
        return held.account_id == account_id
    session.add(Identity(account_id=account_id, issuer=who.issuer, subject=who.subject))
    await session.flush()
    return True


async def linked(session: AsyncSession, account_id: UUID) -> list[Identity]:
    found = await session.execute(
        select(Identity).where(col(Identity.account_id) == account_id).order_by("linked_at")
    )
    return list(found.scalars())


async def unlink(session: AsyncSession, account_id: UUID, identity_id: UUID) -> bool:
    """Forget an identity of an account; False when it has no such one."""
    done = await session.execute(
        delete(Identity).where(
            col(Identity.account_id) == account_id, col(Identity.id) == identity_id
        )
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


async def end_sessions(session: AsyncSession, ended: LoggedOut) -> int:
    """End the sessions that began with what the provider has ended; return how many."""
    whose = []
    if ended.session is not None:
        whose.append(col(Session.provider_session) == ended.session)
    if ended.subject is not None:
        accounts = select(col(Identity.account_id)).where(
            col(Identity.issuer) == ended.issuer, col(Identity.subject) == ended.subject
        )
        whose.append(col(Session.account_id).in_(accounts))
    done = await session.execute(
        update(Session)
        .where(col(Session.issuer) == ended.issuer, col(Session.revoked_at).is_(None), *whose)
        .values(revoked_at=now(), refresh_hash=None, previous_hash=None)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
