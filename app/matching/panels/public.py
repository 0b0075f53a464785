"""Results of panels for everybody, without signing in: what the centre has announced."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.audit.requests import DoorDep
from app.core.clock import CIVIL
from app.core.errors import NotFound
from app.core.http import documented, locale_of
from app.matching import published_names
from app.matching.panels.announcing import CHAIR, NAME
from app.matching.panels.models import Opinion
from app.matching.panels.review_lifecycle import OPINIONS
from app.registers.tables import Published

router = APIRouter(prefix="/public/panels", tags=["public"], responses=documented(NotFound))
PER_PAGE = 20


class PublicVote(BaseModel):
    opinion: Opinion
    label: str
    count: int


class PublicResult(BaseModel):
    """One result as anybody reads it."""

    id: UUID
    title: str
    text: str
    conclusion: Opinion
    conclusion_label: str
    reviews: int = Field(description="How many judged")
    least: int = Field(description="How many members the panel was to have at least")
    votes: list[PublicVote] | None = Field(description="Where few judged, or against the votes")
    chair: str | None = Field(description="By name, if named and agreed to")
    reviewers: list[str] = Field(description="The others who agreed to be named")
    announced_at: datetime

    @property
    def day(self) -> str:
        return self.announced_at.astimezone(CIVIL).date().isoformat()


class PublicResults(BaseModel):
    items: list[PublicResult]
    total: int


@dataclass(frozen=True, slots=True)
class _Names:
    chair: str | None
    others: list[str]


@router.get("", operation_id="public_panels", summary="Announced results of panels, to anybody")
async def list_results(
    request: Request,
    session: DoorDep,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> PublicResults:
    return await results(session, locale_of(request), page)


@router.get("/{id}", operation_id="public_panel", summary="One announced result, to anybody")
async def read_result(request: Request, session: DoorDep, id: UUID) -> PublicResult:  # noqa: A002
    found = await result(session, locale_of(request), id)
    if found is None:
        raise NotFound
    return found


async def results(
    session: AsyncSession, locale: str, page: int = 1, limit: int = PER_PAGE
) -> PublicResults:
    """Return a page of what is announced, the newest first, and how much there is in all."""
    ours = col(Published.register_name) == NAME
    total = await session.scalar(select(func.count()).select_from(Published).where(ours))
    newest = (col(Published.published_at).desc(), col(Published.record_id).desc())
    statement = select(Published).where(ours).order_by(*newest)
    rows = (await session.execute(statement.limit(limit).offset((page - 1) * limit))).scalars()
    nobody = _Names(None, [])
    return PublicResults(items=[_shown(row, locale, nobody) for row in rows], total=int(total or 0))


async def result(session: AsyncSession, locale: str, panel_id: UUID) -> PublicResult | None:
    """Return one announced result; None of what is not, or no longer, announced."""
    statement = select(Published).where(
        col(Published.register_name) == NAME, col(Published.record_id) == panel_id
    )
    row = (await session.execute(statement)).scalar_one_or_none()
    if row is None:
        return None
    names = await published_names.told(session, panel_id)
    chair = names.pop(CHAIR, None)
    others = [names[place] for place in sorted(names, key=int)]
    return _shown(row, locale, _Names(chair, others))


def _shown(row: Published, locale: str, names: _Names) -> PublicResult:
    told: dict[str, Any] = row.payload
    votes = told["votes"]
    return PublicResult(
        id=row.record_id,
        title=told["title"],
        text=told["text"],
        conclusion=told["conclusion"],
        conclusion_label=OPINIONS[told["conclusion"]].in_(locale),
        reviews=told["reviews"],
        least=told["least"],
        votes=[
            PublicVote(opinion=Opinion(one), label=OPINIONS[one].in_(locale), count=count)
            for one, count in votes.items()
        ]
        if votes
        else None,
        chair=names.chair,
        reviewers=names.others,
        announced_at=row.published_at,
    )
