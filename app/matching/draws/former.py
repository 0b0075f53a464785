"""The draws there were before for the same matter: none is repeated but by a public act.

A matter is a need or a project. One that is only described is the same as every need and project,
and every description in its park, that a clerk would call the same (``fold``).
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.errors import FieldError, Invalid, NotFound
from app.core.labels import T
from app.core.text import fold
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching.draws.models import Draw, DrawState
from app.registers import directory, reading

_UNKNOWN = T(
    "没有这条记录，或者您无权查看；请从列表中重新选择。",
    "There is no such record you may see; choose one from the list.",
)
_NOT_OVER = T(
    "只有已作废或已公布的抽取才能由新的抽取取代或接续；请先公布或作废上一次抽取。",
    "Only a void or published draw is followed by a new one; publish or void the former first.",
)
_NAME_THE_VOID = T(
    "该事项有一次抽取已作废（{title}）：请注明由本次取代，由谁决定重抽，以及理由。",
    "A draw for this matter was voided ({title}): name it, who ordered this one, and why.",
)
_NAME_THE_FORMER = T(
    "该事项已抽取过（{title}）：再次抽取须注明上一次抽取、由谁决定以及理由，均将公开。",
    "This matter was drawn for before ({title}): name that draw, who ordered another, and why;"
    " all of it is made public.",
)
_UNDER_WAY = T(
    "该事项的抽取「{title}」尚未结束：不能另行抽取，只能先公布，或由中心主任作废并说明理由。",
    "The draw {title} for this matter is not finished: it must be published, or voided with a"
    " reason, first.",
)
_OTHER_MATTER = T(
    "所注明的抽取不是同一事项，请重新选择。", "The draw named was for another matter; choose again."
)
_OVER = (DrawState.published, DrawState.void)


async def require_named(work: Work, draw: Draw) -> None:
    """Refuse a draw beside one that is under way, or after one that it does not name.

    Raises Invalid.
    """
    wrong = _wrong_beside(draw, await before(work, draw))
    if wrong:
        raise Invalid.of(wrong)
    if draw.supersedes_id is not None:
        await _require_over(work, draw)


def _wrong_beside(draw: Draw, others: list[Draw]) -> FieldError | None:
    pointer = "/need_id" if draw.need_id else "/project_id" if draw.project_id else "/subject_note"
    for other in others:
        if other.state not in _OVER:
            return FieldError(pointer, "under_way", _UNDER_WAY, {"title": other.title})
    last = next((other for other in reversed(others) if other.root), None)
    if last is None or last.id == draw.supersedes_id:
        return None
    code, why = (
        ("name_the_void", _NAME_THE_VOID)
        if last.state == DrawState.void
        else ("name_the_former", _NAME_THE_FORMER)
    )
    return FieldError("/supersedes_id", code, why, {"title": last.title})


async def before(work: Work, draw: Draw) -> list[Draw]:
    """Return the other draws for the same matter, oldest first."""
    statement = (
        select(Draw)
        .where(
            col(Draw.id).in_(await _same(work, draw)),
            col(Draw.id) != draw.id,
            col(Draw.deleted_at).is_(None),
        )
        .order_by(col(Draw.created_at), col(Draw.id))
    )
    return list((await work.session.execute(statement)).scalars())


async def _same(work: Work, draw: Draw) -> list[UUID]:
    """Return the ids of the draws in reach whose matter is that of ``draw``."""
    read: list[Any] = [
        col(Draw.id),
        col(Draw.node_id),
        col(Draw.need_id),
        col(Draw.project_id),
        col(Draw.subject_note),
        col(Need.title).label("need"),
        col(Project.title).label("project"),
    ]
    statement = (
        select(*read)
        .outerjoin(Need, col(Need.id) == col(Draw.need_id))
        .outerjoin(Project, col(Project.id) == col(Draw.project_id))
        .where(col(Draw.region_id) == draw.region_id)
    )
    called = await _called(work, draw)
    rows = (await work.session.execute(statement)).all()
    return [row.id for row in rows if _is_same(draw, called, row)]


def _is_same(draw: Draw, called: str, row: Any) -> bool:
    """Say whether a row of what was drawn for is about the matter of ``draw``."""
    mine, theirs = (draw.need_id, draw.project_id), (row.need_id, row.project_id)
    if any(mine) and any(theirs):
        return bool(mine == theirs)
    if not any(mine) and not any(theirs) and row.node_id != draw.node_id:
        return False  # two parks may describe what each of them does in the same words
    return called != "" and called == fold(row.need or row.project or row.subject_note or "")


async def _called(work: Work, draw: Draw) -> str:
    """Return what the matter is called: the title of its need or project, else its description."""
    title: Any = draw.subject_note
    if draw.need_id is not None:
        its = col(Need.id) == draw.need_id
        title = await work.session.scalar(select(col(Need.title)).where(its))
    elif draw.project_id is not None:
        its = col(Project.id) == draw.project_id
        title = await work.session.scalar(select(col(Project.title)).where(its))
    return fold(title or "")


async def _require_over(work: Work, draw: Draw) -> None:
    try:
        old: Draw = await reading.row_of(work, directory.named("draws"), draw.supersedes_id)  # type: ignore[arg-type]
    except NotFound as exc:
        raise Invalid.of(FieldError("/supersedes_id", "unknown", _UNKNOWN)) from exc
    if old.state not in _OVER or old.id == draw.id:
        raise Invalid.of(FieldError("/supersedes_id", "not_over", _NOT_OVER))
    theirs, mine = (old.need_id, old.project_id), (draw.need_id, draw.project_id)
    if any(theirs) and any(mine) and theirs != mine:
        raise Invalid.of(FieldError("/supersedes_id", "other_subject", _OTHER_MATTER))


async def earlier(work: Work, draw: Draw) -> list[str]:
    """Return the ids of all frozen draws there were for the same matter."""
    return [str(other.id) for other in await before(work, draw) if other.root]
