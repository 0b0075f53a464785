"""What the fields of a draw are called, and in which section they stand."""

from app.core.labels import T
from app.matching.draws.models import DrawMethod
from app.matching.draws.permissions import PLANNED
from app.registers.fields import F

SECTIONS: dict[str, T] = {
    "draw": T("抽取事项", "Draw"),
    "quotas": T("名额", "Seats and quotas"),
    "pool": T("名单范围", "Pool"),
    "chance": T("随机来源", "Source of chance"),
    "course": T("经过", "Course"),
}
METHODS: dict[str, T] = {
    DrawMethod.commit_reveal: T("双方承诺后公开", "Promised by two, then shown"),
    DrawMethod.beacon: T("公共随机值", "Public value"),
}
_PEOPLE, _HOURS = T("人", "persons"), T("小时", "hours")

_DRAW = (
    F(
        "title",
        T("抽取名称", "Title"),
        T("封存名单后即公开，请勿写入保密内容。", "It is public once the pool is frozen."),
        section="draw",
        search="A",
        in_list=True,
    ),
    F("need_id", T("需求", "Need"), section="draw", reference="needs"),
    F("project_id", T("项目", "Project"), section="draw", reference="projects", in_list=True),
    F(
        "subject_note",
        T("事项说明", "What it is for"),
        T("不针对需求或项目时填写。", "Where it is for neither a need nor a project."),
        section="draw",
        search="C",
    ),
    F("review_on", T("评审日期", "Review on"), section="draw"),
    F(
        "concerned",
        T("另需回避的单位", "Organisations concerned besides"),
        section="draw",
        columns=(
            F("organisation", T("单位名称", "Organisation")),
            F("uscc", T("统一社会信用代码", "Credit code")),
        ),
        sheet=False,
    ),
    F(
        "avoid",
        T("申请方要求回避的专家", "Experts the applicant asks not to have"),
        T("最多 3 人。", "Three at most."),
        section="draw",
        disclosed=PLANNED,
        sheet=False,
    ),
)
_QUOTAS = (
    F("size", T("抽取人数", "Members"), section="quotas", unit=_PEOPLE, in_list=True),
    F("alternates", T("候补人数", "Alternates"), section="quotas", unit=_PEOPLE),
    F("per_unit_max", T("同一单位最多", "At most of one unit"), section="quotas", unit=_PEOPLE),
    F(
        "technical_min_percent",
        T("技术专家比例不低于", "Technical experts at least"),
        section="quotas",
        unit=T("%", "%"),
    ),
    F(
        "finance_min",
        T("财务专家不少于", "Finance experts at least"),
        section="quotas",
        unit=_PEOPLE,
    ),
    F(
        "offsite_min",
        T("异地专家不少于", "Off-site experts at least"),
        section="quotas",
        unit=_PEOPLE,
    ),
)
_POOL = (
    F(
        "division_code",
        T("评审所在地行政区划代码", "Division code of the review's place"),
        T("不填则按园区所在地。", "Empty: where the park lies."),
        section="pool",
    ),
    F(
        "hightech_fields",
        T("技术领域", "Fields"),
        T("具备其中任一领域即可；不填则不限。", "Any of these; empty: all."),
        section="pool",
        scheme="hightech_field",
    ),
    F(
        "top_n",
        T("匹配度前列", "Best matches"),
        T(
            "只决定谁进入名单，不影响抽中的机会；不填则不限。",
            "It decides who is in the pool, never the chances in it; empty: all.",
        ),
        section="pool",
        unit=_PEOPLE,
    ),
)
_CHANCE = (
    F("method", T("方式", "Method"), section="chance", choices=METHODS),
    F(
        "beacon",
        T("公共随机值的来源", "Which public value"),
        T(
            "事先写明，例如「2026年12月1日双色球开奖号码」；承诺方式下为逾期时的备用。",
            "Named before, e.g. the lottery numbers of a day; with promises it is the fallback.",
        ),
        section="chance",
    ),
    F("reveal_within_hours", T("公开期限", "Time to show"), section="chance", unit=_HOURS),
    F(
        "supersedes_id",
        T("上一次抽取", "Former draw"),
        T(
            "同一事项已抽取过的，注明被取代（已作废）或接续（已公布）的那一次。",
            "Where the matter was drawn for before: the void or published draw that this follows.",
        ),
        section="chance",
        reference="draws",
    ),
    F("ordered_by", T("再次抽取决定人", "Who ordered another draw"), section="chance"),
    F(
        "redraw_reason",
        T("再次抽取理由", "Why there is another draw"),
        T("将予公开。", "It is made public."),
        section="chance",
    ),
)
FIELDS = (*_DRAW, *_QUOTAS, *_POOL, *_CHANCE)
COMPUTED = (
    F("requested_by", T("申请人", "Requested by"), section="course"),
    F("root", T("名单根", "Root of the pool"), section="course", sheet=False),
    F("terms_hash", T("条件摘要", "Hash of the terms"), section="course", sheet=False),
    F("rules_version", T("回避规则版本", "Rules"), section="course", sheet=False),
    F("pool_size", T("入册人数", "In the pool"), section="course", unit=_PEOPLE),
    F("qualified", T("合格人数", "Qualified"), section="course", unit=_PEOPLE),
    F("frozen_at", T("封存时间", "Frozen at"), section="course"),
    F("frozen_by", T("封存人", "Frozen by"), section="course"),
    F("operator", T("主持人", "Operator"), section="course"),
    F("operator_shown_at", T("主持人公开时间", "Operator's number shown"), section="course"),
    F("witness", T("见证人", "Witness"), section="course"),
    F("witness_shown_at", T("见证人公开时间", "Witness's number shown"), section="course"),
    F("reveal_due_at", T("公开期限至", "Numbers due"), section="course"),
    F("beacon_value", T("公共随机值", "Public value"), section="course"),
    F("seed", T("种子", "Seed"), section="course", sheet=False),
    F("drawn_at", T("抽取时间", "Drawn at"), section="course"),
    F("released_at", T("复核时间", "Released at"), section="course"),
    F("released_by", T("复核人", "Released by"), section="course"),
    F("published_at", T("公布时间", "Published at"), section="course"),
    F("void_reason", T("作废理由", "Why void"), section="course"),
    F("voided_by", T("作废人", "Voided by"), section="course"),
    F("voided_at", T("作废时间", "Voided at"), section="course"),
)
