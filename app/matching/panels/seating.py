"""Who sits, as those who run the panel see it: seats, links, and what is unusual."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.audit.work import Work
from app.core.labels import T
from app.matching.invitations import service as invitations
from app.matching.invitations.shapes import LinkShown
from app.matching.panels import seats
from app.matching.panels.lifecycle import FILLABLE
from app.matching.panels.models import Panel, PanelState, Review, SeatKind
from app.matching.panels.models import ReviewState as S
from app.matching.panels.review_lifecycle import AGREED, SITTING, STATES

_LEAST = 3
_HELD = SITTING | {S.locked, S.missing}  # the latter two: when the panel was locked
_AGREED = AGREED | {S.locked}
_SHOWN = {
    "expert_id",
    "kind",
    "position",
    "state",
    "invited_at",
    "answer_by",
    "answered_at",
    "submitted_at",
    "replaces",
    "is_chair",
    "lent",
    "contested_at",
}

_WARNINGS = {
    "few": T("成员少于 3 人，请考虑增加。", "Fewer than three members: consider adding some."),
    "even": T(
        "成员人数为偶数，一般应为单数；请考虑增减一人。",
        "An even number of members; it is usually odd, so consider one more or one fewer.",
    ),
    "empty": T(
        "有 {n} 个席位空缺，没有可以递补的专家；请在名单末尾增加候补。",
        "{n} seat(s) are empty and nobody is left to ask; add alternates at the end of the list.",
    ),
    "no_criteria": T(
        "还没有评审项，请在发出邀请之前填写。", "No criteria yet; fill them in before you invite."
    ),
    "chair_wanted": T(
        "还没有组长，请在开始评审之前从在席成员中指定。",
        "No chair yet: name one of the members before scoring begins.",
    ),
    "no_chair": T("组长已离席，请另行指定。", "The chair has left; name another."),
}
_FOLLOWS = T("接替{name}", "in place of {name}")


class Warned(BaseModel):
    code: str
    text: str


class SeatShown(BaseModel):
    review_id: UUID
    expert_id: UUID
    expert: str
    kind: str
    position: int
    seat: int
    follows: str | None
    state: str
    state_label: str
    reason: str | None
    invited_at: datetime | None
    answer_by: Any
    answered_at: datetime | None
    submitted_at: datetime | None
    replaces: UUID | None
    is_chair: bool
    lent: bool = Field(description="Answered by a link that staff had in hand")
    contested_at: datetime | None
    link: LinkShown | None


class SeatsShown(BaseModel):
    size: int
    min_members: int
    sitting: int
    accepted: int
    submitted: int
    open_seats: int
    warnings: list[Warned]
    items: list[SeatShown]


async def shown(work: Work, panel: Panel) -> SeatsShown:
    """Return the seats of a panel in their order."""
    reviews = await seats.reviews_of(work, panel.id)
    links = await invitations.latest(work, [r.id for r in reviews])
    held = [r for r in reviews if r.kind == SeatKind.member and r.state in _HELD]
    filled = panel.state in FILLABLE | {PanelState.forming}
    open_seats = max(panel.size - len(held), 0) if filled else 0
    known = {review.id: review for review in reviews}
    return SeatsShown(
        size=panel.size,
        min_members=panel.min_members,
        sitting=len(held),
        accepted=sum(r.state in _AGREED for r in held),
        submitted=sum(r.submitted_at is not None for r in reviews),
        open_seats=open_seats,
        warnings=_warnings(work, panel, held, open_seats) if filled else [],
        items=[_seat(work, review, known, links.get(review.id)) for review in reviews],
    )


def _seat(work: Work, review: Review, known: dict[UUID, Review], link: Any) -> SeatShown:
    former = known.get(review.replaces) if review.replaces else None
    return SeatShown(
        review_id=review.id,
        expert=review.expert_label,
        seat=_number(review, known),
        follows=_FOLLOWS.filled(work.locale, {"name": former.expert_label}) if former else None,
        state_label=STATES[review.state].label.in_(work.locale),
        reason=review.gone_reason,
        link=LinkShown.of(link) if link else None,
        **review.model_dump(include=_SHOWN),
    )


def _number(review: Review, known: dict[UUID, Review]) -> int:
    """Return the number of the seat, which whoever follows in it keeps."""
    for _ in known:
        former = known.get(review.replaces) if review.replaces else None
        if former is None:
            break
        review = former
    return review.position


def _warnings(work: Work, panel: Panel, held: Sequence[Review], open_seats: int) -> list[Warned]:
    """Say what of a panel is not as panels usually are."""
    found = {
        "few": len(held) < _LEAST,
        "even": len(held) % 2 == 0,
        "empty": open_seats > 0 and panel.state is not PanelState.forming,
        "no_criteria": not panel.criteria,
        "chair_wanted": panel.chaired and panel.chair_id is None,
        "no_chair": panel.chair_id is not None
        and panel.chair_id not in {r.expert_id for r in held},
    }
    return [
        Warned(code=code, text=_WARNINGS[code].filled(work.locale, {"n": open_seats}))
        for code, there in found.items()
        if there
    ]
