"""What an expert is asked: to judge, by account or by link."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from app.access.roles import CENTRE
from app.audit.work import Work
from app.core.errors import NotFound
from app.core.labels import T
from app.matching.invitations.asks import INVITATION, Ask, Asked
from app.matching.invitations.contesting import ANSWERED_FOR_YOU, WHAT_TO_DO
from app.matching.panels import review_service, sealing, seats
from app.matching.panels.models import HeardLine, Opinion, Review, ScoreLine
from app.matching.panels.models import ReviewState as S
from app.matching.panels.review_lifecycle import AGREED, LIFECYCLE
from app.matching.panels.scoring import coded
from app.registers import directory, reading
from app.registers.lifecycle import verdict

EXPECTED = T(
    "请先核对有无回避情形并答复；接受后签署公正评审承诺，按评审表逐项打分，给出总体意见后提交。"
    "评分在启封之前任何人都看不到。",
    "Please check for conflicts of interest and answer. If you accept: sign the pledge, score each"
    " criterion, give your overall opinion and hand it in. Until the panel is opened nobody but you"
    " can read your scores.",
)
BEGUN = T(
    "评审已经开始。请先签署公正评审承诺（如尚未签署），再按评审表逐项打分，给出总体意见后提交。"
    "评分在启封之前任何人都看不到。",
    "Scoring has begun. Sign the pledge if you have not yet, score each criterion, give your"
    " overall opinion and hand it in. Until the panel is opened nobody but you can read your"
    " scores.",
)
SUM_UP = T(
    "评分已经启封，请您作为组长查看各份评审（不具名），综合写出评审组的结论和意见；公布时以此为准。",
    "The scores are open. As the chair, please read what everybody said (without names) and write"
    " conclusion and opinion for the panel: they are what is published.",
)
_PLEASE_SUM_UP = T("请综合评审组意见：{title}", "Please sum up: {title}")
_ANSWER_SOON = T("提醒：请答复邀请：{title}", "Reminder, please answer: {title}")
_SCORE_SOON = T("提醒：请提交评审：{title}", "Reminder, your review is due: {title}")
_PLEASE_SCORE = T("请评审：{title}", "Please score: {title}")
PLEDGE = T(
    "我承诺：独立、客观、公正地评审，不受任何单位和个人的影响；不泄露评审材料、评审专家和评审意见；"
    "不利用评审谋取利益；如发现与评审对象有应当回避的关系，立即说明并回避。",
    "I pledge to judge independently, objectively and fairly, under nobody's influence; to disclose"
    " neither the material, nor who judges, nor any opinion; to draw no advantage from judging; and"
    " to say so at once and step back should a conflict of interest come to my notice.",
)
_LONGEST = 2000  # characters of the matter's own words
_SCORERS = frozenset({S.accepted, S.declared, S.submitted, S.locked, S.missing})


class SummaryAsked(BaseModel):
    """What a chair has before them to sum up, and what they have written so far."""

    heard: list[HeardLine]
    conclusion: Opinion | None
    summary: str | None
    summarised_at: datetime | None


class CriterionShown(BaseModel):
    code: str
    name: str
    max_points: Decimal
    weight: Decimal | None
    help: str | None


class SheetShown(BaseModel):
    """A score sheet as its author has it before them."""

    criteria: list[CriterionShown]
    scores: list[ScoreLine]
    opinion: Opinion | None
    comment: str | None
    saved_at: datetime | None
    submitted_at: datetime | None
    may: list[str]


def possible(work: Work, review: Review) -> tuple[str, ...]:
    """Return what this actor may do with a review now; who may hand in may also keep a draft."""
    moves = verdict(LIFECYCLE, work.actor, review).allowed
    return tuple(m for move in moves for m in (("draft", move) if move == "submit" else (move,)))


async def sheet_of(work: Work, review: Review) -> SheetShown:
    """Return the author's own sheet. Raises NotFound for anybody else."""
    if work.actor.party_id != review.expert_id:
        raise NotFound
    kept = await sealing.readable(work, review)
    return SheetShown(
        criteria=[
            CriterionShown(code=code, **criterion.model_dump())
            for code, criterion in coded(review.criteria).items()
        ],
        scores=kept.sheet.scores,
        opinion=kept.sheet.opinion,
        comment=kept.sheet.comment,
        saved_at=kept.saved_at,
        submitted_at=review.submitted_at,
        may=[one for one in possible(work, review) if one in ("draft", "submit")],
    )


async def told(work: Work, review: Review) -> Asked:
    """Return what a review asks, in the words of its matter."""
    expected, heading = _asked_for(review)
    mine = work.actor.party_id == review.expert_id and review.state in _SCORERS
    return Asked(
        title=review.title,
        subject=review.subject,
        text=await matter(work, review.project_id, review.need_id),
        expected=expected,
        heading=heading,
        may=possible(work, review),
        meeting_on=review.meeting_on,
        place=review.place,
        online_url=review.online_url,
        answer_by=review.answer_by,
        review_by=review.review_by,
        pledge=PLEDGE,
        pledged_at=review.declared_at,
        sheet=await sheet_of(work, review) if mine else None,
        to_sum_up=_to_sum_up(review) if "summarise" in possible(work, review) else None,
    )


def _asked_for(review: Review) -> tuple[T, T]:
    """Return what is expected of a reviewer now, and how a letter about it is headed."""
    if review.summary_since is not None:
        return SUM_UP, _PLEASE_SUM_UP
    begun = review.scoring_since is not None and review.state in AGREED
    if review.lent and review.contested_at is None and not begun:
        return WHAT_TO_DO, ANSWERED_FOR_YOU
    if begun:
        return BEGUN, _SCORE_SOON if review.review_reminded_at else _PLEASE_SCORE
    reminded = review.state is S.invited and review.answer_reminded_at is not None
    return EXPECTED, _ANSWER_SOON if reminded else INVITATION


def _to_sum_up(review: Review) -> SummaryAsked:
    return SummaryAsked(
        heard=[HeardLine.model_validate(line) for line in review.heard],
        conclusion=review.conclusion,
        summary=review.summary,
        summarised_at=review.summarised_at,
    )


async def matter(work: Work, project_id: UUID | None, need_id: UUID | None) -> str:
    """Return what the project or need says of itself, as far as this actor may read it."""
    name, record_id, field = ("projects", project_id, "summary")
    if need_id is not None:
        name, record_id, field = ("needs", need_id, "description")
    if record_id is None:
        return ""
    try:
        row = await reading.one(work, directory.named(name), record_id)
    except NotFound:
        return ""
    return str(row.get(field) or "")[:_LONGEST]


ASK = Ask(
    register=seats.NAME,
    askers=CENTRE,
    open_in=frozenset({S.invited, S.accepted, S.declared}),
    expert_of=lambda review: review.expert_id,
    until=seats.link_until,
    told=told,
    answers=("accept", "decline", "recuse", "declare", "summarise", "contest"),
    draft=review_service.draft,
    submit="submit",
    own_link_at="declare",
    reissue=review_service.reissue,
)
