"""What the fields and choices of an expert are called, who sees them, and in which section."""

from app.access.roles import CENTRE
from app.core.labels import T
from app.libraries.experts.models import ConsentScope, Degree, Expertise, Gender, RelationKind
from app.libraries.experts.permissions import CONDUCT, DECLARED, PERSONAL, PROFESSIONAL
from app.registers.fields import F

DEGREES: dict[str, T] = {
    Degree.doctor: T("博士", "Doctor"),
    Degree.master: T("硕士", "Master"),
    Degree.bachelor: T("学士", "Bachelor"),
    Degree.other: T("其他", "Other"),
}
EXPERTISES: dict[str, T] = {
    Expertise.technical: T("技术", "Technical"),
    Expertise.finance: T("财务", "Finance"),
    Expertise.law: T("法律", "Law"),
    Expertise.management: T("管理", "Management"),
}
GENDERS: dict[str, T] = {Gender.female: T("女", "Female"), Gender.male: T("男", "Male")}
SCOPES: dict[str, T] = {
    ConsentScope.library: T("入库并向上级共享", "Kept and shared upward"),
    ConsentScope.match: T("参与对接", "Matched to needs"),
    ConsentScope.publish: T("公开姓名和领域", "Name and field published"),
}
RELATIONS: dict[str, T] = {
    RelationKind.spouse: T("配偶", "Spouse"),
    RelationKind.parent: T("父母", "Parent"),
    RelationKind.child: T("子女", "Child"),
    RelationKind.sibling: T("兄弟姐妹", "Sibling"),
    RelationKind.other: T("其他近亲属", "Other near relative"),
}
SECTIONS: dict[str, T] = {
    "person": T("个人信息", "Person"),
    "knowledge": T("专业领域", "Knowledge"),
    "career": T("任职与回避", "Career and recusal"),
    "availability": T("可用时间", "Availability"),
    "consent": T("授权与联系方式", "Consent and contact"),
    "conduct": T("履职评价", "Conduct"),
}
_ORGANISATION = (
    F("organisation", T("单位名称", "Organisation")),
    F("uscc", T("统一社会信用代码", "Credit code")),
)
_OFFICE = F("office", T("职务", "Office"))

_PERSON = (
    F(
        "name",
        T("姓名", "Name"),
        section="person",
        search="A",
        pinyin=True,
        in_list=True,
        synonyms=("专家姓名",),
    ),
    F(
        "title",
        T("职称", "Professional title"),
        section="person",
        in_list=True,
        facet=True,
    ),
    F("degree", T("学位", "Degree"), section="person", choices=DEGREES),
    F(
        "gender",
        T("性别", "Gender"),
        section="person",
        choices=GENDERS,
        disclosed=PROFESSIONAL,
    ),
    F(
        "organisation",
        T("工作单位", "Organisation"),
        section="person",
        search="B",
        in_list=True,
        synonyms=("单位", "所在单位"),
    ),
    F(
        "organisation_uscc",
        T("单位统一社会信用代码", "Organisation's credit code"),
        section="person",
        disclosed=PROFESSIONAL,
    ),
    F(
        "division_code",
        T("所在地行政区划代码", "Division code of the place of work"),
        T(
            "六位数字，例如 320500；抽取时据此区分异地专家。",
            "Six digits, such as 320500; draws tell off-site experts by it.",
        ),
        section="person",
        disclosed=PROFESSIONAL,
    ),
)
_KNOWLEDGE = (
    F(
        "expertise",
        T("专家类别", "Expertise"),
        T(
            "评审组的名额按类别计算；未填写而有技术领域的，算作技术专家。",
            "Panels count by it; one with a technical field and nothing here counts as technical.",
        ),
        section="knowledge",
        choices=EXPERTISES,
        facet=True,
        disclosed=PROFESSIONAL,
    ),
    F(
        "hightech_fields",
        T("技术领域", "Fields"),
        T("最多 5 项，按熟悉程度排列。", "Up to five, best known first."),
        section="knowledge",
        scheme="hightech_field",
        facet=True,
        in_list=True,
    ),
    F(
        "keywords",
        T("研究方向关键词", "Keywords"),
        section="knowledge",
        search="A",
        synonyms=("关键词", "研究方向"),
    ),
    F(
        "documents",
        T("成果与论文", "Works and papers"),
        T("对接时据此比对；不相关的可排除。", "Matching reads these; exclude what misleads."),
        section="knowledge",
        columns=(
            F("title", T("题名", "Title")),
            F("abstract", T("摘要", "Abstract")),
            F("year", T("年份", "Year")),
            F("keywords", T("关键词", "Keywords")),
            F("excluded", T("不参与对接", "Excluded from matching")),
        ),
        search="C",
        sheet=False,
        disclosed=PROFESSIONAL,
    ),
    F("languages", T("语言", "Languages"), section="knowledge"),
)
_CAREER = (
    F(
        "employments",
        T("任职经历", "Employments"),
        section="career",
        columns=(
            *_ORGANISATION,
            F("begun_on", T("开始", "From")),
            F("ended_on", T("结束", "Until"), T("在职则留空。", "Empty while it lasts.")),
            _OFFICE,
        ),
        sheet=False,
        disclosed=PROFESSIONAL,
    ),
    F(
        "avoid_organisations",
        T("回避单位", "Organisations to avoid"),
        section="career",
        columns=(*_ORGANISATION, F("reason", T("原因", "Reason"))),
        sheet=False,
        disclosed=DECLARED,
    ),
    F(
        "shareholdings",
        T("持股与兼职", "Shareholdings and offices"),
        section="career",
        columns=(
            *_ORGANISATION,
            F("share", T("持股比例", "Share"), unit=T("%", "%")),
            _OFFICE,
        ),
        sheet=False,
        disclosed=DECLARED,
    ),
    F(
        "relations",
        T("近亲属任职", "Relatives' organisations"),
        section="career",
        columns=(F("kind", T("关系", "Relation"), choices=RELATIONS), *_ORGANISATION, _OFFICE),
        sheet=False,
        disclosed=DECLARED,
    ),
)
_AVAILABILITY = (
    F("available_from", T("可用开始", "Available from"), section="availability"),
    F("available_to", T("可用结束", "Available until"), section="availability"),
    F(
        "max_load",
        T("每年最多承接", "At most a year"),
        section="availability",
        unit=T("次", "times"),
        disclosed=PROFESSIONAL,
    ),
    F(
        "paused_note",
        T("暂停说明", "Why paused"),
        section="availability",
        disclosed=PROFESSIONAL,
    ),
)
_CONSENT = (
    F(
        "consent_given_on",
        T("授权日期", "Consent given on"),
        T(
            "登记电话、邮箱、证件号码之前须取得本人单独同意。",
            "The person's separate consent comes before phone, e-mail and identity number.",
        ),
        section="consent",
        disclosed=PROFESSIONAL,
    ),
    F(
        "consent_scope",
        T("授权范围", "Consent covers"),
        section="consent",
        choices=SCOPES,
        disclosed=PROFESSIONAL,
    ),
    F("phone", T("电话", "Phone"), section="consent", secret=True, disclosed=PERSONAL),
    F("email", T("电子邮箱", "E-mail"), section="consent", secret=True, disclosed=PERSONAL),
    F(
        "id_number",
        T("公民身份号码", "Identity number"),
        section="consent",
        secret=True,
        disclosed=PERSONAL,
    ),
)
_CONDUCT = (
    F(
        "conduct_note",
        T("履职评价", "Conduct note"),
        section="conduct",
        disclosed=CONDUCT,
        writers=CENTRE,
        sheet=False,
    ),
)
FIELDS = (*_PERSON, *_KNOWLEDGE, *_CAREER, *_AVAILABILITY, *_CONSENT, *_CONDUCT)
COMPUTED = (
    F("barred_until", T("禁用至", "Barred until"), section="conduct", disclosed=DECLARED),
    F("appeal", T("申诉", "Appeal"), section="conduct", disclosed=DECLARED),
    F("appealed_at", T("申诉时间", "Appealed at"), section="conduct", disclosed=DECLARED),
)
