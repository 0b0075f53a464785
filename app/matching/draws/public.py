"""Draws for everybody, without signing in: root and promises first, in the end all of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select, tuple_
from sqlmodel import col

from app.audit.requests import DoorDep
from app.core.errors import BadRequest, NotFound
from app.core.http import documented, locale_of
from app.core.labels import T
from app.matching import published_names
from app.matching.drawing import script
from app.matching.draws import events, shown
from app.matching.draws.lifecycle import PARTIES
from app.matching.draws.models import Party, PublishedDraw
from app.matching.draws.router import bundle_answer

router = APIRouter(
    prefix="/public/draws", tags=["public"], responses=documented(NotFound, BadRequest)
)

_BAD_CURSOR = T("翻页标记无效，请从第一页重新开始。", "The cursor is not valid; start again.")


class PublicDraw(BaseModel):
    id: UUID
    title: str
    node: str
    state: str
    state_label: str
    root: str | None
    since: datetime
    published_at: datetime | None


class PublicDraws(BaseModel):
    items: list[PublicDraw]
    next: str | None


class PublicPromise(BaseModel):
    party: str
    label: str
    hash: str
    committed_at: datetime
    nonce: str | None
    revealed_at: datetime | None


class PublicEvent(BaseModel):
    seq: int
    at: str
    kind: str
    label: str
    detail: str | None = Field(description="Which party, or which seat")
    hash: str


class PublicSeat(BaseModel):
    kind: str = Field(description="member or alternate")
    position: int
    pseudonym: str | None = Field(description="null: the seat could not be filled again")
    name: str | None = Field(description="Only of those who agreed to it")
    drawn: str | None = Field(
        default=None, description="Who was drawn for the seat, where another sits in it now"
    )


class PublicVoid(BaseModel):
    reason: str
    at: datetime | None


class PublicDrawDetail(PublicDraw):
    terms_hash: str | None
    terms: dict[str, Any] | None
    fields: list[str] = Field(description="The fields drawn from, by name; none: all")
    pool_size: int | None
    qualified: int | None
    commitments: list[PublicPromise]
    reveal_due_at: datetime | None
    beacon_value: str | None
    seed: str | None
    log: list[PublicEvent]
    result: list[PublicSeat] | None
    digest: str | None = Field(description="Of the bundle")
    void: PublicVoid | None
    supersedes: UUID | None
    ordered_by: str | None
    redraw_reason: str | None
    bundle_url: str | None
    verifier_url: str


@router.get("", operation_id="public_draws", summary="Draws, to anybody")
async def list_draws(
    request: Request,
    session: DoorDep,
    after: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> PublicDraws:
    key = tuple_(col(PublishedDraw.since), col(PublishedDraw.record_id))
    statement = select(PublishedDraw)
    if after:
        statement = statement.where(key < tuple_(*_position(after)))
    statement = statement.order_by(
        col(PublishedDraw.since).desc(), col(PublishedDraw.record_id).desc()
    ).limit(limit + 1)
    found = list((await session.execute(statement)).scalars())
    page = found[:limit]
    more = f"{page[-1].since.isoformat()}_{page[-1].record_id}" if len(found) > limit else None
    locale = locale_of(request)
    return PublicDraws(items=[PublicDraw(**_summary(one, locale)) for one in page], next=more)


def _summary(found: PublishedDraw, locale: str) -> dict[str, Any]:
    told = found.payload
    return {
        "id": found.record_id,
        "title": told["title"],
        "node": told["node"],
        "state": told["state"],
        "state_label": shown.state_label(told["state"], locale),
        "root": told["root"],
        "since": found.since,
        "published_at": told["published_at"],
    }


def _position(after: str) -> tuple[datetime, UUID]:
    at, _, record_id = after.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(record_id)
    except ValueError as exc:
        raise BadRequest(_BAD_CURSOR) from exc


@router.get(f"/{script.NAME}", operation_id="public_draw_verifier", summary="The verifier itself")
async def read_verifier() -> Response:
    name = f"attachment; filename={script.NAME}"
    return Response(
        script.verifier().read_bytes(),
        media_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": name},
    )


@router.get("/{id}", operation_id="public_draw", summary="One draw, to anybody")
async def read_draw(request: Request, session: DoorDep, id: UUID) -> PublicDrawDetail:  # noqa: A002
    found = await _published(session, id)
    locale, told = locale_of(request), found.payload
    names = await published_names.told(session, id)
    base = request.url.path.rsplit("/", 1)[0]
    kept = ("terms_hash", "terms", "pool_size", "qualified", "reveal_due_at", "beacon_value")
    return PublicDrawDetail(
        **_summary(found, locale),
        **{name: told[name] for name in (*kept, "seed", "void", "supersedes", "ordered_by")},
        redraw_reason=told.get("redraw_reason"),
        fields=shown.fields_of(told["terms"], locale),
        commitments=[
            PublicPromise(label=PARTIES[Party(one["party"])].in_(locale), **one)
            for one in told["commitments"]
        ],
        log=[_event(event, locale) for event in told["log"]],
        result=_result(told.get("result"), names),
        digest=told.get("digest"),
        bundle_url=f"{base}/{id}/bundle.json" if found.bundle else None,
        verifier_url=f"{base}/{script.NAME}",
    )


def _result(told: list[dict[str, Any]] | None, names: Mapping[str, str]) -> list[PublicSeat] | None:
    if told is None:
        return None
    return [PublicSeat(**seat, name=names.get(seat["pseudonym"])) for seat in told]


def _event(told: dict[str, Any], locale: str) -> PublicEvent:
    kind, about = told["kind"], told.get("about")
    detail = events.detail(kind, about) if about else None
    return PublicEvent(
        seq=told["seq"],
        at=told["at"],
        kind=kind,
        label=events.LABELS[kind].in_(locale) if kind in events.LABELS else kind,
        detail=detail.in_(locale) if detail else None,
        hash=told["hash"],
    )


@router.get("/{id}/bundle.json", operation_id="public_draw_bundle", summary="What anybody verifies")
async def read_public_bundle(session: DoorDep, id: UUID) -> Response:  # noqa: A002
    found = await _published(session, id)
    if found.bundle is None:
        raise NotFound
    return bundle_answer(found.bundle.encode(), id)


async def _published(session: DoorDep, draw_id: UUID) -> PublishedDraw:
    found = (
        await session.execute(select(PublishedDraw).where(col(PublishedDraw.record_id) == draw_id))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
