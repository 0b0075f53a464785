"""What an answer to a match changes: who said no sees its need or project no longer."""

from uuid import UUID

from app.audit.work import Work, acting_for
from app.core import jobs
from app.core.errors import NotFound
from app.matching import sight
from app.matching.invitations import contesting
from app.matching.matches.models import Match, MatchState
from app.registers import directory, reading
from app.registers.register import Change

NAME = "matches"
FORGET = "matches.forget"
_GONE = frozenset({MatchState.declined, MatchState.recused})


async def on_accept(work: Work, change: Change[Match]) -> None:
    await contesting.note_answer(work, change.row, NAME)


async def on_contest(work: Work, change: Change[Match]) -> None:
    """Take back an acceptance that was not the expert's; a refusal stays, and is noted as not."""
    match = change.row
    if match.state == MatchState.accepted:
        match.state = MatchState.invited
    await contesting.contested(work, match)


async def on_leave(work: Work, change: Change[Match]) -> None:
    """Have the sight of the matter ended: the expert's own transaction cannot."""
    match = change.row
    await contesting.note_answer(work, match, NAME)
    await jobs.enqueue(work.session, FORGET, match_id=match.id, node_id=match.node_id)


@jobs.task(FORGET)
async def forget(match_id: UUID, node_id: int) -> None:
    """End the sight of the matter, unless the expert was asked again meanwhile."""
    async with acting_for(node_id) as work:
        try:
            match: Match = await reading.row_of(work, directory.named(NAME), match_id, lock=True)
        except NotFound:
            return
        if match.state in _GONE:
            await sight.end(work, match.candidate_id, match)
