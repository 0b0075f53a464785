"""What the public pages read: the projections of what was published, and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.catalogues.codes import code_label, find_codes
from app.core.clock import CIVIL, now
from app.core.text import to_taiwan, unified
from app.ledgers.needs.fields import KINDS
from app.registers.tables import Published

PER_PAGE = 20
_SCHEME = "hightech_field"
_TERMS = 8  # words of one search


@dataclass(frozen=True)
class Notice:
    """One published need or achievement as a visitor reads it."""

    id: UUID
    register: str
    title: str
    text: str
    field: str | None
    kind: str | None
    published_at: datetime

    @property
    def day(self) -> str:
        return self.published_at.astimezone(CIVIL).date().isoformat()


@dataclass(frozen=True)
class Found:
    items: list[Notice]
    total: int


def _notice(row: Published, locale: str) -> Notice:
    field = row.payload.get("field")
    kind = KINDS.get(row.payload.get("kind") or "")
    return Notice(
        id=row.record_id,
        register=row.register_name,
        title=row.payload.get("title") or "",
        text=row.payload.get("text") or "",
        field=code_label(_SCHEME, field, locale) if field else None,
        kind=kind.in_(locale) if kind else None,
        published_at=row.published_at,
    )


def _holds(word: str) -> ColumnElement[bool]:
    """Say that a notice contains ``word`` in either script, or is of a field named so."""
    spellings = {word, unified(word), to_taiwan(unified(word))}
    places = (col(Published.payload)["title"].astext, col(Published.payload)["text"].astext)
    named = [p.icontains(spelling, autoescape=True) for p in places for spelling in spellings]
    fields = [code.code for code in find_codes(_SCHEME, q=word, limit=50).items]
    return or_(*named, col(Published.payload)["field"].astext.in_(fields))


def _matching(register: str, q: str, field: str | None) -> ColumnElement[bool]:
    wanted = [col(Published.register_name) == register]
    wanted += [_holds(word) for word in q.split()[:_TERMS]]
    if field:
        wanted.append(col(Published.payload)["field"].astext == field)
    return and_(*wanted)


def _newest(statement: Select[Published]) -> Select[Published]:
    return statement.order_by(col(Published.published_at).desc(), col(Published.record_id).desc())


async def found(
    session: AsyncSession,
    register: str,
    locale: str,
    *,
    q: str = "",
    field: str | None = None,
    page: int = 1,
    limit: int = PER_PAGE,
) -> Found:
    """Return a page of what is published in a register, the newest first, and how many in all."""
    wanted = _matching(register, q, field)
    total = await session.scalar(select(func.count()).select_from(Published).where(wanted))
    statement = _newest(select(Published).where(wanted)).limit(limit).offset((page - 1) * limit)
    rows = (await session.execute(statement)).scalars()
    return Found([_notice(row, locale) for row in rows], int(total or 0))


async def one(session: AsyncSession, register: str, record_id: UUID, locale: str) -> Notice | None:
    """Return one notice; None when it is not (or no longer) published."""
    statement = select(Published).where(
        col(Published.register_name) == register, col(Published.record_id) == record_id
    )
    row = (await session.execute(statement)).scalar_one_or_none()
    return _notice(row, locale) if row else None


async def fields_of(session: AsyncSession, register: str, locale: str) -> list[tuple[str, str]]:
    """Return the fields something is published in, by code, with their names."""
    field = col(Published.payload)["field"].astext
    statement = select(field).where(col(Published.register_name) == register).distinct()
    codes = sorted(code for code in (await session.execute(statement)).scalars() if code)
    return [(code, code_label(_SCHEME, code, locale) or code) for code in codes]


async def this_month(session: AsyncSession, register: str) -> int:
    """Return how many notices of a register were published in the present civil month."""
    first = now().astimezone(CIVIL).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    statement = select(func.count()).where(
        col(Published.register_name) == register, col(Published.published_at) >= first
    )
    return int(await session.scalar(statement) or 0)
