"""The words of panels and reviews, and who reads which of them."""

from app.core.labels import T
from app.matching.panels.models import ChoosingMode, SeatKind
from app.matching.panels.permissions import RUN, STAFF_ONLY, WHOLE
from app.matching.panels.review_lifecycle import OPINIONS, SCORE_COLUMNS
from app.registers.fields import F

MODES: dict[str, T] = {
    ChoosingMode.recommend: T("推荐", "Recommended"),
    ChoosingMode.assign: T("优化指派", "Assigned"),
    ChoosingMode.draw: T("随机抽取", "Drawn by lot"),
}
KINDS: dict[str, T] = {
    SeatKind.member: T("成员", "Member"),
    SeatKind.alternate: T("候补", "Alternate"),
}
CRITERIA = (
    F("name", T("评审项", "Criterion")),
    F("max_points", T("满分", "Full points")),
    F("weight", T("权重", "Weight"), help=T("不填则按满分计。", "By its points if left empty.")),
    F("help", T("评分说明", "What to look at")),
)

PANEL_SECTIONS = {
    "panel": T("评审组", "Panel"),
    "form": T("评审表", "Form"),
    "meeting": T("安排", "Arrangements"),
    "seal": T("封存与启封", "Seal"),
    "result": T("结论", "Result"),
}
PANEL_FIELDS = (
    F("title", T("名称", "Title"), section="panel", search="A", in_list=True),
    F("project_id", T("项目", "Project"), section="panel", reference="projects", in_list=True),
    F("need_id", T("需求", "Need"), section="panel", reference="needs"),
    F(
        "subject_note",
        T("评审事项", "Matter"),
        section="panel",
        search="B",
        help=T("没有对应的项目或需求时填写。", "Where there is neither project nor need."),
    ),
    F(
        "mode",
        T("产生方式", "Chosen by"),
        section="panel",
        choices=MODES,
        facet=True,
        in_list=True,
        disclosed=STAFF_ONLY,
    ),
    F("draw_id", T("抽取", "Draw"), section="panel", reference="draws", disclosed=STAFF_ONLY),
    F(
        "assignment_id",
        T("指派批次", "Assignment"),
        section="panel",
        reference="assignments",
        disclosed=RUN,
    ),
    F(
        "experts",
        T("专家名单", "Experts"),
        section="panel",
        reference="experts",
        disclosed=RUN,
        sheet=False,
        help=T(
            "按席位顺序；超出席位数的为候补。随机抽取的由抽取结果填写。",
            "In order of seats; those beyond the seats are alternates. A draw fills it by itself.",
        ),
    ),
    F("size", T("席位数", "Seats"), section="panel", disclosed=STAFF_ONLY),
    F(
        "min_members",
        T("最少人数", "Least members"),
        section="panel",
        disclosed=STAFF_ONLY,
        help=T("一般为三人以上单数。", "Usually odd, three or more."),
    ),
    F(
        "chaired",
        T("设组长", "With a chair"),
        section="panel",
        disclosed=STAFF_ONLY,
        help=T(
            "设组长的评审组须指定一名在席成员任组长；启封后由组长综合各份评审，写出评审组的结论和意见。",
            "One member who sits is named chair, who sums up conclusion and opinion once the"
            " scores are open.",
        ),
    ),
    F("chair_id", T("组长", "Chair"), section="panel", reference="experts", disclosed=RUN),
    F("criteria", T("评审项", "Criteria"), section="form", columns=CRITERIA, disclosed=STAFF_ONLY),
    F("meeting_on", T("会议日期", "Meeting on"), section="meeting", disclosed=STAFF_ONLY),
    F("place", T("地点", "Place"), section="meeting", disclosed=STAFF_ONLY),
    F("online_url", T("线上会议链接", "Online at"), section="meeting", disclosed=STAFF_ONLY),
    F("answer_by", T("答复期限", "Answer by"), section="meeting", disclosed=STAFF_ONLY),
    F(
        "review_by",
        T("评审期限", "Reviews by"),
        section="meeting",
        in_list=True,
        disclosed=STAFF_ONLY,
    ),
    F("note", T("备注", "Remark"), section="panel", disclosed=RUN),
    F(
        "conclusion_draft",
        T("结论（拟）", "Conclusion, draft"),
        section="result",
        choices=OPINIONS,
        disclosed=RUN,
    ),
    F("opinion_draft", T("评审意见（拟）", "Opinion, draft"), section="result", disclosed=RUN),
)
PANEL_COMPUTED = (
    F("locked_at", T("封存时间", "Locked at"), section="seal", disclosed=STAFF_ONLY),
    F("locked_by", T("封存人", "Locked by"), section="seal", disclosed=STAFF_ONLY),
    F("lock_reason", T("缺评说明", "Why some are missing"), section="seal", disclosed=STAFF_ONLY),
    F("seal", T("封存指纹", "Seal"), section="seal", disclosed=STAFF_ONLY, filter=False),
    F("opened_at", T("启封时间", "Opened at"), section="seal", disclosed=STAFF_ONLY),
    F("opened_by", T("启封人", "Opened by"), section="seal", disclosed=STAFF_ONLY),
    F("conclusion", T("结论", "Conclusion"), section="result", choices=OPINIONS, in_list=True),
    F("opinion", T("评审意见", "Opinion"), section="result"),
    F("mean_score", T("平均分", "Mean score"), section="result", disclosed=STAFF_ONLY),
    F("published_on", T("公布日期", "Published on"), section="result", in_list=True),
    F(
        "votes",
        T("评审意见分布", "How the votes fell"),
        section="result",
        columns=(
            F("opinion", T("总体意见", "Overall opinion"), choices=OPINIONS),
            F("count", T("份数", "Votes")),
        ),
    ),
    F("few_reason", T("评审份数不足的说明", "Why few judged"), section="result"),
    F("announced_on", T("公示日期", "Announced on"), section="result"),
)

REVIEW_SECTIONS = {
    "seat": T("席位", "Seat"),
    "matter": T("评审事项", "Matter"),
    "course": T("进程", "Course"),
    "scores": T("评分", "Scores"),
    "summary": T("组长意见", "The chair's summary"),
}
REVIEW_FIELDS = (
    F("panel_id", T("评审组", "Panel"), section="seat", reference="panels", disclosed=RUN),
    F("expert_id", T("专家", "Expert"), section="seat", reference="experts", disclosed=WHOLE),
    F("kind", T("席位类别", "Kind of seat"), section="seat", choices=KINDS, disclosed=RUN),
    F("position", T("顺位", "Position"), section="seat", disclosed=RUN),
)
REVIEW_COMPUTED = (
    F("title", T("评审组名称", "Panel's title"), section="matter", search="A", in_list=True),
    F("expert_label", T("专家姓名", "Expert's name"), section="seat", search="B", in_list=True),
    F("subject", T("评审对象", "Subject"), section="matter", in_list=True),
    F("project_id", T("项目", "Project"), section="matter", reference="projects"),
    F("need_id", T("需求", "Need"), section="matter", reference="needs"),
    F("criteria", T("评审项", "Criteria"), section="matter", columns=CRITERIA),
    F("meeting_on", T("会议日期", "Meeting on"), section="matter"),
    F("place", T("地点", "Place"), section="matter"),
    F("online_url", T("线上会议链接", "Online at"), section="matter"),
    F("answer_by", T("答复期限", "Answer by"), section="course"),
    F("review_by", T("评审期限", "Reviews by"), section="course", in_list=True),
    F("scoring_since", T("开始评审时间", "Scoring since"), section="course"),
    F("invited_at", T("邀请时间", "Invited at"), section="course"),
    F("answered_at", T("答复时间", "Answered at"), section="course"),
    F("declared_at", T("承诺时间", "Declared at"), section="course"),
    F("submitted_at", T("提交时间", "Submitted at"), section="course"),
    F("gone_reason", T("退出理由", "Why gone"), section="course", disclosed=RUN),
    F("replaces", T("接替", "Follows"), section="seat", reference="reviews", disclosed=RUN),
    F("scores", T("评分", "Scores"), section="scores", columns=SCORE_COLUMNS),
    F("total", T("总分", "Total points"), section="scores"),
    F("opinion", T("总体意见", "Overall opinion"), section="scores", choices=OPINIONS),
    F("comment", T("综合评语", "Overall comment"), section="scores"),
    F("is_chair", T("任组长", "Sits as chair"), section="seat"),
    F(
        "heard",
        T("各份评审（不具名）", "What was said, without names"),
        section="summary",
        columns=(
            F("total", T("总分", "Total points")),
            F("opinion", T("总体意见", "Overall opinion"), choices=OPINIONS),
            F("comment", T("综合评语", "Overall comment")),
        ),
    ),
    F("summary_since", T("请组长综合时间", "Chair asked at"), section="summary"),
    F("conclusion", T("评审组结论", "The panel's conclusion"), section="summary", choices=OPINIONS),
    F("summary", T("评审组意见", "The panel's opinion"), section="summary"),
    F("summarised_at", T("组长提交时间", "Summed up at"), section="summary"),
    F("answer_reminded_at", T("答复提醒时间", "Reminded to answer"), section="course"),
    F("review_reminded_at", T("评审提醒时间", "Reminded to score"), section="course"),
    F("lent", T("凭工作人员经手的链接答复", "Answered by a link staff had"), section="course"),
    F("contested_at", T("本人否认答复时间", "Answer contested at"), section="course"),
)
