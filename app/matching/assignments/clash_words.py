"""The sentences that say why a batch cannot be met, and what would do."""

from app.core.labels import T

LIST, CLAUSES = T("、", ", "), T("，", ", ")
KINDS: dict[str, T] = {
    "seats": T("专家", "experts"),
    "technical": T("技术专家", "technical experts"),
    "finance": T("财务专家", "finance experts"),
    "offsite": T("异地专家", "off-site experts"),
    "unit": T("同一单位人数上限", "the limit of one unit"),
}
CLASH = T(
    "还差 {missing} 个席位：这 {projects} 个项目共需 {wanted} 个评审席位，能够参加的专家最多承担"
    " {available} 个。",
    "{missing} seat(s) are missing: these {projects} projects want {wanted}, and the experts who"
    " could take them fill {available} at most.",
)
SHORTAGE = T(
    "{kind}还差 {missing} 人次：这 {projects} 个项目共要求 {wanted} 人次，能够参加的{kind}有"
    " {experts} 名，最多承担 {available} 人次。",
    "{missing} seat(s) for {kind} cannot be filled: these {projects} projects ask for {wanted};"
    " the {experts} {kind} who could take them fill {available} at most.",
)
UNIT = T(
    "受同一单位人数上限所限，还差 {missing} 个席位：这 {projects} 个项目共需 {wanted} 个评审席位，"
    "能够参加的专家在上限之内最多承担 {available} 个。",
    "{missing} seat(s) are missing under the limit of one unit: these {projects} projects want"
    " {wanted}, and within the limit the experts who could take them fill {available} at most.",
)
TOGETHER = T(
    "每个项目要求的专家人数与以下要求不能同时满足：{asked}。",
    "The number of experts wanted cannot be met together with: {asked}.",
)
SMALLEST = T("最小的调整（合计 {count}）：", "The smallest change ({count} in all):")
SUFFICIENT = T("一种可行的调整（合计 {count}）：", "A change that would do ({count} in all):")
CHANGES: dict[str, T] = {
    "load": T("{expert}：多承担 {by} 个项目", "{expert}: {by} more project(s)"),
    "seats": T("{project}：少 {by} 名专家", "{project}: {by} expert(s) fewer"),
    "technical": T(
        "{project}：技术专家少要求 {by} 名", "{project}: {by} technical expert(s) fewer"
    ),
    "finance": T("{project}：财务专家少要求 {by} 名", "{project}: {by} finance expert(s) fewer"),
    "offsite": T("{project}：异地专家少要求 {by} 名", "{project}: {by} off-site expert(s) fewer"),
    "unit": T("{project}：同一单位多允许 {by} 名", "{project}: {by} more of one unit"),
}
EACH: dict[str, T] = {
    "load": T("{count} 位专家：各多承担 {by} 个项目", "{count} experts: {by} more project(s) each"),
    "seats": T("{count} 个项目：各少 {by} 名专家", "{count} projects: {by} expert(s) fewer each"),
    "technical": T(
        "{count} 个项目：各少要求技术专家 {by} 名",
        "{count} projects: {by} technical expert(s) fewer each",
    ),
    "finance": T(
        "{count} 个项目：各少要求财务专家 {by} 名",
        "{count} projects: {by} finance expert(s) fewer each",
    ),
    "offsite": T(
        "{count} 个项目：各少要求异地专家 {by} 名",
        "{count} projects: {by} off-site expert(s) fewer each",
    ),
    "unit": T("{count} 处：同一单位各多允许 {by} 名", "{count} places: {by} more of one unit each"),
}
SERVES = T("（为满足{kinds}要求）", " (for the quota of {kinds})")
MORE = T("另有 {count} 处，见完整清单", "and {count} more, in the full list")
INSTEAD = T("或者不增加任何人的项目：{eased}。", "Or, with nobody taking more: {eased}.")
EASED = T(
    "在 {projects} 个项目中少要求{kind}，共 {count} 名",
    "{count} {kind} fewer, in {projects} project(s)",
)
UNIT_EASED = T(
    "在 {projects} 个项目中放宽同一单位人数上限，共 {count} 名",
    "{count} more of one unit, in {projects} project(s)",
)
