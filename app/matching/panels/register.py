"""The declarations of the panels and of the reviews."""

import re
from collections.abc import Sequence

from app.core.errors import FieldError
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.matching.invitations import contesting
from app.matching.panels import announcing, publishing, review_service, seats, service, words
from app.matching.panels.lifecycle import LIFECYCLE, fixed_in
from app.matching.panels.models import ChoosingMode, Criterion, Panel, PanelBody, Review, ReviewBody
from app.matching.panels.permissions import (
    PANEL_RIGHTS,
    REVIEW_RIGHTS,
    panels_visible_to,
    reviews_visible_to,
)
from app.matching.panels.review_lifecycle import LIFECYCLE as REVIEW_LIFECYCLE
from app.registers.history import VERBS
from app.registers.register import Floor, Register

_ONE = T(
    "还没有写明评审什么，请填写项目、需求或评审事项其中之一。",
    "The matter is missing: give a project, a need, or say it in words.",
)
_BOTH = T(
    "项目和需求只能填写其一，请清空另一项。",
    "Either a project or a need, not both: empty one of them.",
)
_DRAWN = T(
    "这次抽取已经用于另一个评审组，请选择其他抽取，或重新抽取。",
    "This draw has been used for another panel; choose another, or draw anew.",
)
_ROOM = T(
    "席位数不能少于最少人数，请增加席位，或减少最少人数。",
    "There must be seats for the least number of members; add seats, or lower that number.",
)
_BY_DRAW = T(
    "产生方式是随机抽取，须注明抽取记录，请选择。", "The members come from a draw: choose which."
)
_NOT_DRAWN = T(
    "抽取记录仅在随机抽取时注明，请清空这一项，或改变产生方式。",
    "A draw is named only where members are drawn by lot; empty this, or change how they are"
    " chosen.",
)
_BY_LOT = T(
    "随机抽取的名单由抽取结果确定，不能手工填写；请清空这一项。",
    "The lot decides who sits; empty this field.",
)
_TWICE = T("同一位专家选了两次，请去掉一次。", "The same expert is chosen twice; take one out.")
_ORDER = T(
    "评审期限不能早于答复期限，请核对这两个日期。",
    "Reviews are due before answers are; check both days.",
)
_WEB = T(
    "这不是网址，请写成以 http:// 或 https:// 开头的完整网址。",
    "Not a web address: write it in full, starting with http:// or https://.",
)
_WEB_SHAPE = re.compile(r"https?://[^\s<>\"']+")
_SAME_NAME = T(
    "评审项名称重复，请换一个名称。", "Another criterion has this name; choose a different one."
)

CONSTRAINTS["ck_panel_one_subject"] = ("/project_id", _ONE)
CONSTRAINTS["ck_panel_room_for_the_least"] = ("/size", _ROOM)
CONSTRAINTS["uq_panel_draw"] = ("/draw_id", _DRAWN)
CONSTRAINTS["uq_review_seat"] = ("/experts", _TWICE)

VERBS.update(
    {
        "invite": T("发出邀请", "Invited"),
        "retell": T("安排变更", "Arrangements changed"),
        "promote": T("候补递补", "Moved up"),
        "begin": T("开始评审", "Scoring begun"),
        "leave": T("离席", "Taken off"),
        "lock": T("封存", "Locked"),
        "remind": T("提醒期限", "Reminded"),
        "chair": T("组长变更", "Chair named or dismissed"),
        "summary": T("请组长综合意见", "Chair asked to sum up"),
        "open": T("启封", "Opened"),
    }
)


def wrong_in(body: PanelBody) -> Sequence[FieldError]:
    """Return what contradicts itself in a panel."""
    found = _wrong_subject(body)
    if body.size < body.min_members:
        found.append(FieldError("/size", "too_small", _ROOM))
    seen = body.experts[:0]
    for place, expert in enumerate(body.experts):
        if expert in seen:
            found.append(FieldError(f"/experts/{place}", "duplicate", _TWICE))
        seen = [*seen, expert]
    if body.online_url and not _WEB_SHAPE.fullmatch(body.online_url):
        found.append(FieldError("/online_url", "invalid", _WEB))
    if body.answer_by and body.review_by and body.review_by < body.answer_by:
        found.append(FieldError("/review_by", "before_start", _ORDER))
    return found + _repeated(body)


def _repeated(body: PanelBody) -> list[FieldError]:
    names = [
        criterion.name.casefold() for criterion in map(Criterion.model_validate, body.criteria)
    ]
    return [
        FieldError(f"/criteria/{place}/name", "duplicate", _SAME_NAME)
        for place, name in enumerate(names)
        if name in names[:place]
    ]


def _wrong_subject(body: PanelBody) -> list[FieldError]:
    found = []
    drawn = body.mode is ChoosingMode.draw
    if body.need_id and body.project_id:
        found.append(FieldError("/need_id", "one_of", _BOTH))
    elif not drawn and not (body.need_id or body.project_id or body.subject_note):
        found.append(FieldError("/project_id", "one_of", _ONE))
    if drawn and body.draw_id is None:
        found.append(FieldError("/draw_id", "missing", _BY_DRAW))
    if not drawn and body.draw_id is not None:
        found.append(FieldError("/draw_id", "not_drawn", _NOT_DRAWN))
    if drawn and body.experts:
        found.append(FieldError("/experts", "not_writable", _BY_LOT))
    return found


PANELS: Register[Panel, PanelBody] = Register(
    name=service.NAME,
    label=T("评审组", "Panels"),
    label_one=T("评审组", "Panel"),
    floor=Floor.matching,
    row=Panel,
    body=PanelBody,
    fields=words.PANEL_FIELDS,
    computed_fields=words.PANEL_COMPUTED,
    title_field="title",
    rights=PANEL_RIGHTS,
    evidence=True,
    visible_to=panels_visible_to,
    lifecycle=LIFECYCLE,
    sections=words.PANEL_SECTIONS,
    place=service.place,
    check=wrong_in,
    check_write=service.check,
    after_write=service.settle,
    on_move={
        "invite": service.on_invite,
        "fill": service.on_fill,
        "confirm": service.on_confirm,
        "begin": service.on_begin,
        "lock": service.on_lock,
        "open": service.on_open,
        "publish": publishing.on_publish,
        "announce": announcing.on_announce,
        "retract": announcing.on_retract,
        "cancel": service.on_cancel,
    },
    fixed=lambda panel: fixed_in(panel.state, panel.mode, chaired=panel.chaired),
    guard_columns=("locked_by_id", "mode", "chaired", "announced_on"),
)

REVIEWS: Register[Review, ReviewBody] = Register(
    name=seats.NAME,
    label=T("评审", "Reviews"),
    label_one=T("评审", "Review"),
    floor=Floor.matching,
    row=Review,
    body=ReviewBody,
    fields=words.REVIEW_FIELDS,
    computed_fields=words.REVIEW_COMPUTED,
    title_field="title",
    rights=REVIEW_RIGHTS,
    evidence=True,
    visible_to=reviews_visible_to,
    lifecycle=REVIEW_LIFECYCLE,
    guard_columns=(
        "expert_id",
        "scoring_since",
        "summary_since",
        "is_chair",
        *contesting.GUARDED,
    ),
    sections=words.REVIEW_SECTIONS,
    on_move={
        "accept": review_service.on_accept,
        "decline": review_service.on_leave,
        "recuse": review_service.on_leave,
        "declare": review_service.on_declare,
        "submit": review_service.on_submit,
        "summarise": review_service.on_summarise,
        "contest": review_service.on_contest,
        "replace": review_service.on_replace,
    },
)
