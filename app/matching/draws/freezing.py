"""Freezing: the pool is written down under one root, with all that is settled before the draw.

From here on nothing of it can be changed; only the root is known.
"""

import hashlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import col

from app.access.tables import Organisation
from app.audit.work import Work
from app.core.clock import now, today
from app.core.errors import Conflict
from app.core.labels import T
from app.libraries.experts.models import Expert, Expertise
from app.matching.drawing import merkle, pool, script
from app.matching.drawing import seats as seating
from app.matching.drawing.bundle import terms
from app.matching.drawing.canonical import sha
from app.matching.drawing.pool import FINANCE, OFFSITE, TECHNICAL, Entry
from app.matching.drawing.seats import Quotas
from app.matching.draws import events, former, judging, matter, units
from app.matching.draws.acts import RELEASE
from app.matching.draws.judging import Judged
from app.matching.draws.models import Draw, DrawEntry, DrawMethod
from app.registers.approvals.service import ask
from app.registers.register import Change

_MANY = 1000  # rows a statement
_CITY = 4  # digits of a division code that name the city

_TOO_FEW_SEATS = T(
    "名额要求超过了席位总数：技术专家至少 {technical} 人、财务专家至少 {finance} 人、异地专家至少 "
    "{offsite} 人，共 {size} 席。请减少名额或增加席位。",
    "The quotas ask for more than there are seats: technical {technical}, finance {finance},"
    " off-site {offsite}, of {size}. Lower the quotas, or add seats.",
)
_SHORT = T(
    "名单不足以保证名额：要求「{needs}」的席位可由 {places} 人出任，"
    "为使任何顺序都能抽满，至少需要 {wanted} 人（每单位最多 {most} 人）。"
    "请放宽条件或调整名额。",
    "The pool cannot guarantee the quotas: {places} could take the seat that needs {needs}; for"
    " every order to fill it there must be {wanted} (at most {most} of a unit). Widen the pool"
    " or change the quotas.",
)
STRATA: dict[str, T] = {
    TECHNICAL: T("技术", "technical"),
    FINANCE: T("财务", "finance"),
    OFFSITE: T("异地", "off-site"),
}
_ANYBODY = T("不限", "nothing in particular")


def quotas_of(draw: Draw) -> Quotas:
    return Quotas(
        draw.size,
        draw.per_unit_max,
        draw.technical_min_percent,
        draw.finance_min,
        draw.offsite_min,
    )


def said(needs: Sequence[str] | frozenset[str]) -> T:
    """Return what a seat asks for, in words."""
    told = [STRATA[need] for need in sorted(needs)]
    if not told:
        return _ANYBODY
    return T("、".join(t.zh for t in told), " and ".join(t.en for t in told))


async def on_freeze(work: Work, change: Change[Draw]) -> None:
    """Build the pool, seal it, and keep only its root to be shown. Raises Conflict."""
    draw = change.row
    await matter.require_operator(work)
    await former.require_named(work, draw)
    day = draw.review_on or today()
    people, rules, ranked_by = await judging.everybody(work, draw, day)
    city = await _city(work, draw)
    entries = _entries(people, city)
    seats = _seats(draw, [entry for entry, _ in entries])
    further = await _further(work, draw, rules, ranked_by, city)
    told = terms(
        str(draw.id),
        seats=seats,
        per_unit_max=draw.per_unit_max,
        alternates=draw.alternates,
        parties=["operator", "witness"] if draw.method == DrawMethod.commit_reveal else [],
        further=further,
    )
    draw.root = await _keep(work, draw, people, entries)
    draw.terms, draw.terms_hash, draw.rules_version = told, sha(told), rules
    draw.pool_size = len(people)
    draw.qualified = sum(1 for one in people if not one.excluded)
    draw.frozen_at, draw.frozen_by_id, draw.frozen_by = (
        now(),
        work.actor.account_id,
        work.actor.name,
    )
    await events.write(work, draw, events.FROZEN, {"root": draw.root, "terms": draw.terms_hash})
    await ask(work, RELEASE, record_id=draw.id, node_id=draw.node_id, label=draw.title)


async def _city(work: Work, draw: Draw) -> str | None:
    """Return the city in which the review is held: as written, else where the park lies."""
    code = draw.division_code
    if code is None:
        code = await work.session.scalar(
            select(col(Organisation.host_division_code)).where(col(Organisation.id) == draw.node_id)
        )
    return code[:_CITY] if code else None


def _entries(people: Sequence[Judged], city: str | None) -> list[tuple[Entry, str]]:
    """Return each one's entry and the secret that binds it to them."""
    named = units.pseudonyms([one.person for one in people])
    found = []
    for one, unit in zip(people, named, strict=True):
        secret = pool.fresh()
        entry = Entry(
            id=pool.pseudonym(one.row.id, secret),
            unit=unit,
            strata=strata_of(one.row, city),
            excluded=tuple(sorted(set(one.excluded))),
            salt=pool.fresh(),
        )
        found.append((entry, secret))
    return found


def strata_of(row: Expert, city: str | None) -> tuple[str, ...]:
    """Return what an expert counts as.

    Expertise as declared; with none declared, a technical field makes a technical expert. Off-site
    is who works in another city than the review's; where either is unknown, nobody is off-site.
    """
    found = []
    declared = set(row.expertise)
    if Expertise.technical in declared or (not declared and row.hightech_fields):
        found.append(TECHNICAL)
    if Expertise.finance in declared:
        found.append(FINANCE)
    if city and row.division_code and row.division_code[:_CITY] != city:
        found.append(OFFSITE)
    return tuple(sorted(found))


def _seats(draw: Draw, entries: Sequence[Entry]) -> list[seating.Seat]:
    """Return the seats in the order they are filled. Raises Conflict if one could stay empty."""
    quotas = quotas_of(draw)
    try:
        seats, short = seating.plan(quotas, entries)
    except seating.TooFewSeats as exc:
        raise Conflict(
            _TOO_FEW_SEATS,
            {
                "technical": quotas.technical_min,
                "finance": quotas.finance_min,
                "offsite": quotas.offsite_min,
                "size": quotas.size,
            },
        ) from exc
    if short:
        raise Conflict(
            _SHORT,
            {
                "needs": said(short.needs),
                "places": short.places,
                "wanted": short.wanted,
                "most": quotas.per_unit_max,
            },
        )
    return seats


async def _further(
    work: Work, draw: Draw, rules: str, ranked_by: dict[str, Any], city: str | None
) -> dict[str, Any]:
    """Return what else is settled: it binds, and an outsider may read it."""
    return {
        "title": draw.title,
        "node": await matter.node_name(work, draw),
        "method": DrawMethod(draw.method).value,
        "beacon": draw.beacon,
        "reveal_within_hours": draw.reveal_within_hours,
        "review_on": draw.review_on.isoformat() if draw.review_on else None,
        "city": city,
        "quotas": {
            "size": draw.size,
            "technical_min_percent": draw.technical_min_percent,
            "finance_min": draw.finance_min,
            "offsite_min": draw.offsite_min,
        },
        "fields": list(draw.hightech_fields),
        "top_n": draw.top_n,
        "ranked_by": ranked_by,
        "rules": rules,
        "software": _software(),
        "verifier": hashlib.sha256(script.verifier().read_bytes()).hexdigest(),
        "supersedes": str(draw.supersedes_id) if draw.supersedes_id else None,
        "ordered_by": draw.ordered_by,
        "redraw_reason": draw.redraw_reason,
        "earlier": await former.earlier(work, draw),
    }


def _software() -> str:
    try:
        return version("park-platform")
    except PackageNotFoundError:
        return "unreleased"


async def _keep(
    work: Work, draw: Draw, people: Sequence[Judged], entries: Sequence[tuple[Entry, str]]
) -> str:
    """Write the pool down; return its root. Each entry keeps the proof that it is under it."""
    placed = sorted(zip(people, entries, strict=True), key=lambda one: one[1][0].id)
    leaves = [merkle.leaf(entry.told()) for _, (entry, _) in placed]
    proofs = merkle.proofs(leaves)
    rows = [
        {
            "region_id": draw.region_id,
            "node_id": draw.node_id,
            "register_name": "draws",
            "record_id": draw.id,
            "pseudonym": entry.id,
            "expert_id": one.row.id,
            "secret": secret,
            "salt": entry.salt,
            "unit": entry.unit,
            "strata": sorted(entry.strata),
            "excluded": sorted(entry.excluded),
            "findings": one.findings,
            "proof": [[step.side, step.hash] for step in proof],
        }
        for (one, (entry, secret)), proof in zip(placed, proofs, strict=True)
    ]
    for start in range(0, len(rows), _MANY):
        await work.session.execute(insert(DrawEntry).inline(), rows[start : start + _MANY])
    return merkle.root(leaves)
