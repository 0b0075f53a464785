"""A published result told to everybody: in words of its own that name no enterprise."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import Invalid
from app.ledgers.needs.blinding import clues_of, revealing
from app.matching import published_names
from app.matching.panels import clearing, publishing, seats
from app.matching.panels.models import Panel, Review, ReviewState
from app.registers.register import Change
from app.registers.tables import Published

NAME = publishing.NAME
CHAIR = "chair"  # the place of the chair's name; the others stand at the number of their seat


async def on_announce(work: Work, change: Change[Panel]) -> None:
    """Put the notice where everybody reads it. Raises Invalid if it says whom it is about."""
    panel, form = change.row, change.form
    await _require_blind(work, panel, form.title, form.text)
    panel.announced_on = today()
    reviews = await seats.reviews_of(work, panel.id)
    judged = [r for r in reviews if r.state is ReviewState.locked]
    payload = _payload(panel, form.title, form.text, len(judged))
    row = {
        "region_id": panel.region_id,
        "node_id": panel.node_id,
        "register_name": NAME,
        "record_id": panel.id,
    }
    await work.session.execute(insert(Published).values(**row, payload=payload))
    named = {r.expert_id: _place(r) for r in judged} if form.with_names else {}
    await published_names.tell(work, NAME, panel, named)


async def on_retract(work: Work, change: Change[Panel]) -> None:
    """Take the notice down, names and all."""
    panel = change.row
    panel.announced_on = None
    await work.session.execute(delete(Published).where(col(Published.record_id) == panel.id))
    await published_names.take_back(work, panel.id)


def _place(review: Review) -> str:
    return CHAIR if review.is_chair else str(review.position)


def _payload(panel: Panel, title: str, text: str, judged: int) -> dict[str, Any]:
    votes = publishing.votes_of(panel)
    return {
        "title": title,
        "text": text,
        "conclusion": panel.conclusion,
        "reviews": judged,
        "least": panel.min_members,
        "votes": {one.value: count for one, count in votes.items()} if votes else None,
    }


async def _require_blind(work: Work, panel: Panel, title: str, text: str) -> None:
    """Raise Invalid if title or text name whom the result concerns."""
    subject = await clearing.subject_of(work, panel)
    found = [
        clue
        for body in subject.bodies
        for clue in clues_of(
            names=[body.name] if body.name else [],
            uscc=body.uscc or "",
            persons=subject.officers,
            address=None,
            website=None,
            phones=(),
            certificate=None,
        )
        if clue.text
    ]
    told = (("/title", title), ("/text", text))
    wrong = [error for pointer, said in told if (error := revealing(pointer, said, found))]
    if wrong:
        raise Invalid.of(*wrong)
