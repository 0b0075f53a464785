"""The declaration of the matches."""

from collections.abc import Sequence

from app.core.errors import FieldError
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.matching.invitations import contesting
from app.matching.matches import leaving, service
from app.matching.matches.lifecycle import LIFECYCLE, REJECT_CODES
from app.matching.matches.models import CandidateKind, Match, MatchBody, PartName
from app.matching.matches.permissions import ANSWERED, JUDGED, RIGHTS, visible_to
from app.registers.fields import F
from app.registers.register import Floor, Register

_TAKEN = T(
    "该对象已经在对接名单中，请直接打开那一条办理。",
    "This candidate has been proposed already; open that record and go on there.",
)
_ONE = T(
    "需求和项目须填写其中之一，且只填一项；请检查。",
    "Give either a need or a project, just one of them.",
)

CONSTRAINTS["uq_match_need_candidate"] = ("/candidate_id", _TAKEN)
CONSTRAINTS["uq_match_project_candidate"] = ("/candidate_id", _TAKEN)
CONSTRAINTS["ck_match_need_or_project"] = ("/need_id", _ONE)

_KINDS: dict[str, T] = {
    CandidateKind.experts: T("专家", "Expert"),
    CandidateKind.achievements: T("成果", "Achievement"),
    CandidateKind.projects: T("项目", "Project"),
    CandidateKind.needs: T("已解决的相似需求", "Similar need, solved"),
}
_PARTS: dict[str, T] = {
    PartName.text: T("文本", "Text"),
    PartName.bm25: T("用词", "Words"),
    PartName.cosine: T("整体相似", "Likeness of the whole"),
    PartName.vectors: T("近义", "Related words"),
    PartName.alike: T("相近对象", "Those alike"),
    PartName.embedding: T("语义向量", "Embedding"),
    PartName.field: T("领域", "Field"),
    PartName.keyword: T("关键词", "Keyword"),
}
_FIELDS = (
    F("need_id", T("需求", "Need"), section="match", reference="needs", in_list=True),
    F("project_id", T("项目", "Project"), section="match", reference="projects"),
    F(
        "candidate_kind",
        T("对象类别", "Kind of candidate"),
        section="match",
        choices=_KINDS,
        facet=True,
    ),
    F("candidate_id", T("对象", "Record"), section="match", reference_by="candidate_kind"),
    F("note", T("备注", "Remark"), section="match", search="C", disclosed=JUDGED),
)
_COMPUTED = (
    F(
        "candidate_label",
        T("对接对象", "Candidate"),
        section="match",
        search="A",
        in_list=True,
    ),
    F(
        "score",
        T("匹配度", "Score"),
        section="judgement",
        in_list=True,
        disclosed=JUDGED,
    ),
    F(
        "parts",
        T("得分构成", "Parts"),
        section="judgement",
        columns=(
            F("part", T("项", "Part"), choices=_PARTS),
            F("points", T("得分", "Points")),
        ),
        disclosed=JUDGED,
    ),
    F(
        "documents",
        T("主要依据", "Documents"),
        section="judgement",
        columns=(
            F("title", T("题名", "Title")),
            F("share", T("占比", "Share")),
            F("year", T("年份", "Year")),
        ),
        disclosed=JUDGED,
    ),
    F(
        "reasons",
        T("推荐理由", "Reasons"),
        section="judgement",
        columns=(
            F("text", T("原文", "Words")),
            F("field", T("出处字段", "Field")),
            F("source", T("出处", "Source")),
        ),
        disclosed=JUDGED,
    ),
    F(
        "conflicts",
        T("回避情形", "Conflicts"),
        section="judgement",
        columns=(
            F("code", T("规则", "Rule")),
            F("reason", T("说明", "Reason")),
            F("evidence", T("依据", "Evidence")),
        ),
        disclosed=JUDGED,
    ),
    F("checked_on", T("回避核对日期", "Checked on"), section="judgement", disclosed=JUDGED),
    F("rules_version", T("回避规则版本", "Rules"), section="judgement", disclosed=JUDGED),
    F("index_version", T("索引版本", "Index"), section="judgement", disclosed=JUDGED),
    F("weights_version", T("权重版本", "Weights"), section="judgement", disclosed=JUDGED),
    F(
        "reject_code",
        T("未选用原因", "Why not taken"),
        section="judgement",
        choices=REJECT_CODES,
        facet=True,
        disclosed=JUDGED,
    ),
    F(
        "reject_reason",
        T("未选用说明", "Why not taken, in words"),
        section="judgement",
        disclosed=JUDGED,
    ),
    F("result", T("对接结果", "Result"), section="match"),
    F(
        "lent",
        T("凭工作人员经手的链接答复", "Answered by a link staff had"),
        section="match",
        disclosed=ANSWERED,
    ),
    F(
        "contested_at",
        T("本人否认答复时间", "Answer contested at"),
        section="match",
        disclosed=ANSWERED,
    ),
)


def wrong_in(body: MatchBody) -> Sequence[FieldError]:
    """Return the error of a match for nothing, or for two things at once."""
    if (body.need_id is None) == (body.project_id is None):
        return [FieldError("/need_id", "one_of", _ONE)]
    return []


REGISTER: Register[Match, MatchBody] = Register(
    name=service.NAME,
    label=T("对接记录", "Matches"),
    label_one=T("对接记录", "Match"),
    floor=Floor.matching,
    row=Match,
    body=MatchBody,
    fields=_FIELDS,
    computed_fields=_COMPUTED,
    title_field="candidate_label",
    rights=RIGHTS,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    sections={
        "match": T("对接", "Match"),
        "judgement": T("评判", "Judgement"),
    },
    place=service.place,
    check=wrong_in,
    check_write=service.judge,
    fixed=lambda _: service.FIXED,
    on_move={
        "choose": service.on_choose,
        "reject": service.on_reject,
        "reconsider": service.on_reconsider,
        "invite": service.on_invite,
        "accept": leaving.on_accept,
        "contest": leaving.on_contest,
        "decline": leaving.on_leave,
        "recuse": leaving.on_leave,
        "finish": service.on_finish,
        "finish_without_help": service.on_finish,
    },
    guard_columns=("candidate_kind", "candidate_id", *contesting.GUARDED),
)
