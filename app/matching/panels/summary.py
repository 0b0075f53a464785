"""What a panel's sheets say together. Pure; exact fractions until the last step."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median

from app.matching.panels.models import Criterion, Opinion, ScoreLine
from app.matching.panels.scoring import coded, rounded, total, weight

#: From how many sheets on the highest and the lowest are left out of the trimmed mean.
LEAST_TO_TRIM = 5


@dataclass(frozen=True, slots=True)
class Filled:
    """One sheet that was handed in."""

    lines: Sequence[ScoreLine]
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of values lies; the deviation is that of the whole set, not of a sample."""

    mean: Decimal
    median: Decimal
    lowest: Decimal
    highest: Decimal
    deviation: Decimal


@dataclass(frozen=True, slots=True)
class CriterionFigures:
    code: str
    name: str
    max_points: Decimal
    weight: Decimal
    spread: Spread


@dataclass(frozen=True, slots=True)
class Figures:
    reviews: int
    missing: int
    spread: Spread
    trimmed_mean: Decimal | None
    trimmed: int  # sheets left out at either end
    votes: dict[Opinion, int]
    criteria: tuple[CriterionFigures, ...]


def figures(
    sheets: Sequence[Filled], criteria: Sequence[Criterion], missing: int
) -> Figures | None:
    """Return the figures of a panel; None of one without a single sheet."""
    if not sheets:
        return None
    totals = sorted(total(sheet.lines, criteria) for sheet in sheets)
    votes = Counter(sheet.opinion for sheet in sheets)
    cut = 1 if len(totals) >= LEAST_TO_TRIM else 0
    return Figures(
        reviews=len(sheets),
        missing=missing,
        spread=spread(totals),
        trimmed_mean=rounded(_mean(totals[cut:-cut])) if cut else None,
        trimmed=cut,
        votes={opinion: votes[opinion] for opinion in Opinion},
        criteria=tuple(_of_criterion(c, code, sheets) for code, c in coded(criteria).items()),
    )


def _of_criterion(criterion: Criterion, code: str, sheets: Sequence[Filled]) -> CriterionFigures:
    points = [
        Fraction(line.points or 0)
        for sheet in sheets
        for line in sheet.lines
        if line.criterion == code
    ]
    counted = rounded(weight(criterion))
    return CriterionFigures(code, criterion.name, criterion.max_points, counted, spread(points))


def spread(values: Sequence[Fraction]) -> Spread:
    """Return how ``values`` (at least one) lie."""
    mean = _mean(values)
    variance = _mean([(value - mean) ** 2 for value in values])
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return Spread(
        mean=rounded(mean),
        median=rounded(median(values)),
        lowest=rounded(min(values)),
        highest=rounded(max(values)),
        deviation=root.quantize(Decimal("0.01"), ROUND_HALF_UP),
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
