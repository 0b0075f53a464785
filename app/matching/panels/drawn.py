"""A panel chosen by lot: who was drawn, and who follows in the same order."""

from collections.abc import Sequence
from uuid import UUID

from app.audit.work import Work
from app.core.errors import FieldError, Invalid, NotFound
from app.core.labels import T
from app.matching.draws import matter
from app.matching.draws import service as draws
from app.matching.draws.models import Draw
from app.matching.draws.service import Seat
from app.matching.panels.models import Panel, PanelBody, Review
from app.registers.register import Placement

_UNKNOWN = T(
    "没有这次抽取，或者您无权查看；请从列表中重新选择。",
    "There is no such draw you may see; choose one from the list.",
)
_OTHER = T(
    "与抽取记录的事项不一致，请重新选择抽取记录或事项。",
    "The draw was held for another matter; choose the draw or the matter again.",
)


async def draw_of(work: Work, draw_id: UUID) -> Draw:
    """Return the draw a panel names. Raises Invalid."""
    try:
        return await matter.draw_of(work, draw_id)
    except NotFound as exc:
        raise Invalid.of(FieldError("/draw_id", "unknown", _UNKNOWN)) from exc


async def take_over(work: Work, body: PanelBody, draw_id: UUID) -> Placement:
    """Take matter and size from the draw: what was drawn for is what is judged. Raises Invalid."""
    draw = await draw_of(work, draw_id)
    wrong = [
        FieldError(f"/{name}", "other_subject", _OTHER)
        for name in ("need_id", "project_id")
        if getattr(body, name) not in (None, getattr(draw, name))
    ]
    if wrong:
        raise Invalid.of(*wrong)
    body.need_id, body.project_id = draw.need_id, draw.project_id
    if body.need_id is None and body.project_id is None and not body.subject_note:
        body.subject_note = draw.subject_note or draw.title
    body.size = draw.size
    body.min_members = min(body.min_members, draw.size)
    return Placement(draw.region_id, draw.node_id)


async def selected(work: Work, panel: Panel) -> Sequence[Seat]:
    """Return whom the lot fell on, members and alternates. Raises Conflict before the release."""
    return await draws.selected(work, panel.draw_id) if panel.draw_id else []


async def next_of(work: Work, draw_id: UUID, gone: Review) -> UUID | None:
    """Return who takes the seat by the draw's own order; the draw's log says why."""
    return await draws.replace(work, draw_id, gone.expert_id, str(gone.state))
