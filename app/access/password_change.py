"""Taking a new password: the rules, the passwords before it, and when it was taken."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import password_rules, passwords
from app.access.credentials import PastPassword
from app.access.tables import Account
from app.core.clock import now
from app.core.errors import FieldError, Invalid


async def choose(
    session: AsyncSession, account: Account, password: str, pointer: str = "/password"
) -> None:
    """Give ``account`` a new password. Raises Invalid with every reason against it."""
    weak = password_rules.weaknesses(password, account.username, pointer, account.name)
    if weak:
        raise Invalid.of(*weak)
    history = password_rules.profile().history
    past = await _past(session, account, history)
    for known in [account.password_hash, *(row.password_hash for row in past)] if history else []:
        if known and await passwords.verified(password, known):
            raise Invalid.of(FieldError(pointer, "used_before", password_rules.USED))
    before = account.password_hash
    if before and before not in [row.password_hash for row in past]:
        session.add(PastPassword(account_id=account.id, password_hash=before))
        await session.flush()
    account.password_hash, account.password_changed_at = await passwords.hashed(password), now()
    session.add(PastPassword(account_id=account.id, password_hash=account.password_hash))
    await session.flush()
    kept = [row.at for row in await _past(session, account, max(history, 1))]
    await session.execute(
        delete(PastPassword).where(
            col(PastPassword.account_id) == account.id, col(PastPassword.at).not_in(kept)
        )
    )


async def _past(session: AsyncSession, account: Account, most: int) -> list[PastPassword]:
    found = await session.execute(
        select(PastPassword)
        .where(col(PastPassword.account_id) == account.id)
        .order_by(col(PastPassword.at).desc())
        .limit(most)
    )
    return list(found.scalars())
