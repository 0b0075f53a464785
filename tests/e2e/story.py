"""What happens on the clerk's day, told once for the API and for the browser."""

import json
from pathlib import Path

WORKBOOKS = Path(__file__).parents[1] / "data" / "workbooks"
WORKBOOK = WORKBOOKS / "enterprises-zh-CN-300.xlsx"
_TRUTH = json.loads((WORKBOOKS / "enterprises-zh-CN-300.truth.json").read_text())
HEADER_ROW: int = _TRUTH["header_row"]
BAD_ROWS: list[int] = [row["row"] for row in _TRUTH["bad_rows"]]
FUTURE_DATE: int = next(row["row"] for row in _TRUTH["bad_rows"] if row["bad"] == "future")
GOOD_ROWS: int = _TRUTH["data_rows"] - len(BAD_ROWS)
BETTER_DATE = "2013-05-01"

TITLE = "行星减速器齿轮磨损"
DESCRIPTION = "我司行星减速器在重载下磨损严重，振动噪声大，希望优化齿形。"
BLIND = {"blind_title": "减速器齿轮磨损", "blind_text": "某机械企业的减速器磨损严重，寻求优化。"}
VISIT = {
    "title": "与专家一同走访",
    "kind": "visit",
    "channel": "door_to_door",
    "content": "现场查看了减速器，商定修形方案。",
}
RESULT = "齿形修形后，噪声降低 6 分贝。"
#: The trail of the need, in order: who took which step.
STEPS = [
    ("firm", "create"),
    ("firm", "move.submit"),
    ("clerk", "move.accept"),
    ("clerk", "move.publish"),
    ("clerk", "match_search"),
    ("clerk", "move.match"),
    ("clerk", "move.match"),
    ("clerk", "move.start"),
    ("clerk", "move.resolve"),
    ("firm", "move.confirm"),
]
