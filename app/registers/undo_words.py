"""Why something is not undone, and who could: the words of these refusals."""

from app.core.labels import T

TOO_OLD = T(
    "这一步是{day}做的，超过{days}天不再撤销；需要改回时，请在历史中选一个版本恢复。",
    "This was done on {day}; after {days} days it is no longer undone. To go back, choose a"
    " version in the history and restore it.",
)
A_STEP = T(
    "「{verb}」是办理步骤，已经通知相关各方，并可能计入时限和服务记录，不能撤销；请用下一步操作更正。",
    "“{verb}” was a step of the procedure: others have been told, and clocks and the service log"
    " may have followed. It is not undone; put it right by another step.",
)
IMPORTED = T(
    "这是随一张表格导入的；请在「导入」中找到那一批，整批撤销。",
    "This came with a workbook; find that batch under Import and undo it as a whole.",
)
FIGURES = T(
    "数据更新留有来源，不能撤销；请重新填报正确的数据，新的数据会取代旧的。",
    "Figures keep their source and are not undone; record the right ones, they take their place.",
)
UNMERGED = T(
    "合并已经撤销，两条记录各自独立；需要时请重新对比并合并。",
    "The merge was undone and the two stand apart; compare and merge them again if that is right.",
)
NOT_YOURS = T(
    "只有做这一步的{name}，或{who}可以撤销，请联系他们。",
    "Only {name}, who did this, or {who} may undo it; ask one of them.",
)
ONLY_WHO_DID = T(
    "只有做这一步的{name}可以撤销，请联系本人。",
    "Only {name}, who did this, may undo it; ask them.",
)
NEVER = T(
    "只有{who}可以撤销{register}的改动，请联系他们办理。",
    "Only {who} undo changes of: {register}; ask one of them.",
)
NOBODY = T(
    "这类记录由平台写入，不能撤销；有误请联系中心。",
    "Such records are written by the platform and not undone; tell the centre what is wrong.",
)
EVIDENCE = T(
    "这条记录是评审或抽取的凭据，登记后不能撤销；不再需要时请作废。",
    "This record is evidence of a review or draw and stays once made; void it instead.",
)
CHANGED_SINCE = T(
    "「{title}」之后又被{who}在{when}改过（{verb}），不能直接撤销；请先看历史，再决定是否恢复旧版本。",
    "“{title}” was changed since by {who} at {when} ({verb}) and cannot simply be undone; look at"
    " its history first, then restore a version if that is right.",
)
