"""What happens beside a written panel: people are seated and asked, scores locked and opened."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.audit.work import Work
from app.core.clock import now
from app.core.errors import Conflict, FieldError, Invalid
from app.core.labels import T
from app.matching.panels import (
    chairing,
    clearing,
    drawn,
    filling,
    reminding,
    scoring,
    sealing,
    seats,
)
from app.matching.panels.lifecycle import CHANGEABLE, fixed_in
from app.matching.panels.models import (
    ChoosingMode,
    Panel,
    PanelBody,
    PanelState,
    Review,
    ReviewState,
    SeatKind,
)
from app.matching.panels.review_lifecycle import AGREED, SITTING
from app.registers import directory, keeping, writing
from app.registers.register import Change, Placement

NAME = "panels"

_FIXED = T(
    "「{state}」状态下不能再修改这一项；如确需更改，请取消后重新组建。",
    "This cannot be changed while {state}; if it must be, cancel the panel and form it anew.",
)
_APPENDED = T(
    "邀请已经发出，只能在名单末尾增加候补专家；更换成员请在席位上办理。",
    "Once people are invited, alternates are only added at the end; to replace a member use the"
    " seats.",
)
_FEW = T(
    "至少 {least} 名专家接受后才能成组，现有 {n} 名；请等待答复，或增加候补专家。",
    "{least} must accept and {n} have; wait for answers, or add alternates.",
)
_WHY_FEWER = T("席位还没有满，如仍要继续，请写明理由。", "Seats are empty: say why you go on.")
_WHY_MISSING = T(
    "还有 {n} 份评审没有提交，请写明封存的理由。", "{n} review(s) are not in: say why you lock."
)
_NONE_IN = T(
    "还没有任何评审提交，不能封存；请提醒专家提交，或取消评审组。",
    "No review is in yet, so there is nothing to lock; remind the experts, or cancel the panel.",
)
_NOBODY = T(
    "专家不足，请先选定至少 {least} 名。", "Too few experts: choose at least {least} first."
)
_LATER = T(
    "启封之后才能拟写结论，请先由另一位同志启封。",
    "Conclusions are drafted once the scores are open; somebody other than who locked them opens"
    " them.",
)
_CHAIR = T(
    "组长应是在席成员，请从席位中选择。",
    "The chair must be a member who sits; choose one of the seats.",
)
_BY_LOT = frozenset({"experts", "size"})
_DRAFTS = ("conclusion_draft", "opinion_draft")
_LOCK, _OPEN = "lock", "open"


async def convene(
    work: Work,
    *,
    title: str,
    mode: ChoosingMode,
    experts: Sequence[UUID] = (),
    size: int | None = None,
    **told: Any,
) -> Panel:
    """Make a panel of ``experts`` in order, those beyond ``size`` as alternates.

    ``told`` are further fields of its body. Raises Forbidden, Invalid, MustAvoid.
    """
    body = {"title": title, "mode": mode, "experts": list(experts), **told}
    if mode is not ChoosingMode.draw:
        body["size"] = len(experts) if size is None else size
        body["min_members"] = min(int(body.get("min_members", 3)), body["size"])
    found: Panel = await writing.create(work, directory.named(NAME), body)
    return found


async def place(work: Work, body: PanelBody) -> Placement:
    """Place a panel where its matter is, or at its author's node."""
    if body.draw_id is not None:
        return await drawn.take_over(work, body, body.draw_id)
    row = await clearing.subject_row(work, body)
    if row is None:
        return Placement(work.actor.region_id, work.actor.node_id)
    return Placement(row.region_id, row.node_id)


async def check(work: Work, change: Change[Panel]) -> None:
    """Refuse what the panel's state no longer lets change. Raises Invalid, MustAvoid."""
    panel, before = change.row, change.before
    if before is None:
        early = [name for name in _DRAFTS if getattr(panel, name)]
        if early:
            raise Invalid.of(*(FieldError(f"/{name}", "fixed", _LATER) for name in early))
        await clearing.require_clear(work, panel, panel.experts)
        return
    told = keeping.stored(directory.named(NAME), panel)
    state = PanelState(before["state"])
    now_fixed = fixed_in(state, panel.mode, chaired=before["chaired"])
    fixed = [name for name in now_fixed if told[name] != before[name]]
    if fixed:
        label = {"state": directory.named(NAME).lifecycle.states[state].label}  # type: ignore[union-attr]
        raise Invalid.of(*(FieldError(f"/{name}", "fixed", _FIXED, label) for name in fixed))
    if told["experts"] != before["experts"]:
        if state is not PanelState.forming and (
            told["experts"][: len(before["experts"])] != before["experts"]
        ):
            raise Invalid.of(FieldError("/experts", "fixed", _APPENDED))
        await clearing.require_clear(work, panel, panel.experts)


async def settle(work: Work, change: Change[Panel]) -> None:
    """Seat those named, and tell those seated what has changed."""
    panel, before = change.row, change.before
    if before is None and panel.mode is ChoosingMode.draw:
        await _seat_drawn(work, panel)
    elif before is None:
        await _seat(work, panel, panel.experts, [])
    elif panel.state in CHANGEABLE and before["state"] == panel.state:
        await _changed(work, panel, before)
    await chairing.keep_in_step(work, change, await seats.reviews_of(work, panel.id))


async def _changed(work: Work, panel: Panel, before: Mapping[str, Any]) -> None:
    """Bring seats and reminders in line with what was changed, and tell those seated."""
    told = keeping.stored(directory.named(NAME), panel)
    reviews = await seats.reviews_of(work, panel.id, lock=True)
    if panel.mode is not ChoosingMode.draw and (
        told["experts"] != before["experts"] or told["size"] != before["size"]
    ):
        reviews = await _reseat(work, panel, reviews)
    await seats.retell(work, panel, reviews)
    if panel.state is PanelState.scoring and told["review_by"] != before["review_by"]:
        await reminding.of_scores(work, panel)


async def _seat_drawn(work: Work, panel: Panel) -> None:
    """Seat those whom the lot fell on, in its order."""
    found = await drawn.selected(work, panel)
    members_ = [seat.expert_id for seat in found if seat.kind.value == SeatKind.member]
    after = [seat.expert_id for seat in found if seat.kind.value == SeatKind.alternate]
    await seats.take(work, panel, members_, SeatKind.member, first=1)
    await seats.take(work, panel, after, SeatKind.alternate, first=panel.size + 1)


async def _seat(
    work: Work, panel: Panel, experts: Sequence[UUID], reviews: Sequence[Review]
) -> None:
    """Seat experts not seated so far: members while there is room, then alternates."""
    first = max((r.position for r in reviews), default=0) + 1
    room = max(panel.size - len(seats.sitting(reviews)), 0)
    if panel.state is not PanelState.forming:
        room = 0  # from now on seats are filled in order, by `fill`
    await seats.take(work, panel, experts[:room], SeatKind.member, first=first)
    first += len(experts[:room])
    await seats.take(work, panel, experts[room:], SeatKind.alternate, first=first)


async def _reseat(work: Work, panel: Panel, reviews: list[Review]) -> list[Review]:
    """Bring the seats in line with the list of experts."""
    if panel.state is PanelState.forming:
        register = directory.named(seats.NAME)
        for review in reviews:
            before = keeping.stored(register, review)
            review.deleted_at = now()
            await writing.write(work, register, Change(review, before), "delete", op="delete")
        await _seat(work, panel, panel.experts, [])
    else:
        known = {review.expert_id for review in reviews}
        new = [one for one in panel.experts if one not in known]
        await _seat(work, panel, new, reviews)
    return await seats.reviews_of(work, panel.id)


async def on_invite(work: Work, change: Change[Panel]) -> None:
    """Ask every member, after asking the rules once more. Raises MustAvoid, Conflict."""
    panel = change.row
    members_ = seats.sitting(await seats.reviews_of(work, panel.id, lock=True))
    if len(members_) < panel.min_members:
        raise Conflict(_NOBODY, {"least": panel.min_members})
    if panel.mode is not ChoosingMode.draw:
        await clearing.require_clear(work, panel, [r.expert_id for r in members_])
    await filling.fill(work, panel)


async def on_fill(work: Work, change: Change[Panel]) -> None:
    """Fill the seats now rather than when the house gets to it."""
    if await filling.fill(work, change.row):
        change.row.state = PanelState.confirmed


async def on_confirm(work: Work, change: Change[Panel]) -> None:
    """Let a panel begin with those who accepted. Raises Conflict, Invalid."""
    panel = change.row
    reviews = await seats.reviews_of(work, panel.id, lock=True)
    agreed = [r for r in seats.sitting(reviews) if r.state in AGREED]
    if len(agreed) < panel.min_members:
        raise Conflict(_FEW, {"least": panel.min_members, "n": len(agreed)})
    if len(agreed) < panel.size and not change.form.reason:
        raise Invalid.of(FieldError("/reason", "missing", _WHY_FEWER))


async def on_begin(work: Work, change: Change[Panel]) -> None:
    """Call for scores: from now on the form is what it is."""
    reviews = await seats.reviews_of(work, change.row.id, lock=True)
    chairing.require_named(change.row, reviews)
    for review in seats.sitting(reviews):
        await seats.call_for_scores(work, review)
    await reminding.of_scores(work, change.row)


async def on_lock(work: Work, change: Change[Panel]) -> None:
    """Close the envelopes: nothing handed in changes any more. Raises Conflict, Invalid."""
    panel = change.row
    reviews = await seats.reviews_of(work, panel.id, lock=True)
    still = seats.sitting(reviews)
    handed_in = [r for r in still if r.state is ReviewState.submitted]
    missing = max(panel.size, len(still)) - len(handed_in)
    if not handed_in:
        raise Conflict(_NONE_IN)
    if missing and not change.form.reason:
        raise Invalid.of(FieldError("/reason", "missing", _WHY_MISSING, {"n": missing}))
    chairing.require_in(panel, reviews)
    for review in still:
        state = ReviewState.locked if review in handed_in else ReviewState.missing
        if review.state is ReviewState.reserved:
            state = ReviewState.passed_over
        await seats.mark(work, review, _LOCK, state=state)
    panel.seal = await sealing.fingerprint(work, panel)
    panel.locked_at, panel.lock_reason = now(), change.form.reason
    panel.locked_by_id, panel.locked_by = work.actor.account_id, work.actor.name


async def on_open(work: Work, change: Change[Panel]) -> None:
    """Copy the sheets from under the seal into the reviews. Raises SealBroken."""
    panel = change.row
    sheets = await sealing.opened(work, panel)
    reviews = await seats.reviews_of(work, panel.id, lock=True)
    for review in reviews:
        sheet = sheets.get(review.id)
        if sheet is not None:
            await seats.mark(
                work,
                review,
                _OPEN,
                scores=sheet.scores,
                opinion=sheet.opinion,
                comment=sheet.comment,
                total=scoring.rounded(scoring.total(sheet.scores, review.criteria)),
            )
    panel.opened_at = now()
    panel.opened_by_id, panel.opened_by = work.actor.account_id, work.actor.name
    await chairing.call(work, panel, reviews)


async def on_cancel(work: Work, change: Change[Panel]) -> None:
    """Send everybody home."""
    for review in await seats.reviews_of(work, change.row.id, lock=True):
        if review.state in SITTING:
            await seats.leave(work, review, ReviewState.replaced, change.form.reason)
