"""The product with a defect of each kind that the harness must find.

``python -m bench.walls.faults.mutants NAME`` serves it, in one process.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db, http
from app.core.errors import Problem

LATE = 0.3  # seconds between the answer and the commit
_WRITES = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
_late: set["asyncio.Task[None]"] = set()


def answers_before_commit() -> None:
    """Let every answer leave before its transaction commits."""
    whole = db.transaction

    @asynccontextmanager
    async def hasty(wall: str, *, reading: bool = False) -> AsyncIterator[AsyncSession]:
        if reading:
            async with whole(wall, reading=True) as session:
                yield session
            return
        session = AsyncSession(db.engine(wall), expire_on_commit=False, autoflush=False)
        try:
            await session.begin()
            yield session
        except BaseException:
            await session.close()
            raise
        await session.flush()
        task = asyncio.create_task(_commit(session))
        _late.add(task)
        task.add_done_callback(_late.discard)

    db.transaction = hasty


async def _commit(session: AsyncSession) -> None:
    if await session.scalar(_WRITES):
        await asyncio.sleep(LATE)
    await session.commit()
    await session.close()


def forgets_an_exception() -> None:
    """Treat a lost database as a defect."""
    whole = http.of_database

    def forgetful(error: Exception) -> Problem:
        found = whole(error)
        if found.status == 503:
            raise error
        return found

    http.of_database = forgetful


MUTANTS: dict[str, Callable[[], None]] = {
    "answers-before-commit": answers_before_commit,
    "forgets-an-exception": forgets_an_exception,
}


def command(name: str) -> tuple[str, ...]:
    """Return how to serve the product with this defect."""
    assert name in MUTANTS
    return sys.executable, "-m", "bench.walls.faults.mutants", name


if __name__ == "__main__":
    from app.core.settings import get_settings
    from app.serving import serve

    MUTANTS[sys.argv[1]]()
    serve(get_settings())
