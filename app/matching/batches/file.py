"""What a search for many needs found, as a workbook: a line for each candidate."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.labels import T
from app.core.sheets.columns import Column
from app.matching.batches.keeping import KeptNeed
from app.matching.batches.showing import FoundNeed, shown
from app.registers import directory, tasks
from app.registers.exporting import require_export
from app.registers.sheet_files import MEDIA_TYPES, Form, dated, rendered

_NAME = T("批量对接结果", "Match in bulk")
_COLUMNS = {
    "need": T("需求", "Need"),
    "kind": T("候选类别", "Kind"),
    "rank": T("名次", "Rank"),
    "candidate": T("候选", "Candidate"),
    "note": T("说明", "Note"),
    "score": T("匹配度", "Score"),
    "reason": T("主要理由", "Main reason"),
    "excluded": T("须回避人数", "Kept away by rules"),
}
_NOBODY = T("没有合适的候选", "Nobody suitable")


async def made(work: Work, kept: Sequence[KeptNeed]) -> tasks.Made:
    """Return the workbook as the actor may have it: whoever may take matches away as a file."""
    require_export(work, directory.named("matches"))
    found = await shown(work, kept)
    lines = list(_lines(found.items, _NOBODY.in_(work.locale)))
    columns = [Column(name, (label.in_(work.locale),)) for name, label in _COLUMNS.items()]
    name = _NAME.in_(work.locale)
    data = await run_in_threadpool(rendered, Form.xlsx, columns, lines, name)
    return tasks.Made(dated(name, Form.xlsx), MEDIA_TYPES[Form.xlsx], data)


def _lines(needs: Sequence[FoundNeed], nobody: str) -> Iterator[dict[str, Any]]:
    for need in needs:
        if need.closed:
            yield {"need": need.label, "reason": need.closed}
        for group in need.groups:
            head = {"need": need.label, "kind": group.label, "excluded": group.excluded}
            if not group.candidates:
                yield head | {"candidate": nobody}
            for rank, one in enumerate(group.candidates, 1):
                score = Decimal(str(one.score))  # a number in the sheet
                told = {"candidate": one.label, "note": one.note, "score": score}
                yield head | told | {"rank": rank, "reason": one.reason}
