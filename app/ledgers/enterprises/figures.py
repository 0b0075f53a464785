"""Figures as observations: what is recorded, which one the ledger shows, which contradict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.clock import today
from app.core.errors import FieldError
from app.core.labels import T
from app.ledgers.enterprises.indicators import IN_THE_LEDGER, INDICATORS, PARTS, Indicator
from app.ledgers.enterprises.models import Enterprise, Observation, SourceKind
from app.ledgers.enterprises.size_class import classify

_FIRST_YEAR = 1990
_PLACES = 4
_TRUST = {kind: place for place, kind in enumerate(SourceKind)}
_YEAR_DIGITS = 4

UNKNOWN = T("没有这个指标，请从列表中选择。", "There is no such figure; choose one from the list.")
BAD_PERIOD = T(
    "所属期应为年份，且不晚于今年，请改写，例如 2025。",
    "The period is a year, not later than this one; write it like 2025.",
)
BAD_UNIT = T(
    "「{label}」的单位是{unit}（{code}），请换算后填写。",
    "{label} is counted in {unit} ({code}); convert the value.",
)
NEGATIVE = T(
    "「{label}」不能为负数，请核对后改写。", "{label} cannot be negative; check and correct it."
)
TOO_MUCH = T(
    "「{label}」数值太大，请核对单位和位数。",
    "{label} is too large; check the unit and the number of digits.",
)
NOT_WHOLE = T("「{label}」应为整数，请改写。", "{label} must be a whole number; please correct it.")
TOO_FINE = T("小数位太多：最多四位，请四舍五入。", "Too many decimals: round to at most four.")
MORE_THAN_WHOLE = T(
    "「{part}」不能大于「{whole}」，请核对这两项。", "{part} cannot exceed {whole}; check both."
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure about to be recorded."""

    indicator: str
    period: str
    value: Decimal
    source_kind: SourceKind
    source_ref: str | None = None
    observed_at: date | None = None


def wrong_period(period: str) -> bool:
    """Say whether ``period`` is no year, or one that has not begun."""
    if not (len(period) == _YEAR_DIGITS and period.isascii() and period.isdigit()):
        return True
    return not _FIRST_YEAR <= int(period) <= today().year


def wrong_value(indicator: Indicator, value: Decimal, pointer: str) -> FieldError | None:
    """Return what is wrong with one value by itself."""
    label = {"label": indicator.label}
    if not value.is_finite() or abs(value) > indicator.most:
        return FieldError(pointer, "too_large", TOO_MUCH, label)
    if value < 0 and not indicator.negative:
        return FieldError(pointer, "greater_than_equal", NEGATIVE, label)
    if indicator.whole and value != value.to_integral_value():
        return FieldError(pointer, "not_whole", NOT_WHOLE, label)
    if value != round(value, _PLACES):
        return FieldError(pointer, "decimal_max_places", TOO_FINE)
    return None


def beyond_the_whole(values: Mapping[str, Decimal | int | None]) -> Iterable[tuple[str, str]]:
    """Yield each part that exceeds its whole: more scientists than employees."""
    for part, whole in PARTS.items():
        some, all_ = values.get(part), values.get(whole)
        if some is not None and all_ is not None and some > all_:
            yield part, whole


def preferred(observations: Iterable[Observation]) -> Observation:
    """Return the one of several sources that the ledger shows: trust first, then the newest."""
    return min(observations, key=lambda o: (_TRUST[o.source_kind], -o.recorded_at.timestamp()))


def contradicted(one: Observation, live: Iterable[Observation]) -> bool:
    """Say whether another source has another value for the same figure and period."""
    return any(
        o.indicator == one.indicator and o.period == one.period and o.value != one.value
        for o in live
    )


def show_latest(enterprise: Enterprise, live: Sequence[Observation]) -> None:
    """Set the ledger's columns to the latest year known, and the size class that follows."""
    of_ledger = [o for o in live if o.indicator in IN_THE_LEDGER]
    year = max((o.period for o in of_ledger), default=None)
    enterprise.figures_year = int(year) if year else None
    for indicator in IN_THE_LEDGER:
        found = [o for o in of_ledger if o.indicator == indicator and o.period == year]
        value = preferred(found).value if found else None
        whole = INDICATORS[indicator].whole
        setattr(enterprise, indicator, int(value) if whole and value is not None else value)
    classify_size(enterprise)


def classify_size(enterprise: Enterprise) -> None:
    """Set the size class from the industry and the shown year's figures."""
    enterprise.size_class = classify(
        enterprise.industry_code,
        employees=enterprise.employees,
        revenue=enterprise.sales,
        total_assets=enterprise.total_assets,
    ).size
