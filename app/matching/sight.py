"""Who has a need or a project before them because they were asked to help or to judge."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select
from sqlmodel import col

from app.audit.work import Work
from app.matching.matches.models import Match, MatchState
from app.matching.panels.models import Review
from app.matching.panels.review_lifecycle import GONE, UNASKED
from app.registers.tables import PartyLink

#: The expert is, or was to the end, at work for whom the match is for.
_HELPS = frozenset(
    {
        MatchState.invited,
        MatchState.accepted,
        MatchState.working,
        MatchState.done,
        MatchState.done_no_help,
    }
)


async def end(work: Work, expert_id: UUID, record: Match | Review) -> None:
    """Let an expert who has gone see the matter no longer, unless for another reason."""
    subject = record.need_id or record.project_id
    if subject is None or await _seen_otherwise(work, expert_id, record):
        return
    await work.session.execute(
        delete(PartyLink).where(
            col(PartyLink.record_id) == subject, col(PartyLink.party_id) == expert_id
        )
    )


async def _seen_otherwise(work: Work, expert_id: UUID, record: Match | Review) -> bool:
    same = _same(record)
    sits = exists().where(
        col(Review.id) != record.id,
        col(Review.expert_id) == expert_id,
        col(Review.state).not_in(GONE | UNASKED),
        col(Review.deleted_at).is_(None),
        same(Review),
    )
    matched = exists().where(
        col(Match.id) != record.id,
        col(Match.candidate_id) == expert_id,
        col(Match.state).in_(_HELPS),
        col(Match.deleted_at).is_(None),
        same(Match),
    )
    return bool(await work.session.scalar(select(sits | matched)))


def _same(record: Match | Review) -> Callable[[Any], ColumnElement[bool]]:
    if record.need_id is not None:
        return lambda row: col(row.need_id) == record.need_id
    return lambda row: col(row.project_id) == record.project_id
