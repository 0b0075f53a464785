"""Acting as an account from the command line: a session row of minutes, opened like any other.

The scope is thus derived in the database from the account's role, exactly as for a request; the
operator gains nothing that the account does not have, and the trail names the account.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import sessions
from app.access.actor import Actor
from app.access.opening import open_session
from app.access.roles import Role, Wall, wall_of
from app.access.tables import AccountState, Session
from app.core import db
from app.core.clock import now
from app.core.errors import Unauthenticated
from app.core.labels import T

_LIFE = timedelta(minutes=30)
_NOBODY = T(
    "没有可用的账号 {username}；请核对用户名，或先启用这个账号。",
    "There is no active account {username}; check the name, or activate it first.",
)
_NO_ROLE = T(
    "账号 {username} 没有任何角色；请先由安全管理员授予角色。",
    "The account {username} holds no role; the security administrator must grant one first.",
)


@asynccontextmanager
async def acting_as(
    username: str, preferred: frozenset[Role]
) -> AsyncIterator[tuple[AsyncSession, Actor]]:
    """Open a transaction as ``username``, under a role of ``preferred`` if it holds one.

    Raises Unauthenticated.
    """
    session_id, wall = await _begin(username, preferred)
    try:
        async with db.transaction(wall) as session:
            yield session, await open_session(session, session_id, wall)
    finally:
        async with db.transaction(Wall.staff) as session:
            row = await session.get_one(Session, session_id)
            row.revoked_at = now()


async def _begin(username: str, preferred: frozenset[Role]) -> tuple[UUID, Wall]:
    async with db.transaction(Wall.staff) as session:
        account = await sessions.account_named(session, username)
        if account is None or account.state is not AccountState.active:
            raise Unauthenticated(_NOBODY, {"username": username})
        hats = [hat for hat, _ in await sessions.hats_of(session, account.id)]
        if not hats:
            raise Unauthenticated(_NO_ROLE, {"username": username})
        hat = next((hat for hat in hats if hat.role in preferred), hats[0])
        row = Session(
            account_id=account.id,
            hat_id=hat.id,
            expires_at=now() + _LIFE,
            user_agent="park (command line)",
        )
        session.add(row)
        return row.id, wall_of(hat.role)
