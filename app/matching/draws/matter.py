"""What a draw is for: its need or project, whom that concerns, which draws there were before."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access.tables import Hat, Organisation
from app.audit.work import Work
from app.core.errors import FieldError, Forbidden, Invalid, NotFound
from app.core.labels import T
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import subjects
from app.matching.draws import former
from app.matching.draws.models import Concerned, Draw, DrawBody, DrawState
from app.matching.parties import Body, Subject
from app.registers import directory, reading
from app.registers.register import Change, Placement

NAME = "draws"
_NO_SUBJECT = T(
    "没有这条记录，或者您无权查看；请从列表中重新选择。",
    "There is no such record you may see; choose one from the list.",
)
_EXPERT = T(
    "您的账号同时是专家库中的专家，不能主持或见证抽取；请由另一位同志办理。",
    "Your account is also an expert's and neither holds nor watches a draw; let somebody else do"
    " it.",
)


async def subject_row(work: Work, draw: Draw | DrawBody) -> Need | Project | None:
    """Return the need or project of a draw, as the actor may see it. Raises Invalid."""
    try:
        if draw.need_id is not None:
            return await subjects.need_of(work, draw.need_id)
        if draw.project_id is not None:
            return await subjects.project_of(work, draw.project_id)
    except NotFound as exc:
        pointer = "/need_id" if draw.need_id else "/project_id"
        raise Invalid.of(FieldError(pointer, "unknown", _NO_SUBJECT)) from exc
    return None


async def subject_of(work: Work, draw: Draw, row: Need | Project | None) -> Subject:
    """Return what the rules of recusal are asked about, with whom the draw names besides."""
    concerned = tuple(_bodies(draw))
    avoided = tuple(draw.avoid)
    if row is not None:
        found = await subjects.subject_of(work, row)
        return replace(found, bodies=(*found.bodies, *concerned), avoided_besides=avoided)
    note = draw.subject_note or draw.title
    return Subject(
        NAME,
        draw.id,
        draw.title,
        (draw.title, note),
        bodies=concerned,
        avoided_besides=avoided,
        general=not concerned,
    )


def _bodies(draw: Draw) -> list[Body]:
    told = [Concerned.model_validate(one) for one in draw.concerned]
    return [Body(one.organisation, one.uscc) for one in told]


async def place(work: Work, body: DrawBody) -> Placement:
    """Place a draw where its need or project is, else at its author's node."""
    row = await subject_row(work, body)
    if row is not None:
        return Placement(row.region_id, row.node_id)
    return Placement(work.actor.region_id, work.actor.node_id)


async def check(work: Work, change: Change[Draw]) -> None:
    """Note who asked for a draw; refuse one beside, or after, another without saying so.

    Raises Invalid.
    """
    draw = change.row
    if change.before is None:
        draw.requested_by = work.actor.name
    elif change.before["state"] != DrawState.planned or draw.state != DrawState.planned:
        return  # a move of a draw that was checked when it was written
    await subject_row(work, draw)
    await former.require_named(work, draw)


async def require_operator(work: Work) -> None:
    """Raise Forbidden if the account is also an expert's: it takes part in no draw."""
    found = await work.session.scalar(
        select(col(Hat.id)).where(
            col(Hat.account_id) == work.actor.account_id,
            col(Hat.party_register) == "experts",
            col(Hat.ended_at).is_(None),
        )
    )
    if found is not None:
        raise Forbidden(_EXPERT)


async def node_name(work: Work, draw: Draw) -> str:
    """Return what the park or city is called that holds the draw."""
    found = await work.session.scalar(
        select(col(Organisation.name)).where(col(Organisation.id) == draw.node_id)
    )
    return str(found or "")


async def draw_of(work: Work, draw_id: UUID, *, lock: bool = False) -> Draw:
    """Return a draw the actor may see. Raises NotFound."""
    found: Draw = await reading.row_of(work, directory.named(NAME), draw_id, lock=lock)
    return found
