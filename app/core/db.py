"""Connections: one bounded pool per wall; one request, one transaction, one commit, here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

import psycopg
from pydantic_core import to_json
from sqlalchemy import ExceptionContext, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.core.database_roles import login_url

POOL = 4  # connections per wall and worker; more only queue inside PostgreSQL
OVERFLOW = 6
WAIT = 5.0  # seconds for a free connection; then the caller hears 503


def engine(wall: str) -> AsyncEngine:
    """Return the process-wide pool of the login role behind ``wall``."""
    return _engine(str(wall))  # an enum member is another cache key than its text


@lru_cache
def _engine(wall: str) -> AsyncEngine:
    made = create_async_engine(
        login_url(wall),
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_timeout=WAIT,
        pool_pre_ping=True,
        pool_recycle=1800,
        json_serializer=_json,
    )
    event.listen(made.sync_engine, "handle_error", _leave_a_demoted_server)
    return made


def _leave_a_demoted_server(failure: ExceptionContext) -> None:
    """Give up the connections to a primary that became a standby: it answers, but takes nothing."""
    if isinstance(failure.original_exception, psycopg.errors.ReadOnlySqlTransaction):
        failure.is_disconnect = True


def _json(value: object) -> str:
    """Write a JSONB value as an answer would carry it: models as objects, decimals as text."""
    return to_json(value).decode()


@asynccontextmanager
async def transaction(wall: str, *, reading: bool = False) -> AsyncIterator[AsyncSession]:
    """Commit when the block ends, roll back when it raises. Nobody else commits.

    ``reading``: PostgreSQL itself refuses to write in it.
    """
    async with (
        AsyncSession(engine(wall), expire_on_commit=False, autoflush=False) as session,
        session.begin(),
    ):
        if reading:
            await session.connection(execution_options={"postgresql_readonly": True})
        yield session


async def close() -> None:
    """Give all connections back (shutdown, and between tests)."""
    for wall in ("staff", "party", "audit"):  # jobs has its own pool, in core/jobs
        await engine(wall).dispose()
    _engine.cache_clear()
