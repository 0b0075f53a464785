"""The words of the service log."""

from collections.abc import Mapping

from app.access.roles import CENTRE, LABELS, PARK
from app.core.labels import T
from app.ledgers.service_log.models import Channel, ServiceKind
from app.ledgers.service_log.permissions import INSIDE
from app.registers.fields import F

SECTIONS = {
    "work": T("服务内容", "The service"),
    "whom": T("服务对象", "For whom"),
    "who": T("服务人员", "By whom"),
}

KINDS: Mapping[str, T] = {
    ServiceKind.visit: T("走访", "Visit"),
    ServiceKind.policy_promotion: T("政策宣传", "Making policies known"),
    ServiceKind.policy_guidance: T("政策辅导", "Policy guidance"),
    ServiceKind.training: T("培训", "Training"),
    ServiceKind.argumentation: T("项目论证", "Argumentation of a project"),
    ServiceKind.application: T("项目申报", "Application for a project"),
    ServiceKind.matchmaking: T("需求对接", "Matchmaking"),
    ServiceKind.achievement_discovery: T("成果发现", "Discovery of achievements"),
    ServiceKind.patent: T("专利服务", "Patents"),
    ServiceKind.financing: T("科技融资", "Financing"),
    ServiceKind.other: T("其他", "Other"),
}
CHANNELS: Mapping[str, T] = {
    Channel.on_wall: T("上墙", "On the notice board"),
    Channel.door_to_door: T("上门", "At the enterprise"),
    Channel.online: T("上网", "Online"),
    Channel.phone: T("电话", "Telephone"),
    Channel.at_station: T("来站", "At the workstation"),
    Channel.event: T("活动", "Event"),
    Channel.other: T("其他", "Other"),
}

FIELDS = (
    F(
        "title",
        T("标题", "Title"),
        section="work",
        synonyms=("事项", "服务事项"),
        search="A",
        in_list=True,
    ),
    F("served_on", T("服务日期", "Date"), section="work", synonyms=("日期", "时间"), in_list=True),
    F(
        "kind",
        T("服务类型", "Kind"),
        section="work",
        choices=KINDS,
        synonyms=("类型",),
        facet=True,
        in_list=True,
    ),
    F(
        "channel",
        T("服务方式", "Channel"),
        section="work",
        choices=CHANNELS,
        synonyms=("方式",),
        facet=True,
        in_list=True,
    ),
    F("content", T("服务内容", "What was done"), section="work", synonyms=("内容",), search="B"),
    F("result", T("服务成效", "Result"), section="work", synonyms=("成效", "结果"), search="C"),
    F(
        "next_step",
        T("下一步安排", "Next step"),
        section="work",
        synonyms=("下一步", "下一步工作"),
        disclosed=INSIDE,
    ),
    F(
        "hours",
        T("服务时长", "Hours"),
        section="work",
        unit=T("小时", "hours"),
        synonyms=("用时", "工时", "时长"),
    ),
    F(
        "enterprise_ids",
        T("服务企业", "Enterprises"),
        section="whom",
        reference="enterprises",
        synonyms=("企业", "企业名称"),
        in_list=True,
        sheet=False,
        disclosed=INSIDE,
    ),
    F(
        "audience",
        T("其他服务对象", "Other audience"),
        help=T("没有具体企业时填写，如“园区全体企业”", "When it was for no single enterprise"),
        section="whom",
        synonyms=("服务对象", "对象"),
        search="D",
    ),
    F("need_id", T("关联需求", "Need"), section="whom", reference="needs", sheet=False),
    F("project_id", T("关联项目", "Project"), section="whom", reference="projects", sheet=False),
    F(
        "staff",
        T("服务人员", "Staff"),
        section="who",
        synonyms=("工作人员", "参加人员"),
        search="D",
        in_list=True,
    ),
)

COMPUTED = (
    F(
        "acted_as",
        T("以何身份", "Acted as"),
        section="who",
        choices={role.value: LABELS[role] for role in PARK | CENTRE},
        facet=True,
        sheet=False,
    ),
    F("organisation_name", T("所属机构", "Organisation"), section="who", in_list=True, sheet=False),
    F("automatic", T("自动记录", "Written automatically"), section="who", facet=True, sheet=False),
    F("source_verb", T("来源操作", "Source act"), section="who", sheet=False),
    F(
        "confirmed_by",
        T("已确认企业", "Confirmed by"),
        section="whom",
        reference="enterprises",
        sheet=False,
        disclosed=INSIDE,
    ),
    F(
        "disputed_by",
        T("有异议企业", "Disputed by"),
        section="whom",
        reference="enterprises",
        sheet=False,
        disclosed=INSIDE,
    ),
)
