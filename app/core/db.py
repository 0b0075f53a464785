"""Connections: one bounded pool per wall; one request, one transaction, one commit, here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

from pydantic_core import to_json
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
    return create_async_engine(
        login_url(wall),
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_timeout=WAIT,
        pool_pre_ping=True,
        pool_recycle=1800,
        json_serializer=_json,
    )


def _json(value: object) -> str:
    """Write a JSONB value as an answer would carry it: models as objects, decimals as text."""
    return to_json(value).decode()


@asynccontextmanager
async def transaction(wall: str) -> AsyncIterator[AsyncSession]:
    """Commit when the block ends, roll back when it raises. Nobody else commits."""
    async with (
        AsyncSession(engine(wall), expire_on_commit=False, autoflush=False) as session,
        session.begin(),
    ):
        yield session


async def close() -> None:
    """Give all connections back (shutdown, and between tests)."""
    for wall in ("staff", "party", "audit"):  # jobs has its own pool, in core/jobs
        await engine(wall).dispose()
    _engine.cache_clear()
