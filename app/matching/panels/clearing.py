"""Who may judge: the rules of recusal, asked before anybody is seated and again before asking."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import FieldError, Invalid, NotFound
from app.core.labels import T
from app.ledgers.needs.models import Need
from app.libraries.experts.models import Expert
from app.libraries.experts.register import REGISTER as EXPERTS
from app.libraries.projects.models import Project
from app.matching import facts, second_check, subjects
from app.matching.conflicts import MUST_AVOID, MustAvoid, Purpose
from app.matching.draws import matter
from app.matching.judging import Judge, Told
from app.matching.panels import drawn
from app.matching.panels.models import Panel, PanelBody
from app.matching.parties import Subject
from app.registers.visibility import visible

_NO_SUBJECT = T(
    "没有这条记录，或者您无权查看；请从列表中重新选择。",
    "There is no such record you may see; choose one from the list.",
)
_NO_EXPERT = T(
    "没有这位专家，或者您无权查看；请从列表中重新选择。",
    "There is no such expert you may see; choose one from the list.",
)
_AVOID = T(
    "{name}应当回避，请改选其他专家；原因：{reason}",
    "{name} must recuse, so choose another expert; the reason: {reason}",
)


async def subject_row(work: Work, panel: Panel | PanelBody) -> Need | Project | None:
    """Return the need or project of a panel, as the actor may see it. Raises Invalid."""
    try:
        if panel.need_id is not None:
            return await subjects.need_of(work, panel.need_id)
        if panel.project_id is not None:
            return await subjects.project_of(work, panel.project_id)
    except NotFound as exc:
        pointer = "/need_id" if panel.need_id else "/project_id"
        raise Invalid.of(FieldError(pointer, "unknown", _NO_SUBJECT)) from exc
    return None


async def subject_of(work: Work, panel: Panel) -> Subject:
    """Return what the rules of recusal ask of the matter; one without applicant is general."""
    row = await subject_row(work, panel)
    if panel.draw_id is not None:
        draw = await drawn.draw_of(work, panel.draw_id)
        found = await matter.subject_of(work, draw, row)
        return found if row is not None else replace(found, register="panels", id=panel.id)
    if row is not None:
        batch = await facts.batch_of(work, panel.assignment_id, panel.project_id)
        return replace(await subjects.subject_of(work, row), batch=batch)
    note = panel.subject_note or panel.title
    return Subject("panels", panel.id, panel.title, (note,), general=True)


async def experts_of(work: Work, ids: Sequence[UUID]) -> dict[UUID, Expert]:
    """Return those of ``ids`` in the libraries the actor reads."""
    found = await work.session.execute(
        select(Expert).where(col(Expert.id).in_(ids), visible(EXPERTS, work.actor))
    )
    return {expert.id: expert for expert in found.scalars()}


async def kept_away(work: Work, panel: Panel, ids: Sequence[UUID]) -> dict[UUID, Told]:
    """Return those of ``ids`` who cannot judge, each with the first rule that says so."""
    known = await experts_of(work, ids)
    judge = await Judge.of(work, await subject_of(work, panel), today(), Purpose.review)
    people = await judge.people(list(known.values()))
    told = {one: Told("unknown", _NO_EXPERT, {}, "") for one in ids if one not in known}
    for one, person in people.items():
        found = judge.conflicts(person)
        if found:
            told[one] = Told.of(found[0])
    return told


async def away(work: Work, panel: Panel, expert_id: UUID) -> Told | None:
    """Return why one expert about to be asked cannot judge, if a rule or the second check says so.

    The second check knows no panel, so it is not asked of a matter without applicant: it would
    take the seat itself for an earlier task.
    """
    found = (await kept_away(work, panel, [expert_id])).get(expert_id)
    row = await subject_row(work, panel)
    if found is not None or row is None:
        return found
    draw = await drawn.draw_of(work, panel.draw_id) if panel.draw_id else None
    avoided = draw.avoid if draw else ()
    try:
        batch = await facts.batch_of(work, panel.assignment_id, panel.project_id)
        await second_check.require_clear(
            work, row, [expert_id], Purpose.review, avoided=avoided, batch=batch
        )
    except MustAvoid as exc:
        return Told(MUST_AVOID, exc.detail, dict(exc.params), "")
    return None


async def require_clear(work: Work, panel: Panel, ids: Sequence[UUID]) -> None:
    """Raise MustAvoid, naming all of ``ids`` that a rule keeps away; Invalid for the unknown."""
    kept = await kept_away(work, panel, ids)
    if not kept:
        row = await subject_row(work, panel)
        if row is not None:
            batch = await facts.batch_of(work, panel.assignment_id, panel.project_id)
            await second_check.require_clear(work, row, ids, Purpose.review, batch=batch)
        return
    known = await experts_of(work, ids)
    errors = [
        _error(work, place, kept[one], known.get(one))
        for place, one in enumerate(ids)
        if one in kept
    ]
    if any(error.code == "unknown" for error in errors):
        raise Invalid.of(*errors)
    raise MustAvoid(errors[0].text, errors[0].params, errors=errors)


def _error(work: Work, place: int, told: Told, expert: Expert | None) -> FieldError:
    if expert is None:
        return FieldError(f"/experts/{place}", told.code, _NO_EXPERT)
    params = {"name": expert.name, "reason": told.reason(work.locale)}
    return FieldError(f"/experts/{place}", told.code, _AVOID, params)
