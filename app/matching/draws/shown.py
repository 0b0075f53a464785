"""What the routes of a draw answer: its course, and its people once they may be told."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.catalogues.codes import code_label
from app.core.errors import Forbidden
from app.core.labels import T
from app.libraries.experts.models import Expert
from app.matching.drawing import bundle
from app.matching.drawing.pool import STRATA as NAMES
from app.matching.drawing.pool import Entry
from app.matching.draws import events, exclusions, service
from app.matching.draws.freezing import STRATA, said
from app.matching.draws.holding import commitments, pool_of
from app.matching.draws.lifecycle import PARTIES, STATES
from app.matching.draws.models import Draw, DrawCommitment, DrawEntry, DrawState, Party
from app.matching.draws.permissions import names_for

_FIELD = "hightech_field"
_SECRET = T(
    "名单在抽取完成前保密，任何人都不能查看；请在抽取完成后再看。",
    "The pool is secret and nobody may see it; look again once the draw is held.",
)
_WAIT = T(
    "抽取结果待复核放行；此前只有中心和见证的管委会可以查看，请在放行后再看。",
    "The result awaits its release; until then only the centre and the witnessing committee see"
    " it.",
)
_VOID = T(
    "本次抽取未经复核放行即已作废；只有中心和见证的管委会可以查看，请联系他们了解。",
    "The draw was voided before its release; only the centre and the witnessing committee see it,"
    " so ask them.",
)


class Count(BaseModel):
    code: str
    label: str
    count: int


class SeatShown(BaseModel):
    number: int
    needs: list[str]
    label: str


class PromiseShown(BaseModel):
    party: str
    label: str
    name: str
    hash: str
    committed_at: str
    revealed_at: str | None


class EventShown(BaseModel):
    seq: int
    at: str
    kind: str
    label: str
    detail: str | None = Field(description="Which party, or which seat")
    facts: dict[str, Any]
    hash: str


class Course(BaseModel):
    """How a draw came about so far, without a name."""

    id: UUID
    state: str
    root: str | None
    terms_hash: str | None
    terms: dict[str, Any] | None
    fields: list[str] = Field(description="The fields drawn from, by name; none: all")
    size: int | None = Field(description="Experts in the pool")
    qualified: int | None
    seats: list[SeatShown] = Field(description="In the order in which they are filled")
    strata: list[Count] = Field(description="Qualified experts of each kind")
    excluded: list[Count] = Field(description="One expert may be excluded by several rules")
    commitments: list[PromiseShown]
    events: list[EventShown]


class PersonShown(BaseModel):
    """Somebody in the pool, once the draw is held."""

    place: int | None = Field(description="In the order that chance gave; null: excluded")
    kind: str | None = Field(description="member, alternate; null: neither")
    seat: int | None
    pseudonym: str
    expert_id: UUID
    name: str | None
    organisation: str | None
    strata: list[str]
    excluded: list[Count]
    reasons: list[str]
    gone: bool


class People(BaseModel):
    members: list[PersonShown]
    alternates: list[PersonShown]
    pool: list[PersonShown]


async def course(work: Work, draw: Draw) -> Course:
    """Return how a draw came about so far."""
    entries = await pool_of(work, draw) if draw.root else []
    log = await events.read(work, draw.id)
    if not names_for(work.actor, draw):
        log = [event for event in log if event["kind"] != events.SEATED]
    return Course(
        id=draw.id,
        state=DrawState(draw.state).value,
        root=draw.root,
        terms_hash=draw.terms_hash,
        terms=draw.terms,
        fields=fields_of(draw.terms, work.locale),
        size=draw.pool_size,
        qualified=draw.qualified,
        seats=_seats(work, draw),
        strata=_strata(work, entries),
        excluded=_excluded(work, entries),
        commitments=[_promise(work, one) for one in await commitments(work, draw)],
        events=[_event(work, event) for event in log],
    )


def fields_of(terms: dict[str, Any] | None, locale: str) -> list[str]:
    """Return what the fields are called that a draw was held from."""
    codes = (terms or {}).get("fields", ())
    return [code_label(_FIELD, code, locale) or code for code in codes]


def _seats(work: Work, draw: Draw) -> list[SeatShown]:
    seats = bundle.seats_of(draw.terms) if draw.terms else []
    return [
        SeatShown(number=n, needs=sorted(s.needs), label=said(s.needs).in_(work.locale))
        for n, s in enumerate(seats, 1)
    ]


def _strata(work: Work, entries: Sequence[Entry]) -> list[Count]:
    """Count the qualified of each kind."""
    free = [e for e in entries if not e.excluded]
    return [
        Count(
            code=one,
            label=STRATA[one].in_(work.locale),
            count=sum(one in e.strata for e in free),
        )
        for one in NAMES
    ]


def _excluded(work: Work, entries: Sequence[Entry]) -> list[Count]:
    codes = Counter(code for e in entries for code in e.excluded)
    return [_count(work, code, codes[code]) for code in sorted(codes)]


def _promise(work: Work, one: DrawCommitment) -> PromiseShown:
    return PromiseShown(
        party=one.party,
        label=PARTIES[Party(one.party)].in_(work.locale),
        name=one.account_name,
        hash=one.hash,
        committed_at=one.committed_at.isoformat(),
        revealed_at=one.revealed_at.isoformat() if one.revealed_at else None,
    )


def _count(work: Work, code: str, count: int) -> Count:
    return Count(code=code, label=exclusions.label(code).in_(work.locale), count=count)


def _event(work: Work, event: dict[str, Any]) -> EventShown:
    label = events.LABELS.get(event["kind"])
    about = events.detail(event["kind"], event["facts"])
    return EventShown(
        seq=event["seq"],
        at=event["at"],
        kind=event["kind"],
        label=label.in_(work.locale) if label else event["kind"],
        detail=about.in_(work.locale) if about else None,
        facts=event["facts"],
        hash=event["hash"],
    )


def require_names(work: Work, draw: Draw) -> None:
    """Raise Forbidden while the actor may not be told who was drawn."""
    if names_for(work.actor, draw):
        return
    if draw.seed and draw.state == DrawState.void:
        raise Forbidden(_VOID)
    raise Forbidden(_WAIT if draw.seed else _SECRET)


async def people(work: Work, draw: Draw) -> People:
    """Return who was in the pool and who was drawn. Raises Forbidden."""
    require_names(work, draw)
    standing = await service.stand(work, draw)
    places = {e.id: n for n, e in enumerate(standing.order, 1)}
    rows = await work.session.execute(
        select(DrawEntry, col(Expert.name), col(Expert.organisation))
        .outerjoin(Expert, col(Expert.id) == col(DrawEntry.expert_id))
        .where(col(DrawEntry.record_id) == draw.id)
        .order_by(col(DrawEntry.pseudonym))
    )
    found = []
    after = [one for one in standing.spare if one not in standing.panel]
    for entry, name, organisation in rows.all():
        seat = standing.seat_of(entry.pseudonym)
        kind = "member" if seat is not None else "alternate" if entry.pseudonym in after else None
        found.append(
            PersonShown(
                place=places.get(entry.pseudonym),
                kind=kind,
                seat=seat + 1 if seat is not None else None,
                pseudonym=entry.pseudonym,
                expert_id=entry.expert_id,
                name=name,
                organisation=organisation,
                strata=entry.strata,
                excluded=[_count(work, code, 1) for code in entry.excluded],
                reasons=[one.get(work.locale, "") for one in entry.findings],
                gone=entry.pseudonym in standing.gone,
            )
        )
    found.sort(key=lambda one: (one.place is None, one.place or 0, one.pseudonym))
    members = sorted((p for p in found if p.kind == "member"), key=lambda p: p.seat or 0)
    return People(
        members=members,
        alternates=[p for p in found if p.kind == "alternate" and not p.gone],
        pool=found,
    )


def state_label(state: str, locale: str) -> str:
    return STATES[DrawState(state)].label.in_(locale)
