"""HTTP for draws besides the register's own: course, people, bundle, an expert's proof."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from app.access.roles import Role, named
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Forbidden, NotFound
from app.core.http import documented
from app.core.labels import T
from app.matching.draws import exclusions, matter, publishing, service, shown
from app.matching.draws.models import DrawEntry, PublishedDraw
from app.registers.directory import open_to

router = APIRouter(prefix="/draws", tags=["draws"], responses=documented(Forbidden, NotFound))

_ONLY = T(
    "只有{who}可以索取自己的入册证明，请由本人登录后索取。",
    "Only {who} may ask for their own proof, signed in as themselves.",
)
_EXPERTS = frozenset({Role.expert})


class MyDraw(BaseModel):
    id: UUID
    title: str
    state: str
    state_label: str


class MyDraws(BaseModel):
    items: list[MyDraw]


class ProofShown(BaseModel):
    """Everything an expert needs to check, alone, that they were in the frozen pool and as what."""

    draw_id: UUID
    title: str
    state: str
    root: str
    terms_hash: str
    entry: dict[str, Any] = Field(description="The leaf: hashed as canonical JSON of [leaf, entry]")
    steps: list[list[str | None]] = Field(description="[side, hash] from leaf to root")
    secret: str = Field(description="SHA-256 of park-draw-v1|expert|secret is the pseudonym")
    expert_id: UUID
    qualified: bool
    excluded: list[shown.Count]
    reasons: list[str]


@router.get("/mine", operation_id="my_draws", summary="Draws in whose pool I was")
async def list_my_draws(work: WorkDep) -> MyDraws:
    _require_expert(work)
    rows = await work.session.execute(
        select(col(PublishedDraw.record_id), col(PublishedDraw.payload))
        .join(DrawEntry, col(DrawEntry.record_id) == col(PublishedDraw.record_id))
        .where(col(DrawEntry.expert_id) == work.actor.party_id)
        .order_by(col(PublishedDraw.since).desc(), col(PublishedDraw.record_id))
    )
    return MyDraws(
        items=[
            MyDraw(
                id=draw_id,
                title=told["title"],
                state=told["state"],
                state_label=shown.state_label(told["state"], work.locale),
            )
            for draw_id, told in rows.all()
        ]
    )


@router.get("/{id}/my-proof", operation_id="my_draw_proof", summary="That I was in the frozen pool")
async def read_my_proof(work: WorkDep, id: UUID) -> ProofShown:  # noqa: A002 -- the path's name
    expert = _require_expert(work)
    return proof_shown(work, await service.proof_for(work, id, expert), expert)


def proof_shown(work: Work, proof: service.Proof, expert_id: UUID) -> ProofShown:
    """Return a proof in the reader's words."""
    codes = proof.entry["excluded"]
    return ProofShown(
        draw_id=proof.draw_id,
        title=proof.title,
        state=proof.state,
        root=proof.root,
        terms_hash=proof.terms_hash,
        entry=dict(proof.entry),
        steps=proof.steps,
        secret=proof.secret,
        expert_id=expert_id,
        qualified=not codes,
        excluded=[
            shown.Count(code=code, label=exclusions.label(code).in_(work.locale), count=1)
            for code in codes
        ],
        reasons=[one.get(work.locale, "") for one in proof.findings],
    )


def _require_expert(work: Work) -> UUID:
    if work.actor.role is not Role.expert or work.actor.party_id is None:
        raise Forbidden(_ONLY, {"who": named(_EXPERTS)})
    return work.actor.party_id


@router.get("/{id}/course", operation_id="draws_course", summary="How a draw came about, no names")
async def read_course(work: WorkDep, id: UUID) -> shown.Course:  # noqa: A002
    open_to(matter.NAME, work.actor.role)
    return await shown.course(work, await matter.draw_of(work, id))


@router.get("/{id}/people", operation_id="draws_people", summary="Who was in the pool, who drawn")
async def read_people(work: WorkDep, id: UUID) -> shown.People:  # noqa: A002
    open_to(matter.NAME, work.actor.role)
    draw = await matter.draw_of(work, id)
    found = await shown.people(work, draw)
    await work.note(
        "draws.people",
        register=matter.NAME,
        record_id=draw.id,
        record_label=draw.title,
        node_id=draw.node_id,
        detail={"pool": len(found.pool)},
    )
    return found


@router.get("/{id}/bundle.json", operation_id="draws_bundle", summary="The bundle, to be verified")
async def read_bundle(work: WorkDep, id: UUID) -> Response:  # noqa: A002
    open_to(matter.NAME, work.actor.role)
    draw = await matter.draw_of(work, id)
    shown.require_names(work, draw)
    return bundle_answer(await publishing.bundle_of(work, draw), id)


def bundle_answer(bundle: bytes, draw_id: UUID) -> Response:
    """Return a bundle as a file to keep."""
    name = f"attachment; filename=draw-{draw_id}.json"
    return Response(bundle, media_type="application/json", headers={"Content-Disposition": name})
