"""The facts that conflicts are judged by, read for many people with a handful of statements.

What blocks must block whoever asks: facts of other parks are read through functions of the
database that tell narrow columns (migrations/conflict_facts.sql). Each fact remembers whether the
caller may see the record it stands in, so that no reason tells more than that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, select, text
from sqlmodel import col

from app.access.roles import Role
from app.audit.work import Work
from app.core.errors import NotFound
from app.libraries.achievements.models import AchievementState
from app.libraries.experts.models import Expert
from app.libraries.experts.register import REGISTER as EXPERTS
from app.matching.applicants import bodies_of, subject
from app.matching.assignments.models import Assignment, AssignmentState
from app.matching.conflicts import Evidence, MayRead
from app.matching.matches.models import MatchState
from app.matching.names import bare, sound_code, spellings
from app.matching.panels.models import Panel, Review
from app.matching.parties import Body, Engagement, Led, Owned, Person, person_of
from app.registers import directory
from app.registers.disclosure import visible_fields
from app.registers.fields import Disclosure
from app.registers.visibility import visible

__all__ = ["may_read", "person", "persons", "readable_to_all", "subject", "with_facts"]

_LED = text("SELECT * FROM park_led_projects(:names)")
_OWNED = text("SELECT * FROM park_owned_achievements(:experts)")
_ENGAGEMENTS = text("SELECT * FROM park_engagements(:experts)")

#: Where a project is applied for and not yet decided.
_APPLYING = frozenset({"lead", "reserve", "argumentation", "applying", "recommended"})
#: Where a project came to nothing: nobody worked together on it.
_CAME_TO_NOTHING = frozenset({"rejected"})
_TAKEN = {
    "matches": frozenset(
        {MatchState.accepted, MatchState.working, MatchState.done, MatchState.done_no_help}
    ),
    "reviews": frozenset({"accepted", "declared", "submitted", "locked", "missing"}),
}
_RUNNING = {
    "matches": frozenset({MatchState.accepted, MatchState.working}),
    "reviews": frozenset({"accepted", "declared"}),
}
#: Where nobody was asked yet, or took it on: no engagement.
_NOT_ASKED = frozenset({MatchState.proposed, MatchState.chosen, MatchState.rejected})


async def person(work: Work, expert_id: UUID) -> Person:
    """Return one expert the caller may see, with all facts. Raises NotFound."""
    found = await persons(work, [expert_id])
    if not found:
        raise NotFound
    return found[0]


async def persons(work: Work, ids: Sequence[UUID]) -> list[Person]:
    """Return those of the experts the caller may see, with all facts, in the order of ``ids``."""
    statement = select(Expert).where(col(Expert.id).in_(ids), visible(EXPERTS, work.actor))
    rows = {row.id: row for row in (await work.session.execute(statement)).scalars()}
    return await with_facts(work, [rows[one] for one in dict.fromkeys(ids) if one in rows])


async def with_facts(work: Work, rows: Sequence[Expert]) -> list[Person]:
    """Return experts already read, with what other records say of them."""
    if not rows:
        return []
    people = await _named(work, [person_of(row) for row in rows])
    led = await _led(work, people)
    owned = await _owned(work, people)
    tasks = await _engagements(work, people)
    return [
        replace(
            p,
            led=tuple(led.get(p.id, ())),
            owned=tuple(owned.get(p.id, ())),
            engagements=tuple(tasks.get(p.id, ())),
        )
        for p in people
    ]


async def _named(work: Work, people: Sequence[Person]) -> list[Person]:
    """Name organisations given by their code alone, where the ledger or another expert can."""
    bodies = [body for p in people for body in _all_bodies(p)]
    nameless = {code for b in bodies if not b.named() and (code := sound_code(b.uscc))}
    if not nameless:
        return list(people)
    known = {b.uscc: b for b in await bodies_of(work, nameless) if not b.former}
    elsewhere = select(col(Expert.organisation_uscc), col(Expert.organisation)).where(
        col(Expert.organisation_uscc).in_(nameless), col(Expert.organisation).is_not(None)
    )
    for code, name in (await work.session.execute(elsewhere)).all():
        known.setdefault(code, Body(name, code))
    return [_with_names(p, known) for p in people]


def _all_bodies(p: Person) -> list[Body]:
    held = [one.body for one in p.interests]
    return [*p.bodies, *held, *p.relatives, *p.avoided]


def _with_names(p: Person, known: Mapping[str | None, Body]) -> Person:
    def named(body: Body) -> Body:
        code = sound_code(body.uscc)
        there = known.get(code) if code and not body.named() else None
        return replace(body, name=there.name) if there else body

    return replace(
        p,
        body=named(p.body),
        jobs=tuple(replace(job, body=named(job.body)) for job in p.jobs),
        interests=tuple(replace(held, body=named(held.body)) for held in p.interests),
        relatives=tuple(map(named, p.relatives)),
        avoided=tuple(map(named, p.avoided)),
    )


async def _led(work: Work, people: Sequence[Person]) -> dict[UUID, list[Led]]:
    names = sorted(spellings({p.name for p in people}))
    found = await work.session.execute(_LED, {"names": names})
    rows = [row for row in found.mappings() if row["state"] not in _CAME_TO_NOTHING]
    seen = await _seen(work, "projects", [row["id"] for row in rows])
    called: dict[str, list[Any]] = {}
    for row in rows:
        called.setdefault(bare(row["leader_name"]), []).append(row)
    return {
        p.id: [_led_by(p, row, row["id"] in seen) for row in called.get(bare(p.name), ())]
        for p in people
    }


def _led_by(p: Person, row: Mapping[str, Any], seen: bool) -> Led:  # noqa: FBT001 -- a fact
    bodies = _written(row["undertakers"])
    words = (row["title"], row["summary"], *(row["keywords"] or ()))
    return Led(
        id=row["id"],
        bodies=bodies,
        text="\n".join(filter(None, words)),
        applying=row["state"] in _APPLYING,
        since=row["period_from"] or row["approved_on"],
        until=row["period_to"],
        certain=any(one.same_as(body) for one in p.bodies for body in bodies),
        seen=seen,
    )


def _written(told: Iterable[Mapping[str, Any]]) -> tuple[Body, ...]:
    return tuple(Body(one.get("name"), one.get("uscc")) for one in told)


async def _owned(work: Work, people: Sequence[Person]) -> dict[UUID, list[Owned]]:
    found = await work.session.execute(_OWNED, {"experts": [p.id for p in people]})
    rows = [r for r in found.mappings() if r["state"] != AchievementState.withdrawn]
    seen = await _seen(work, "achievements", [row["id"] for row in rows])
    owned: dict[UUID, list[Owned]] = {}
    for row in rows:
        firms = frozenset({row["enterprise_id"]} - {None})
        one = Owned(
            id=row["id"],
            bodies=(Body(row["owner_name"]),),
            enterprises=firms,
            since=row["recorded_on"],
            seen=row["id"] in seen,
        )
        owned.setdefault(row["expert_id"], []).append(one)
    return owned


async def _engagements(work: Work, people: Sequence[Person]) -> dict[UUID, list[Engagement]]:
    found = await work.session.execute(_ENGAGEMENTS, {"experts": [p.id for p in people]})
    rows = [row for row in found.mappings() if row["state"] not in _NOT_ASKED]
    seen: set[UUID] = set()
    for register in ("matches", "reviews"):
        ids = [row["id"] for row in rows if row["register_name"] == register]
        seen |= await _seen(work, register, ids)
    given = await _batches(work, [row["id"] for row in rows if row["register_name"] == "reviews"])
    tasks: dict[UUID, list[Engagement]] = {}
    for row in rows:
        register = row["register_name"]
        one = Engagement(
            register=register,
            id=row["id"],
            subject_id=row["subject_id"],
            on=row["asked_on"],
            accepted=row["state"] in _TAKEN[register],
            running=row["state"] in _RUNNING[register],
            enterprises=frozenset(row["enterprise_ids"]),
            bodies=_written(row["undertakers"]),
            seen=row["id"] in seen,
            batch=given.get(row["id"]),
        )
        tasks.setdefault(row["expert_id"], []).append(one)
    return tasks


async def _batches(work: Work, reviews: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the adopted assignments that gave these tasks."""
    if not reviews:
        return {}
    found = await work.session.execute(
        select(col(Review.id), col(Assignment.id))
        .join(Panel, col(Panel.id) == col(Review.panel_id))
        .join(Assignment, col(Assignment.id) == col(Panel.assignment_id))
        .where(col(Review.id).in_(reviews), _judged_together(Panel.project_id))
    )
    return {review: batch for review, batch in found.all()}  # noqa: C416 -- rows, not pairs


def _judged_together(project_id: Any) -> ColumnElement[bool]:
    return and_(
        col(Assignment.state) == AssignmentState.adopted,
        project_id == any_(col(Assignment.project_ids)),
    )


async def batch_of(work: Work, assignment_id: UUID | None, project_id: UUID | None) -> UUID | None:
    """Return the adopted assignment a project is judged with, if it really is one of its batch."""
    if assignment_id is None or project_id is None:
        return None
    statement = select(col(Assignment.id)).where(
        col(Assignment.id) == assignment_id, _judged_together(project_id)
    )
    return (await work.session.execute(statement)).scalar_one_or_none()


async def _seen(work: Work, register: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the records that the caller may see."""
    if not ids:
        return set()
    known = directory.named(register)
    statement = select(col(known.row.id)).where(
        col(known.row.id).in_(ids), visible(known, work.actor)
    )
    return set((await work.session.execute(statement)).scalars())


def may_read(role: Role) -> MayRead:
    """Return what a role may be told: findings whose evidence it reads plainly."""

    def reads(evidence: Evidence) -> bool:
        register = directory.named(evidence.register)
        if not evidence.seen or role not in register.rights.read:
            return False
        f = visible_fields(register, role).get(evidence.field)
        return f is not None and f.disclosure(role) is Disclosure.plain

    return reads


def readable_to_all(roles: Iterable[Role]) -> MayRead:
    """Return what every one of ``roles`` may be told: for a reason that is written down."""
    every = [may_read(role) for role in roles]
    return lambda evidence: all(reads(evidence) for reads in every)
