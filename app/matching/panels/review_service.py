"""What happens beside a review: answers are noted, sheets sealed, empty seats told of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from app.audit.work import Work
from app.core import jobs
from app.core.clock import now
from app.core.errors import Conflict, FieldError, Invalid
from app.core.labels import T
from app.core.validation import invalid
from app.matching.invitations import contesting
from app.matching.panels import scoring, sealing, seats
from app.matching.panels.lifecycle import FILLABLE
from app.matching.panels.models import Panel, PanelState, Review
from app.matching.panels.models import ReviewState as S
from app.matching.panels.review_lifecycle import LIFECYCLE, UNASKED, Sheet
from app.registers import directory, lifecycle, reading
from app.registers.register import Change

_BEGUN = T(
    "专家已签署承诺并开始评分，不能再代为生成链接；请专家使用本人的链接或登录后继续。",
    "The expert has signed the pledge and begun the sheet: no further link is made. The expert"
    " goes on by their own link, or signed in.",
)
_OVER = T(
    "评审组已封存或已结束，不能再更换专家；如评审有误，请由中心另行组织。",
    "The panel is locked or over, and nobody is replaced any more; if the review went wrong, the"
    " centre sets up another.",
)
_SAY_SO = T("请确认这一项；如不能确认，请选择回避。", "Confirm this, or else recuse yourself.")


async def on_accept(work: Work, change: Change[Review]) -> None:
    change.row.answered_at = now()
    await contesting.note_answer(work, change.row, seats.NAME)
    await _tell_panel(work, change.row)


async def on_leave(work: Work, change: Change[Review]) -> None:
    """Note why an expert does not judge, and have the seat filled."""
    change.row.answered_at = now()
    change.row.gone_reason = change.form.reason
    await contesting.note_answer(work, change.row, seats.NAME)
    await _tell_panel(work, change.row)


async def on_declare(work: Work, change: Change[Review]) -> None:
    """Take pledge and declaration, both or neither. Raises Invalid."""
    unsaid = [name for name in ("pledge", "no_conflict") if not getattr(change.form, name)]
    if unsaid:
        raise Invalid.of(*(FieldError(f"/{name}", "required", _SAY_SO) for name in unsaid))
    change.row.declared_at = now()
    if work.actor.link_id is not None and not work.actor.link_private:
        change.row.lent, change.row.contested_at = True, None


async def on_contest(work: Work, change: Change[Review]) -> None:
    """Take back an answer that was not the expert's; a seat that was given away stays so."""
    review = change.row
    if review.state not in (S.declined, S.recused):
        review.state = S.invited
        review.answered_at = review.declared_at = review.submitted_at = None
        contesting.time_to_answer(review)
        await seats.look_again(work, review)
    await contesting.contested(work, review)
    await _tell_panel(work, review)


async def on_summarise(_: Work, change: Change[Review]) -> None:
    """Keep what the chair says for all; the house publishes it."""
    change.row.conclusion, change.row.summary = change.form.conclusion, change.form.summary
    change.row.summarised_at = now()


async def on_submit(work: Work, change: Change[Review]) -> None:
    """Put the sheet under seal for good; an empty form hands in the draft. Raises Invalid."""
    review, sheet = change.row, change.form
    if not sheet.model_fields_set:
        sheet = (await sealing.readable(work, review)).sheet
    wrong = scoring.wrong_in(sheet, review.criteria, complete=True)
    if wrong:
        raise Invalid.of(*wrong)
    await sealing.keep(work, review, sheet)
    review.submitted_at = now()


async def reissue(work: Work, review: Review) -> None:
    """Have the pledge signed anew by a further link; never where a sheet was begun.

    Raises Conflict.
    """
    if review.state is not S.declared:
        return
    if await sealing.begun(work, review):
        raise Conflict(_BEGUN)
    review.state, review.declared_at = S.accepted, None


async def on_replace(work: Work, change: Change[Review]) -> None:
    """Take somebody off for a reason, and have the seat filled. Raises Conflict."""
    review = change.row
    panel: Panel = await reading.row_of(work, directory.named("panels"), review.panel_id)
    if panel.state not in FILLABLE | {PanelState.forming}:
        raise Conflict(_OVER)
    review.state = S.passed_over if review.state in UNASKED else S.replaced
    review.gone_reason = change.form.reason
    await seats.forget(work, review)
    await _tell_panel(work, review)


async def _tell_panel(work: Work, review: Review) -> None:
    """Have the panel looked at: the expert's own transaction cannot see it."""
    await jobs.enqueue(
        work.session,
        seats.FILL,
        panel_id=review.panel_id,
        node_id=review.node_id,
    )


async def draft(work: Work, review_id: UUID, given: Mapping[str, Any]) -> None:
    """Keep an unfinished sheet under seal. Raises NotFound, Forbidden, IllegalMove, Invalid."""
    review: Review = await reading.row_of(work, directory.named(seats.NAME), review_id, lock=True)
    lifecycle.require(LIFECYCLE, "submit", work.actor, review)
    try:
        sheet = Sheet.model_validate(given)
    except ValidationError as exc:
        raise invalid(exc.errors()) from exc
    wrong = scoring.wrong_in(sheet, review.criteria, complete=False)
    if wrong:
        raise Invalid.of(*wrong)
    await sealing.keep(work, review, sheet)
