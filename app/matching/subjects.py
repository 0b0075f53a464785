"""The need or project that looks for somebody, read from its record."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access.roles import CENTRE, Role, named
from app.audit.work import Work
from app.core.errors import Conflict, Forbidden
from app.core.labels import T
from app.ledgers.enterprises.models import Enterprise
from app.ledgers.needs.models import Need, NeedState
from app.libraries.projects.models import Project, ProjectState
from app.libraries.projects.service import undertakers
from app.matching.parties import Body, Subject
from app.registers import directory, reading

#: Who looks for help on somebody's behalf.
MATCHERS = CENTRE | {Role.station_staff}

#: Where somebody is being looked for, or may still be needed besides.
OPEN_NEEDS = frozenset(
    {
        NeedState.accepted,
        NeedState.published,
        NeedState.matching,
        NeedState.matched,
        NeedState.in_progress,
        NeedState.escalated,
    }
)
CLOSED_PROJECTS = frozenset({ProjectState.rejected, ProjectState.archived, ProjectState.terminated})

_ONLY = T("只有{who}可以发起对接。", "Only {who} may look for candidates.")
_NOT_OPEN = T(
    "这条记录的当前状态不能对接：需求应已受理且未办结，项目应未终结。",
    "Nobody can be matched to it now: a need must be accepted and not yet settled,"
    " a project not ended.",
)


def require_matcher(work: Work) -> None:
    """Raise Forbidden unless the actor may look for candidates."""
    if work.actor.role not in MATCHERS:
        raise Forbidden(_ONLY, {"who": named(MATCHERS)})


async def need_of(work: Work, need_id: UUID) -> Need:
    """Return a need the actor may see. Raises NotFound."""
    found: Need = await reading.row_of(work, directory.named("needs"), need_id)
    return found


async def project_of(work: Work, project_id: UUID) -> Project:
    """Return a project the actor may see. Raises NotFound."""
    found: Project = await reading.row_of(work, directory.named("projects"), project_id)
    return found


def require_open(row: Need | Project) -> None:
    """Raise Conflict unless somebody may be matched to the need or project in its state."""
    if not _is_open(row):
        raise Conflict(_NOT_OPEN)


def _is_open(row: Need | Project) -> bool:
    if isinstance(row, Need):
        return row.state in OPEN_NEEDS
    return row.state not in CLOSED_PROJECTS


async def subject_of(work: Work, row: Need | Project) -> Subject:
    """Return what matching needs to know of a need or a project."""
    return await _of_need(work, row) if isinstance(row, Need) else await _of_project(work, row)


async def _of_need(work: Work, need: Need) -> Subject:
    texts = (need.title, need.description, need.current_state, need.target_metrics)
    return Subject(
        register="needs",
        id=need.id,
        label=need.title,
        texts=tuple(text for text in texts if text),
        keywords=tuple(need.keywords),
        field=need.hightech_field,
        bodies=await _enterprises(work, [need.enterprise_id]),
        avoided=tuple(str(expert) for expert in need.avoid_experts),
    )


async def _of_project(work: Work, project: Project) -> Subject:
    told = undertakers(project)
    named_there = tuple(Body(u.name, u.uscc) for u in told)
    return Subject(
        register="projects",
        id=project.id,
        label=project.title,
        texts=tuple(text for text in (project.title, project.summary) if text),
        keywords=tuple(project.keywords),
        field=project.hightech_field,
        bodies=named_there + await _enterprises(work, [u.enterprise_id for u in told]),
        leader_name=project.leader_name,
    )


async def _enterprises(work: Work, ids: list[UUID | None]) -> tuple[Body, ...]:
    """Return the enterprises under every name they bear or bore."""
    found = await work.session.execute(
        select(Enterprise).where(col(Enterprise.id).in_([i for i in ids if i]))
    )
    return tuple(
        Body(name, enterprise.uscc)
        for enterprise in found.scalars()
        for name in (enterprise.name, *enterprise.former_names)
    )
