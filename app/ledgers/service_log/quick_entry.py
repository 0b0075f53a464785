"""The route of the one-line entry: what a line was understood to say, for its author to correct."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import or_, select
from sqlmodel import col

from app.access.roles import named
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.clock import today
from app.core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import documented
from app.core.labels import T
from app.core.text import unified
from app.ledgers.enterprises.models import Enterprise
from app.ledgers.service_log import quick
from app.ledgers.service_log.fields import CHANNELS, KINDS
from app.ledgers.service_log.service import NAME
from app.registers import directory, reading
from app.registers.visibility import visible

router = APIRouter(
    prefix="/service-log",
    tags=["service-log"],
    responses=documented(Unauthenticated, Forbidden, NotFound, Invalid),
)

_ONLY = T(
    "只有{who}可以登记服务记录，请联系他们代为登记。",
    "Only {who} may log services; ask them to log it for you.",
)
_MOST = 8  # enterprises to choose from
_FEWEST = 2  # characters that name an enterprise
_PART = 4  # characters of a longer word that may be the beginning of a name
_ASKED = 6  # words of a line that are looked up


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=quick.LONGEST)


class Named(BaseModel):
    id: UUID
    label: str


class Piece(BaseModel):
    """One thing understood: the words that said it (null: nobody did), and what it is taken for."""

    field: Literal["served_on", "channel", "kind", "enterprise_ids", "title"]
    said: str | None
    label: str
    sure: bool


class Draft(BaseModel):
    served_on: date
    channel: str
    kind: str
    title: str
    enterprise_ids: list[UUID]


class Understood(BaseModel):
    draft: Draft
    pieces: list[Piece]
    enterprises: list[Named] = Field(description="Those the line may mean, the likeliest first")


@router.post(
    "/quick", operation_id="quick_entry_read", summary="What one line is understood to say"
)
async def understand(work: WorkDep, given: Line) -> Understood:
    """Read a line; nothing is written."""
    register = directory.open_to(NAME, work.actor.role)
    if work.actor.role not in register.rights.create:
        raise Forbidden(_ONLY, {"who": named(register.rights.create)})
    found = quick.read(given.text, today())
    meant = await _enterprises(work, found.rest)
    return _told(work, found, meant, quick.title_of(found, meant.said if meant.whole else None))


def _told(work: Work, found: quick.Reading, meant: "_Meant", title: str) -> Understood:
    kind, channel = KINDS[found.kind], CHANNELS[found.channel]
    chosen = meant.enterprises[:1]
    draft = Draft(
        served_on=found.served_on,
        channel=found.channel,
        kind=found.kind,
        title=title or kind.in_(work.locale),
        enterprise_ids=[one.id for one in chosen],
    )

    def piece(name: Any, words: str | None, label: str, *, sure: bool) -> Piece:
        return Piece(field=name, said=words, label=label, sure=sure)

    return Understood(
        draft=draft,
        pieces=[
            piece(
                "served_on",
                found.said_day,
                found.served_on.isoformat(),
                sure=found.said_day is not None,
            ),
            piece(
                "channel",
                found.said_channel,
                channel.in_(work.locale),
                sure=found.said_channel is not None,
            ),
            piece("kind", found.said_kind, kind.in_(work.locale), sure=found.said_kind is not None),
            piece(
                "enterprise_ids",
                meant.said,
                chosen[0].label if chosen else "",
                sure=len(chosen) == len(meant.enterprises) == 1 and meant.whole,
            ),
            piece("title", title or None, draft.title, sure=bool(title)),
        ],
        enterprises=meant.enterprises,
    )


@dataclass(frozen=True, slots=True)
class _Meant:
    """Enterprises a line may mean, and the words that said so."""

    said: str | None = None
    enterprises: list[Named] = field(default_factory=list)
    whole: bool = False  # the words are a word of the line, or an enterprise's full name


async def _enterprises(work: Work, words: Sequence[str]) -> _Meant:
    """Return the enterprises that a line may mean.

    The beginning of a longer word may be another's name: it is offered, never taken for sure.
    """
    for word in words[:_ASKED]:
        if len(word) < _FEWEST:
            continue
        if word.isascii():
            found = await _by_initials(work, word)
            if found:
                return _Meant(word, found, whole=True)
            continue
        said, found = await _by_name(work, word)
        if found:
            full = [one for one in found if unified(one.label) == unified(said)]
            return _Meant(said, full or found, whole=said == word or bool(full))
    return _Meant()


async def _by_name(work: Work, word: str) -> tuple[str, list[Named]]:
    """Return enterprises whose name holds the longest beginning of ``word`` that any name holds."""
    parts = [word] + [word[:n] for n in range(len(word) - 1, _PART - 1, -1)]
    spellings = {spelling: part for part in reversed(parts) for spelling in (part, unified(part))}
    name = col(Enterprise.name)
    register = directory.named("enterprises")
    holds = or_(*(name.contains(spelling, autoescape=True) for spelling in spellings))
    statement = select(col(Enterprise.id), name).where(holds, visible(register, work.actor))
    rows = (await work.session.execute(statement.order_by(name).limit(500))).all()
    best = max(
        (len(s) for s in spellings for _, told in rows if s in told),
        default=0,
    )
    found = [
        Named(id=one, label=told)
        for one, told in rows
        if any(len(s) == best and s in told for s in spellings)
    ]
    said = word[:best]
    return said, sorted(found, key=lambda one: (one.label != said, len(one.label)))[:_MOST]


async def _by_initials(work: Work, word: str) -> list[Named]:
    register = directory.named("enterprises")
    hits = reading.hits(register, word)
    statement = (
        select(col(Enterprise.id), col(Enterprise.name))
        .join(hits, hits.c.record_id == col(Enterprise.id))
        .where(visible(register, work.actor))
        .order_by(hits.c.rank.desc(), col(Enterprise.name))
        .limit(_MOST)
    )
    return [
        Named(id=one, label=name) for one, name in (await work.session.execute(statement)).all()
    ]
