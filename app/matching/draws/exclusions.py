"""Why somebody in the library is not in the draw: the rules of recusal, and what was asked for."""

from app.core.labels import T
from app.matching.conflicts import KINDS, Code

REQUESTER = "requester"
OUTSIDE_FIELD = "outside_field"
BELOW_TOP = "below_top_n"

_OWN: dict[str, T] = {
    REQUESTER: T("提出抽取的人", "Requested the draw"),
    OUTSIDE_FIELD: T("不在要求的技术领域", "Outside the fields asked for"),
    BELOW_TOP: T("匹配度未进入前列", "Below the number of best matches"),
}


def label(code: str) -> T:
    """Return what a code of exclusion is called."""
    if code in _OWN:
        return _OWN[code]
    kind = KINDS.get(Code(code)) if code in set(Code) else None
    return kind.name if kind else T(code, code)
