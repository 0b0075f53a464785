"""The built-in rules: how each kind is called, what it says and rests on, its first figures."""

from collections.abc import Mapping

from app.core.labels import T
from app.matching.conflicts import checks
from app.matching.conflicts.rules import Code, Kind, Parameter, Purpose, Rule, RuleSet, rule_set

_REVIEW = frozenset({Purpose.review})
_PROCUREMENT_LAW = "《政府采购法实施条例》第九条，并参照财库〔2016〕198号（后者条文待核对）"
_SCIENCE_FUND = "《国家自然科学基金条例》（2024年修订）第二十条"
_OTHER_TIES = "参照《国家自然科学基金条例》（2024年修订）第二十条的其他关系，年限待确认"
_PRIVACY = "《个人信息保护法》第十三条"
_HOUSE = "平台规则，待主管部门确认"

#: The sources above as a reader is told them; the names of documents stay as they are published.
SOURCES: Mapping[str, T] = {
    _PROCUREMENT_LAW: T(
        _PROCUREMENT_LAW,
        "《政府采购法实施条例》第九条 (Government Procurement Regulation, art. 9); cf."
        " 财库〔2016〕198号, its clause yet to be verified",
        _PROCUREMENT_LAW,
    ),
    _SCIENCE_FUND: T(
        _SCIENCE_FUND,
        "《国家自然科学基金条例》（2024年修订）第二十条 (Natural Science Fund Regulation, art. 20)",
        _SCIENCE_FUND,
    ),
    _OTHER_TIES: T(
        _OTHER_TIES,
        "By analogy with 《国家自然科学基金条例》（2024年修订）第二十条 (Natural Science Fund"
        " Regulation, art. 20, other ties); the years yet to be confirmed",
        _OTHER_TIES,
    ),
    _PRIVACY: T(
        _PRIVACY,
        "《个人信息保护法》第十三条 (Personal Information Protection Law, art. 13)",
        _PRIVACY,
    ),
    _HOUSE: T(_HOUSE, "A rule of the platform, to be confirmed by the authority in charge"),
}

_PERSON = (
    Kind(
        Code.identity_missing,
        T("身份信息不全", "Identity data missing"),
        T(
            "专家的{field}中有一项没有可用的单位名称或统一社会信用代码，无法核对回避关系。",
            "An entry of the expert's {field} has no usable name or code: it cannot be checked.",
        ),
        _HOUSE,
        checks.identity_missing,
        fixed=True,
    ),
    Kind(
        Code.subject_unknown,
        T("申请方不明", "Applicant unknown"),
        T(
            "该事项没有登记可核对的申请单位，无法核对回避关系。",
            "The matter names no applicant that could be checked for conflicts.",
        ),
        _HOUSE,
        checks.subject_unknown,
        fixed=True,
    ),
    Kind(
        Code.consent_missing,
        T("未授权对接", "No consent"),
        T("专家未授权参与对接。", "The expert has not agreed to be matched."),
        _PRIVACY,
        checks.consent_missing,
        personal=True,
    ),
    Kind(
        Code.barred,
        T("禁用", "Barred"),
        T("专家已被禁用。", "The expert is barred."),
        _HOUSE,
        checks.barred,
        personal=True,
    ),
    Kind(
        Code.unavailable,
        T("暂不可用", "Unavailable"),
        T("专家已暂停或不在可用时间内。", "The expert is paused or not available at present."),
        _HOUSE,
        checks.unavailable,
        personal=True,
    ),
)
_TIES = (
    Kind(
        Code.same_organisation,
        T("同一单位", "Same organisation"),
        T("专家现任职于{organisation}。", "The expert works at {organisation}."),
        _SCIENCE_FUND,
        checks.same_organisation,
    ),
    Kind(
        Code.former_organisation,
        T("曾任职", "Former employment"),
        T(
            "专家曾任职于{organisation}，{until}离职，未满 {years} 年。",
            "The expert worked at {organisation} until {until}, less than {years} years ago.",
        ),
        _PROCUREMENT_LAW,
        checks.former_organisation,
        parameters={"years": 3},
    ),
    Kind(
        Code.interest,
        T("持股或兼职", "Shareholding or office"),
        T(
            "专家在{organisation}持股或兼任职务。",
            "The expert holds shares or an office in {organisation}.",
        ),
        _PROCUREMENT_LAW,
        checks.interest,
        parameters={"percent": 0},
    ),
    Kind(
        Code.relative,
        T("近亲属任职", "Relative's organisation"),
        T(
            "专家申报有近亲属在{organisation}任职。",
            "The expert declared a near relative at {organisation}.",
        ),
        _PROCUREMENT_LAW,
        checks.relative,
    ),
    Kind(
        Code.avoided_organisation,
        T("申报回避单位", "Declared avoidance"),
        T(
            "专家申报回避{organisation}。",
            "The expert declared not to deal with {organisation}.",
        ),
        _HOUSE,
        checks.avoided_organisation,
    ),
    Kind(
        Code.named_by_applicant,
        T("申请方要求回避", "Named by the applicant"),
        T("申请方要求该专家回避。", "The applicant asked not to have this expert."),
        _SCIENCE_FUND,
        checks.named_by_applicant,
        parameters={"cap": 3},
    ),
    Kind(
        Code.own_project,
        T("本人项目", "Own project"),
        T("{name}是该项目的负责人{note}。", "{name} leads this very project{note}."),
        _SCIENCE_FUND,
        checks.own_project,
    ),
    Kind(
        Code.officer,
        T("申请方负责人", "The applicant's representative"),
        T(
            "专家与申请方法定代表人{name}同名{note}。",
            "The applicant's legal representative is called {name}, as is the expert{note}.",
        ),
        _PROCUREMENT_LAW,
        checks.officer,
    ),
)
_DEALINGS = (
    Kind(
        Code.co_project,
        T("合作项目", "Joint project"),
        T(
            "专家近 {years} 年内与{organisation}有合作项目或共有成果{note}。",
            "In the last {years} years the expert had a project or result"
            " together with {organisation}{note}.",
        ),
        _OTHER_TIES,
        checks.co_project,
        purposes=_REVIEW,
        parameters={"years": 3},
    ),
    Kind(
        Code.past_service,
        T("曾服务申请方", "Served the applicant"),
        T(
            "专家 {on} 起为{organisation}提供过服务，未满 {years} 年。",
            "The expert served {organisation} from {on}, less than {years} years ago.",
        ),
        _HOUSE,
        checks.past_service,
        purposes=_REVIEW,
        parameters={"years": 3},
    ),
    Kind(
        Code.similar_application,
        T("本人有相同或相近申请", "A similar application of one's own"),
        T(
            "专家本人正在申报的项目与该项目相近（文本重合 {share}%，界限 {percent}%）{note}。",
            "A project the expert is applying for is like this one"
            " (texts alike by {share}%, limit {percent}%){note}.",
        ),
        _SCIENCE_FUND,
        checks.similar_application,
        purposes=_REVIEW,
        parameters={"percent": 60},
    ),
    Kind(
        Code.load,
        T("任务已满", "Load is full"),
        T(
            "专家本年度承接的任务已达上限 {cap} 次。",
            "The expert has taken on {cap} tasks this year, as many as allowed.",
        ),
        _HOUSE,
        checks.load,
        optional=frozenset({Parameter.cap}),
        discreet=T("专家本年度承接的任务已达上限。", "The expert's tasks of this year are full."),
        personal=True,
    ),
    Kind(
        Code.rotation,
        T("轮换间隔", "Rotation"),
        T(
            "专家 {on} 已受邀评审，间隔未满 {days} 天。",
            "The expert was invited to a review on {on}, less than {days} days ago.",
        ),
        _HOUSE,
        checks.rotation,
        purposes=_REVIEW,
        parameters={"days": 30},
        discreet=T(
            "专家最近 {days} 天内已受邀评审。",
            "The expert was invited to a review within the last {days} days.",
        ),
        personal=True,
    ),
)

KINDS: Mapping[Code, Kind] = {kind.code: kind for kind in (*_PERSON, *_TIES, *_DEALINGS)}
#: What is in force where a region has no word of its own.
BUILT_IN: RuleSet = rule_set(KINDS.values())


def built_in(code: Code, purpose: Purpose) -> Rule | None:
    """Return the built-in rule of a kind; None where it is not for this purpose."""
    return BUILT_IN.one(code, purpose)


def source_in(source: str, locale: str) -> str:
    """Return a source in the reader's language; a region's own document as it was entered."""
    known = SOURCES.get(source)
    return source if known is None else known.in_(locale)
