"""What the fields of an assignment are called, and the words in which its result is told."""

from app.core.labels import T
from app.matching.assignment.problem import Objective
from app.matching.assignments.permissions import RUN
from app.registers.fields import F

SECTIONS: dict[str, T] = {
    "batch": T("指派批次", "Batch"),
    "limits": T("名额与限制", "Seats and limits"),
    "reckoning": T("计算", "Reckoning"),
    "result": T("结果", "Result"),
}
OBJECTIVES: dict[str, T] = {
    Objective.total: T("总匹配度最高", "The greatest total"),
    Objective.worst_off: T("先保证最弱项目", "The worst-off project first"),
}
_PERSONS, _PROJECTS, _SECONDS = T("人", "persons"), T("项", "projects"), T("秒", "seconds")

FIELDS = (
    F("title", T("名称", "Title"), section="batch", search="A", in_list=True),
    F("project_ids", T("项目", "Projects"), section="batch", reference="projects", sheet=False),
    F("review_on", T("评审日期", "Review on"), section="batch", in_list=True),
    F("note", T("备注", "Remark"), section="batch", disclosed=RUN),
    F("seats", T("每个项目专家数", "Experts per project"), section="limits", unit=_PERSONS),
    F(
        "exceptions",
        T("专家数不同的项目", "Projects that want another number"),
        section="limits",
        columns=(
            F("project_id", T("项目", "Project"), reference="projects"),
            F("seats", T("专家数", "Experts"), unit=_PERSONS),
        ),
        sheet=False,
    ),
    F(
        "max_load",
        T("每位专家最多项目数", "Projects per expert at most"),
        T("专家自己的年度上限更低时，以其上限为准。", "An expert's own yearly limit may be lower."),
        section="limits",
        unit=_PROJECTS,
    ),
    F("per_unit_max", T("同一单位最多", "At most of one unit"), section="limits", unit=_PERSONS),
    F(
        "technical_min_percent",
        T("技术专家不少于", "Technical at least"),
        section="limits",
        unit=T("%", "%"),
    ),
    F(
        "finance_min",
        T("财务专家不少于", "Finance experts at least"),
        section="limits",
        unit=_PERSONS,
    ),
    F(
        "offsite_min",
        T("异地专家不少于", "Off-site experts at least"),
        section="limits",
        unit=_PERSONS,
    ),
    F(
        "division_code",
        T("评审所在地", "Held at"),
        T(
            "六位行政区划代码；不填则按批次所属园区或城市。在另一城市工作的专家算异地专家。",
            "Six digits; if empty, where the batch's park or city lies. Off-site is who works in"
            " another city.",
        ),
        section="limits",
    ),
    F("objective", T("目标", "Objective"), section="reckoning", choices=OBJECTIVES, facet=True),
    F("time_limit_s", T("时间上限", "Time limit"), section="reckoning", unit=_SECONDS),
    F(
        "top_n",
        T("起始候选数", "Candidates to begin with"),
        T(
            "每个项目先看匹配度最高的若干人，其余按价格逐一核对；只影响速度，不影响结果。",
            "Of each project's best; all others are priced. It changes the speed, not the result.",
        ),
        section="reckoning",
    ),
)
COMPUTED = (
    F("started_at", T("开始时间", "Started at"), section="result"),
    F("started_by", T("发起人", "Started by"), section="result"),
    F("finished_at", T("完成时间", "Finished at"), section="result"),
    F("total", T("总匹配度", "Total score"), section="result", in_list=True),
    F("bound", T("总匹配度上限", "Bound"), section="result"),
    F("proved", T("已证明最优", "Proved best"), section="result", in_list=True),
    F("worst", T("最弱项目匹配度", "Worst-off project"), section="result"),
    F("failure", T("失败原因", "Failure"), section="result"),
    F("run", T("计算次数", "Runs"), section="result"),
    F("rules_version", T("回避规则版本", "Rules"), section="result", filter=False),
    F("index_version", T("索引版本", "Index"), section="result", filter=False),
    F("weights_version", T("权重版本", "Weights"), section="result", filter=False),
)

PHASES: dict[str, T] = {
    "queued": T("排队中", "Waiting"),
    "gathering": T("读取项目、专家和回避关系", "Reading projects, experts and conflicts"),
    "pairs": T("挑选候选", "Choosing candidates"),
    "cut": T("检查席位能否坐满", "Checking whether all seats can be filled"),
    "pricing": T("求最优并逐对核价", "Solving, pricing every pair"),
    "bound": T("计算上限", "Finding the bound"),
    "whole": T("求整数方案", "Finding a whole assignment"),
    "checking": T("再次核对回避", "Checking conflicts again"),
    "adopting": T("组建评审组", "Forming the panels"),
    "done": T("完成", "Done"),
}
WHY: dict[str, T] = {
    "full": T("该专家名额已满", "This expert's load is full"),
    "unit": T("所在单位名额已满", "The unit has sent as many as it may"),
    "quota": T("为满足专家构成要求", "The quotas asked for others"),
    "balance": T("为保证最弱项目", "Others needed this expert more"),
    "weaker": T("匹配度低于入选专家", "A lower score than those chosen"),
}
REQUIREMENTS: dict[str, T] = {
    "load": T("每位专家最多项目数", "Projects per expert"),
    "seats": T("专家数", "Experts wanted"),
    "technical": T("技术专家人数", "Technical experts"),
    "finance": T("财务专家人数", "Finance experts"),
    "offsite": T("异地专家人数", "Off-site experts"),
    "unit": T("同一单位人数上限", "Experts of one unit"),
}
