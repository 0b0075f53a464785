"""Tasks that only the tests know; importing this declares them."""

import asyncio
import os
from uuid import UUID

from sqlalchemy import text

from app.core import db, jobs

_NOTE = text("INSERT INTO jobs_noted (word) VALUES (:word)")


async def note(word: str) -> None:
    async with db.transaction("staff") as session:
        await session.execute(_NOTE, {"word": word})


@jobs.task("tests.note")
async def note_id(record_id: UUID) -> None:
    """Note the id, whose type must have come through the queue."""
    assert isinstance(record_id, UUID)
    await note(str(record_id))


@jobs.task("tests.fail_first")
async def fail_first(word: str) -> None:
    """Fail until somebody has noted ``word``."""
    async with db.transaction("staff") as session:
        noted = await session.scalar(
            text("SELECT count(*) FROM jobs_noted WHERE word = :word"), {"word": word}
        )
    if not noted:
        raise ValueError(word)
    await note(f"{word} at last")


@jobs.task("tests.hang")
async def hang(word: str) -> None:
    """Note that it began, then wait for ever, unless it began before."""
    async with db.transaction("staff") as session:
        begun = await session.scalar(
            text("SELECT count(*) FROM jobs_noted WHERE word = :word"), {"word": word}
        )
    await note(word)
    if not begun:
        await asyncio.Event().wait()


def squares(count: int, report: object) -> list[int]:
    """Reckon beside the event loop and tell of each step."""
    assert callable(report)
    found = []
    for n in range(count):
        found.append(n * n)
        report(n)
    return found


def refuse(word: str, report: object) -> None:
    raise LookupError(word)


def vanish(report: object) -> None:
    os._exit(7)


def spin(report: object) -> None:
    assert callable(report)
    report(os.getpid())
    while True:
        pass
