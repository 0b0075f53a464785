"""What the choices and fields of a project are called, and in which section they stand."""

from app.core.labels import T
from app.libraries.projects.models import (
    BudgetSource,
    MajorKind,
    ProjectKind,
    ProjectLevel,
    UndertakerRole,
)
from app.registers.fields import F

KINDS: dict[str, T] = {
    ProjectKind.research: T("技术攻关", "Research"),
    ProjectKind.transformation: T("成果转化", "Transformation of results"),
    ProjectKind.industrialisation: T("产业化", "Industrialisation"),
    ProjectKind.platform: T("平台建设", "Platform"),
    ProjectKind.talent: T("人才团队", "Talent"),
    ProjectKind.cooperation: T("科技合作", "Cooperation"),
    ProjectKind.other: T("其他", "Other"),
}
LEVELS: dict[str, T] = {
    ProjectLevel.state: T("国家级", "State"),
    ProjectLevel.province: T("省级", "Province"),
    ProjectLevel.city: T("市级", "City"),
    ProjectLevel.park: T("园区级", "Park"),
}
MAJOR: dict[str, T] = {
    MajorKind.programme: T("重大项目", "Major programme"),
    MajorKind.achievement: T("重大成果转化", "Major achievement"),
    MajorKind.platform: T("重大平台", "Major platform"),
    MajorKind.facility: T("重大载体", "Major facility"),
}
ROLES: dict[str, T] = {
    UndertakerRole.lead: T("牵头", "Lead"),
    UndertakerRole.participant: T("参与", "Participant"),
}
SOURCES: dict[str, T] = {
    BudgetSource.state: T("国家拨款", "State grant"),
    BudgetSource.province: T("省级拨款", "Province grant"),
    BudgetSource.city: T("市级拨款", "City grant"),
    BudgetSource.park: T("园区拨款", "Park grant"),
    BudgetSource.own: T("自筹", "Own funds"),
    BudgetSource.loan: T("贷款", "Loan"),
    BudgetSource.other: T("其他", "Other"),
}
SECTIONS: dict[str, T] = {
    "basics": T("基本信息", "Basics"),
    "partners": T("承担单位", "Undertakers"),
    "content": T("研究内容", "Content"),
    "money": T("经费与周期", "Budget and period"),
}
MONEY = T("万元", "10,000 CNY")

UNDERTAKERS = (
    F("enterprise_id", T("台账企业", "Enterprise"), reference="enterprises"),
    F("name", T("单位名称", "Organisation")),
    F("uscc", T("统一社会信用代码", "Credit code")),
    F("role", T("角色", "Role"), choices=ROLES),
)
BUDGET = (
    F("source", T("来源", "Source"), choices=SOURCES),
    F("amount", T("金额", "Amount"), unit=MONEY),
)
MILESTONES = (
    F("name", T("里程碑", "Milestone")),
    F("due", T("计划完成", "Due")),
    F("done_on", T("实际完成", "Done on")),
    F("result", T("完成情况", "Result")),
)

FIELDS = (
    F(
        "title",
        T("项目名称", "Title"),
        section="basics",
        search="A",
        pinyin=True,
        in_list=True,
        synonyms=("名称", "课题名称"),
    ),
    F("project_no", T("项目编号", "Project number"), section="basics", search="A"),
    F(
        "kind",
        T("项目类型", "Kind"),
        section="basics",
        choices=KINDS,
        facet=True,
        in_list=True,
    ),
    F("level", T("级别", "Level"), section="basics", choices=LEVELS, facet=True, in_list=True),
    F(
        "programme",
        T("计划类别", "Programme"),
        T("如：国家重点研发计划、省成果转化专项资金。", "e.g. a national key programme."),
        section="basics",
        search="C",
    ),
    F("major", T("四个重大", "Major"), section="basics", choices=MAJOR, facet=True),
    F(
        "undertakers",
        T("承担单位", "Undertakers"),
        T(
            "牵头单位只填一家；台账企业的名称和代码自动带出。",
            "One leads; an enterprise of the ledger brings its name and code along.",
        ),
        section="partners",
        columns=UNDERTAKERS,
        search="B",
        sheet=False,
    ),
    F(
        "leader_name",
        T("项目负责人", "Leader"),
        section="partners",
        search="B",
        synonyms=("负责人", "主持人"),
    ),
    F(
        "hightech_field",
        T("高新技术领域", "High-tech field"),
        section="content",
        scheme="hightech_field",
        facet=True,
        in_list=True,
        synonyms=("技术领域",),
    ),
    F(
        "industry_code",
        T("国民经济行业", "Industry"),
        section="content",
        scheme="industry",
        synonyms=("行业",),
    ),
    F("summary", T("主要内容", "Summary"), section="content", search="C", synonyms=("简介",)),
    F("keywords", T("关键词", "Keywords"), section="content", search="B"),
    F("trl", T("技术成熟度", "TRL"), T("1—9 级", "1 to 9"), section="content"),
    F(
        "budget_lines",
        T("经费来源", "Budget by source"),
        section="money",
        columns=BUDGET,
        sheet=False,
    ),
    F("period_from", T("开始日期", "From"), section="money", synonyms=("起始日期",)),
    F("period_to", T("结束日期", "Until"), section="money", synonyms=("完成日期",)),
    F("milestones", T("里程碑", "Milestones"), section="money", columns=MILESTONES, sheet=False),
)
COMPUTED = (
    F("budget", T("总经费", "Total budget"), section="money", unit=MONEY, in_list=True),
    F("approval_no", T("立项文号", "Approval number"), section="basics", search="B"),
    F("approved_on", T("立项日期", "Approved on"), section="basics"),
)
