"""A need or a project as a subject: who applies, under every name they bear or bore.

Enterprises of other parks count as well; their names are read through a function of the database,
because a project may name one that the caller's wall hides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, text

from app.audit.work import Work
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.libraries.projects.service import undertakers
from app.matching.conflicts.matter import completed
from app.matching.names import sound_code
from app.matching.parties import Body, Subject

_NAMES = text("SELECT * FROM park_enterprise_names(:ids, :codes, :names)")


def texts_of(row: Need | Project) -> tuple[str, ...]:
    """Return what a need or a project says it looks for, its title first."""
    if isinstance(row, Need):
        more = [row.description, row.current_state, row.target_metrics]
    else:
        more = [row.summary]
    return (row.title, *(text for text in more if text))


async def subject(work: Work, row: Need | Project) -> Subject:
    """Return what matching and recusal need to know of a need or a project."""
    return await (_of_need(work, row) if isinstance(row, Need) else _of_project(work, row))


async def _of_need(work: Work, need: Need) -> Subject:
    applicants = await _applicants(work, [need.enterprise_id], ())
    return Subject(
        register="needs",
        id=need.id,
        label=need.title,
        texts=texts_of(need),
        keywords=tuple(need.keywords),
        field=need.hightech_field,
        bodies=applicants.bodies,
        officers=applicants.officers,
        avoided=tuple(str(expert) for expert in need.avoid_experts),
        enterprises=applicants.ids,
        region_id=need.region_id,
    )


async def _of_project(work: Work, project: Project) -> Subject:
    told = undertakers(project)
    written = [Body(u.name, u.uscc) for u in told]
    applicants = await _applicants(work, [u.enterprise_id for u in told], written)
    return Subject(
        register="projects",
        id=project.id,
        label=project.title,
        texts=texts_of(project),
        keywords=tuple(project.keywords),
        field=project.hightech_field,
        bodies=applicants.bodies,
        leader_name=project.leader_name,
        officers=applicants.officers,
        enterprises=applicants.ids,
        region_id=project.region_id,
    )


@dataclass(frozen=True, slots=True)
class Applicants:
    """Organisations under every name they bear or bore, and who represents them."""

    bodies: tuple[Body, ...]
    officers: tuple[str, ...]
    ids: frozenset[UUID]


async def _applicants(
    work: Work, ids: Iterable[UUID | None], written: Sequence[Body]
) -> Applicants:
    known = await _enterprises(
        work,
        ids=[one for one in ids if one],
        codes={code for body in written if (code := sound_code(body.uscc))},
        names={body.name for body in written if body.name},
    )
    bodies = [*written, *(_body(row) for row in known)]
    officers = {row["legal_representative"] for row in known} - {None, ""}
    return Applicants(
        bodies=completed(tuple(dict.fromkeys(bodies))),
        officers=tuple(sorted(officers)),
        ids=frozenset(row["id"] for row in known),
    )


async def bodies_of(work: Work, codes: Iterable[str]) -> list[Body]:
    """Return the enterprises of these credit codes under every name they bear or bore."""
    return [_body(row) for row in await _enterprises(work, codes=codes)]


async def _enterprises(
    work: Work,
    ids: Iterable[UUID] = (),
    codes: Iterable[str] = (),
    names: Iterable[str] = (),
) -> Sequence[RowMapping]:
    told = {"ids": list(ids), "codes": sorted(codes), "names": sorted(names)}
    return (await work.session.execute(_NAMES, told)).mappings().all()


def _body(row: RowMapping) -> Body:
    return Body(row["name"], row["uscc"], row["former"], row["since"], row["until"])
