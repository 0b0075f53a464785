"""What an expert is asked by a match: to help an enterprise, by account or by link."""

from datetime import date, timedelta
from uuid import UUID

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import NotFound
from app.core.labels import T
from app.matching.invitations.asks import INVITATION, Ask, Asked
from app.matching.invitations.contesting import ANSWERED_FOR_YOU, WHAT_TO_DO
from app.matching.matches.lifecycle import LIFECYCLE
from app.matching.matches.models import CandidateKind, Match
from app.matching.matches.models import MatchState as S
from app.matching.subjects import MATCHERS
from app.registers import directory, reading
from app.registers.lifecycle import verdict

NAME = "matches"
LIFE = timedelta(days=14)

EXPECTED = T(
    "请答复是否愿意为该单位提供技术帮助；如与其有应当回避的关系，请选择回避并说明。",
    "Please say whether you are willing to help; if a conflict of interest keeps you away, choose"
    " to recuse yourself and say why.",
)
_TITLE = T("技术对接", "Technical help")


def expert_of(match: Match) -> UUID | None:
    """Return the expert a match invites; other kinds of candidates are nobody to write to."""
    return match.candidate_id if match.candidate_kind is CandidateKind.experts else None


def until(_: Match) -> date:
    return today() + LIFE


async def told(work: Work, match: Match) -> Asked:
    """Return what a match asks, in the words of its need or project."""
    name, record_id, field = ("needs", match.need_id, "description")
    if match.project_id is not None:
        name, record_id, field = ("projects", match.project_id, "summary")
    try:
        row = dict(await reading.one(work, directory.named(name), record_id)) if record_id else {}
    except NotFound:
        row = {}
    lent = match.lent and match.contested_at is None
    return Asked(
        title=_TITLE.in_(work.locale),
        subject=str(row.get("title") or ""),
        text=str(row.get(field) or ""),
        expected=WHAT_TO_DO if lent else EXPECTED,
        heading=ANSWERED_FOR_YOU if lent else INVITATION,
        may=verdict(LIFECYCLE, work.actor, match).allowed,
    )


ASK = Ask(
    register=NAME,
    askers=MATCHERS,
    open_in=frozenset({S.invited, S.accepted}),
    expert_of=expert_of,
    until=until,
    told=told,
)
