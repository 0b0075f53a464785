"""The need or project that looks for somebody, read from its record."""

from uuid import UUID

from app.access.roles import CENTRE, Role, named
from app.audit.work import Work
from app.core.errors import Conflict, Forbidden
from app.core.labels import T
from app.ledgers.needs.models import Need, NeedState
from app.libraries.projects.models import Project, ProjectState
from app.matching import applicants
from app.matching.parties import Subject
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

_ONLY = T(
    "只有{who}可以发起对接，请联系他们办理。",
    "Only {who} may look for candidates; ask one of them.",
)
_NOT_OPEN = T(
    "这条记录的当前状态不能对接：需求须已受理且未办结，项目须未终结；请先受理，或选择其他记录。",
    "Nobody can be matched to it now: a need must be accepted and not yet settled, a project not"
    " ended. Accept it first, or choose another.",
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
    return await applicants.subject(work, row)
