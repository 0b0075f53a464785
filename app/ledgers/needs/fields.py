"""The words of the ledger of needs."""

from collections.abc import Mapping
from dataclasses import replace

from app.access.roles import Role
from app.core.labels import T
from app.ledgers.enterprises.indicators import WAN_YUAN
from app.ledgers.needs.forms import REJECT_CODES
from app.ledgers.needs.lifecycle import LIFECYCLE
from app.ledgers.needs.models import (
    ClockState,
    Confidentiality,
    CooperationMode,
    HandlingLevel,
    NeedKind,
)
from app.ledgers.needs.permissions import AVOIDANCE, FOR_STAFF, NOT_FOR_EXPERTS, PERSONAL
from app.registers.fields import F

SECTIONS = {
    "need": T("需求内容", "The need"),
    "technology": T("技术要求", "Technology"),
    "terms": T("合作条件", "Terms"),
    "contact": T("联系方式", "Contact"),
    "handling": T("办理情况", "Handling"),
    "public": T("公开发布", "Publication"),
    "outcome": T("解决与回访", "Outcome"),
}
KINDS: Mapping[str, T] = {
    NeedKind.technology: T("技术攻关", "Technology"),
    NeedKind.achievement_import: T("成果引进", "Bringing in results"),
    NeedKind.testing: T("检验检测", "Testing"),
    NeedKind.talent: T("人才", "Talent"),
    NeedKind.funding: T("资金", "Funding"),
    NeedKind.policy: T("政策", "Policy"),
    NeedKind.patent: T("专利", "Patents"),
    NeedKind.other: T("其他", "Other"),
}
MODES: Mapping[str, T] = {
    CooperationMode.commissioned_development: T("委托开发", "Commissioned development"),
    CooperationMode.joint_development: T("联合开发", "Joint development"),
    CooperationMode.technology_transfer: T("技术转让", "Technology transfer"),
    CooperationMode.technology_licence: T("技术许可", "Technology licence"),
    CooperationMode.technical_consulting: T("技术咨询", "Technical consulting"),
    CooperationMode.technical_service: T("技术服务", "Technical service"),
    CooperationMode.equity: T("作价入股", "Technology for shares"),
    CooperationMode.other: T("其他", "Other"),
}
CONFIDENTIALITIES: Mapping[str, T] = {
    Confidentiality.public: T("可公开", "Public"),
    Confidentiality.internal: T("内部", "Internal"),
    Confidentiality.confidential: T("商业秘密", "Confidential"),
}
LEVELS: Mapping[str, T] = {
    HandlingLevel.station: T("工作站", "Workstation"),
    HandlingLevel.centre: T("生产力促进中心", "Centre"),
    HandlingLevel.province: T("省级", "Province"),
}
CLOCKS: Mapping[str, T] = {
    ClockState.idle: T("未开始", "Not started"),
    ClockState.running: T("计时中", "Running"),
    ClockState.paused: T("暂停计时", "Paused"),
    ClockState.met: T("按期答复", "Answered in time"),
    ClockState.missed: T("逾期答复", "Answered late"),
}
_STATES = {state.value: told.label for state, told in LIFECYCLE.states.items()}

FIELDS = (
    F(
        "title",
        T("需求名称", "Title"),
        section="need",
        synonyms=("需求标题", "标题", "名称", "技术需求名称"),
        search="A",
        in_list=True,
    ),
    F(
        "description",
        T("需求描述", "Description"),
        help=T("遇到什么问题，希望得到什么", "What the problem is and what is hoped for"),
        section="need",
        synonyms=("需求内容", "描述", "技术需求描述"),
        search="B",
    ),
    F(
        "enterprise_id",
        T("企业", "Enterprise"),
        section="need",
        reference="enterprises",
        synonyms=("企业名称", "统一社会信用代码", "需求单位"),
        in_list=True,
        disclosed=NOT_FOR_EXPERTS,
        writers=frozenset({Role.station_staff}),
        required_for=frozenset({Role.station_staff}),
    ),
    F(
        "kind",
        T("需求类型", "Kind"),
        section="need",
        choices=KINDS,
        synonyms=("类型", "需求类别"),
        facet=True,
        in_list=True,
    ),
    F("keywords", T("关键词", "Keywords"), section="need", synonyms=("关键字",), search="B"),
    F(
        "current_state",
        T("现状", "Present state"),
        section="technology",
        synonyms=("现有基础", "技术现状"),
        search="C",
    ),
    F(
        "target_metrics",
        T("指标要求", "Target figures"),
        section="technology",
        synonyms=("技术指标", "预期指标"),
        search="C",
    ),
    F(
        "hightech_field",
        T("高新技术领域", "High-tech field"),
        section="technology",
        scheme="hightech_field",
        synonyms=("技术领域", "所属领域", "领域"),
        facet=True,
        in_list=True,
    ),
    F(
        "industry_code",
        T("国民经济行业", "Industry"),
        section="technology",
        scheme="industry",
        synonyms=("行业代码", "所属行业", "行业"),
    ),
    F(
        "trl_now",
        T("当前技术成熟度", "Readiness now"),
        help=T("GB/T 22900,1 至 9 级", "GB/T 22900, levels 1 to 9"),
        section="technology",
    ),
    F("trl_target", T("目标技术成熟度", "Readiness wanted"), section="technology"),
    F(
        "budget",
        T("投入预算", "Budget"),
        section="terms",
        unit=WAN_YUAN,
        synonyms=("预算", "拟投入资金", "投入资金"),
        in_list=True,
        disclosed=NOT_FOR_EXPERTS,
    ),
    F(
        "cooperation_modes",
        T("合作方式", "Ways to cooperate"),
        section="terms",
        choices=MODES,
        synonyms=("拟合作方式",),
        facet=True,
    ),
    F(
        "deadline",
        T("期望完成时间", "Wanted by"),
        section="terms",
        synonyms=("完成时间", "截止日期", "期限"),
    ),
    F(
        "confidentiality",
        T("保密要求", "Confidentiality"),
        help=T("国家秘密不得填入本系统", "State secrets must not be entered here"),
        section="terms",
        choices=CONFIDENTIALITIES,
        synonyms=("密级", "是否保密"),
    ),
    F(
        "avoid_experts",
        T("希望回避的专家", "Experts to avoid"),
        help=T("最多三位；专家本人看不到", "Three at most; no expert sees this"),
        section="terms",
        reference="experts",
        sheet=False,
        disclosed=AVOIDANCE,
    ),
    F(
        "contact_name",
        T("联系人", "Contact"),
        section="contact",
        synonyms=("联系人姓名",),
        disclosed=NOT_FOR_EXPERTS,
    ),
    F(
        "contact_phone",
        T("联系电话", "Telephone"),
        section="contact",
        synonyms=("电话", "手机", "联系方式"),
        secret=True,
        disclosed=PERSONAL,
    ),
)


def _told(
    name: str,
    label: T,
    section: str,
    choices: Mapping[str, T] | None = None,
    search: str | None = None,
    *,
    facet: bool = False,
    in_list: bool = False,
    reference: str | None = None,
) -> F:
    """Return a computed field; experts see none of them."""
    return F(
        name,
        label,
        section=section,
        choices=choices,
        search=search,
        facet=facet,
        in_list=in_list,
        reference=reference,
        sheet=False,
        disclosed=NOT_FOR_EXPERTS,
    )


COMPUTED = (
    _told("number", T("需求编号", "Number"), "handling", search="A", in_list=True),
    _told("level", T("办理层级", "Level"), "handling", LEVELS, facet=True),
    _told("station_name", T("责任工作站", "Accountable station"), "handling", in_list=True),
    _told("handler_name", T("现办理机构", "In the hands of"), "handling"),
    _told("submitted_on", T("提交日期", "Submitted"), "handling"),
    _told("accepted_on", T("受理日期", "Accepted"), "handling"),
    _told("clock", T("承诺时限", "Promise clock"), "handling", CLOCKS, facet=True),
    _told("due_on", T("办理期限", "Due"), "handling", in_list=True),
    _told("due_unknown", T("期限未知（工作日历未公布）", "Due day unknown"), "handling"),
    _told("responded_on", T("答复日期", "Answered"), "handling"),
    _told("suspended_from", T("暂停前状态", "Suspended from"), "handling", _STATES),
    _told("reject_code", T("不予受理的类别", "Kind of refusal"), "handling", REJECT_CODES),
    replace(
        _told("merged_into", T("并入需求", "Merged into"), "handling", reference="needs"),
        disclosed=FOR_STAFF,  # it may be another enterprise's
    ),
    _told("published_at", T("发布时间", "Published"), "public"),
    _told("blind_title", T("脱敏标题", "Blind title"), "public"),
    _told("blind_text", T("脱敏公开稿", "Blind text"), "public"),
    _told("result", T("解决情况", "How it was solved"), "outcome", search="C"),
    _told("resolved_on", T("解决日期", "Resolved"), "outcome"),
    _told("confirmed", T("企业已确认", "Confirmed by the enterprise"), "outcome"),
    _told("confirmed_at", T("确认时间", "Confirmed at"), "outcome"),
    _told("follow_ups", T("回访次数", "Follow-ups"), "outcome"),
    _told("follow_up_due", T("下次回访日期", "Next follow-up"), "outcome"),
    _told("closed_on", T("结束日期", "Ended"), "outcome"),
    _told("closed_reason", T("结束原因", "Why it ended"), "outcome"),
)
