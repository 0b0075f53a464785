"""Kinds of long work that only the tests know, and asking for them as somebody of the house."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from pydantic import BaseModel

from app.access import tokens
from app.access.opening import open_session
from app.audit.work import Work
from app.core import db
from app.core.errors import Conflict
from app.core.labels import T
from app.core.settings import get_settings
from app.registers import directory, tasks, writing
from tests.house import House

WORD = T("样例任务", "A task of the tests")
CODES = ("91990101MACELPKL35", "91990101MARA8NU02W")


class Wanted(BaseModel):
    names: list[str] = []
    word: str = ""


#: What the tests do in the middle of a task.
meanwhile: dict[str, Callable[[UUID], Awaitable[None]]] = {}


async def _create(work: Work, name: str, n: int) -> None:
    await writing.create(work, directory.named("enterprises"), {"name": name, "uscc": CODES[n]})


@tasks.whole("tests_create", WORD, Wanted, phases={"writing": T("写入", "Writing")})
async def create(work: Work, run: tasks.Run[Wanted]) -> tasks.Done:
    """Create enterprises in one transaction, telling of each."""
    for n, name in enumerate(run.params.names):
        await run.tell(n, len(run.params.names), "writing" if n == 0 else f"more{n}")
        await _create(work, name, n)
        if run.params.word in meanwhile:
            await meanwhile[run.params.word](run.id)
    made = tasks.Made("样例.txt", "text/plain", "写好了".encode())
    return tasks.Done({"created": len(run.params.names)}, made)


@tasks.in_parts("tests_parts", WORD, Wanted)
async def parts(run: tasks.Run[Wanted]) -> tasks.Done:
    """Create enterprises one transaction each."""
    for n, name in enumerate(run.params.names):
        if n < run.cursor.get("next", 0):
            continue
        async with run.part() as part:
            await _create(part.work, name, n)
            part.done, part.total, part.cursor = n + 1, len(run.params.names), {"next": n + 1}
        if run.params.word in meanwhile:
            await meanwhile[run.params.word](run.id)
    return tasks.Done({"next": run.cursor["next"]})


@tasks.whole("tests_refuse", WORD, Wanted)
async def refuse(work: Work, run: tasks.Run[Wanted]) -> tasks.Done:
    """Create an enterprise, then refuse; or fail outright."""
    await _create(work, "样例被拒绝公司", 0)
    if run.params.word == "defect":
        raise LookupError(run.params.word)
    raise Conflict(T("已经有「{name}」，请改名。", "“{name}” is taken; rename it."), {"name": "甲"})


@tasks.whole("tests_hang", WORD, Wanted)
async def hang(work: Work, _: tasks.Run[Wanted]) -> tasks.Done:
    """Create an enterprise, then wait for ever without a word."""
    await _create(work, "样例挂起公司", 0)
    await asyncio.Event().wait()
    return tasks.Done()


@asynccontextmanager
async def working(house: House, who: str) -> AsyncIterator[Work]:
    """Open a transaction as a request of ``who`` would."""
    claims = tokens.read(get_settings().secret(), house.tokens[who])
    async with db.transaction(claims.wall) as session:
        yield Work(session, await open_session(session, claims.session_id, claims.wall))


async def asked(
    house: House, who: str, kind: str, wanted: Wanted, subject_id: UUID | None = None
) -> tasks.TaskRun:
    async with working(house, who) as work:
        return await tasks.ask(work, kind, wanted, subject_id=subject_id, title="样例")
