"""What a score sheet must keep to, and what it comes to. Pure: no database, no actor."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from app.core.errors import FieldError
from app.core.labels import T
from app.matching.panels.models import Criterion, ScoreLine
from app.matching.panels.review_lifecycle import Sheet

FULL = 100

_UNKNOWN = T(
    "评审表中没有这一项，请刷新页面后重新填写。",
    "There is no such criterion; reload the page and fill the sheet in again.",
)
_TWICE = T("这一项打了两次分，请只保留一个。", "This criterion is scored twice; keep one score.")
_RANGE = T(
    "得分应在 0 至 {most} 之间，请改写。", "Points lie between 0 and {most}; please correct them."
)
_MISSING = T("「{name}」还没有打分，请填写得分。", "{name} is not scored yet; give the points.")
_POINTS = T("还没有打分，请填写得分。", "The score is missing: give the points.")
_OPINION = T("还没有总体意见，请选择。", "The overall opinion is missing: choose one.")
_WHY = T("不同意或要求修改时，请写明理由。", "You reject it or ask for changes: say why.")


def coded(criteria: Sequence[Criterion]) -> dict[str, Criterion]:
    """Return the criteria under the codes that sheets name them by."""
    read = map(Criterion.model_validate, criteria)
    return {f"c{place}": criterion for place, criterion in enumerate(read, 1)}


def wrong_in(sheet: Sheet, criteria: Sequence[Criterion], *, complete: bool) -> list[FieldError]:
    """Return what is refused of a sheet; ``complete`` asks for all that a draft may leave out."""
    known = coded(criteria)
    found = list(_wrong_lines(sheet, known, complete=complete))
    if not complete:
        return found
    scored = {line.criterion for line in sheet.scores}
    found += [
        FieldError("/scores", "missing", _MISSING, {"name": criterion.name})
        for code, criterion in known.items()
        if code not in scored
    ]
    if sheet.opinion is None:
        found.append(FieldError("/opinion", "missing", _OPINION))
    elif sheet.opinion != "approve" and not sheet.comment:
        found.append(FieldError("/comment", "missing", _WHY))
    return found


def _wrong_lines(
    sheet: Sheet, known: dict[str, Criterion], *, complete: bool
) -> Iterator[FieldError]:
    seen: set[str] = set()
    for place, line in enumerate(sheet.scores):
        criterion = known.get(line.criterion)
        if criterion is None:
            yield FieldError(f"/scores/{place}/criterion", "unknown", _UNKNOWN)
            continue
        if line.criterion in seen:
            yield FieldError(f"/scores/{place}/criterion", "duplicate", _TWICE)
        seen.add(line.criterion)
        if line.points is None:
            if complete:
                yield FieldError(f"/scores/{place}/points", "missing", _POINTS)
        elif not 0 <= line.points <= criterion.max_points:
            most = {"most": f"{criterion.max_points.normalize():f}"}
            yield FieldError(f"/scores/{place}/points", "out_of_range", _RANGE, most)


def total(lines: Sequence[ScoreLine], criteria: Sequence[Criterion]) -> Fraction:
    """Return what a complete sheet comes to, out of 100: the weighted share of the points."""
    known = coded(criteria)
    reached = sum(
        (
            weight(known[line.criterion])
            * Fraction(line.points or 0)
            / Fraction(known[line.criterion].max_points)
            for line in lines
        ),
        Fraction(0),
    )
    return FULL * reached / sum(map(weight, known.values()), Fraction(0))


def weight(criterion: Criterion) -> Fraction:
    return Fraction(criterion.max_points if criterion.weight is None else criterion.weight)


def rounded(value: Fraction) -> Decimal:
    """Return two decimals, halves up, as people compute by hand."""
    exact = Decimal(value.numerator * 1000) / Decimal(value.denominator * 1000)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
