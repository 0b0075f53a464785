"""大中小微: the size class of an enterprise by the statistical office's table, with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from app.catalogues.codes import industry, industry_path
from app.core.labels import T


class SizeClass(StrEnum):
    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"

    @property
    def label(self) -> T:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    SizeClass.LARGE: T("大型", "Large"),
    SizeClass.MEDIUM: T("中型", "Medium"),
    SizeClass.SMALL: T("小型", "Small"),
    SizeClass.MICRO: T("微型", "Micro"),
}
_LARGEST_FIRST = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)

#: 从业人员 in persons, 营业收入 and 资产总额 in 万元.
Indicator = Literal["employees", "revenue", "total_assets"]
Bounds = tuple[int, int, int]  # the lower bounds of large, medium and small


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One row of the table: its trade and the bounds of the indicators that count there."""

    name: str
    name_zh: str
    bounds: Mapping[Indicator, Bounds]
    verified: bool = True  # False: the numbers are from memory, nobody compared them yet


@dataclass(frozen=True, slots=True)
class SizeRules:
    """One edition of the table; an edition that is replaced stays for the years it governed."""

    edition: str
    source: str
    valid_from: date
    valid_to: date | None
    rows: Mapping[str, SizeRow]


def _row(
    name: str,
    name_zh: str,
    x: Bounds | None = None,
    y: Bounds | None = None,
    z: Bounds | None = None,
    *,
    verified: bool = True,
) -> tuple[str, SizeRow]:
    """Write a row as the standard prints it: X persons, Y revenue, Z assets."""
    columns: dict[Indicator, Bounds | None] = {"employees": x, "revenue": y, "total_assets": z}
    bounds = {indicator: found for indicator, found in columns.items() if found is not None}
    return name, SizeRow(name, name_zh, bounds, verified)


RULES_2017 = SizeRules(
    edition="国统字〔2017〕213号",
    source="统计上大中小微型企业划分办法（2017）; bound reading: NBS reply of May 2024",
    valid_from=date(2017, 12, 28),
    valid_to=None,
    rows=dict(
        [
            _row("agriculture", "农、林、牧、渔业", y=(20000, 500, 50)),
            _row("industry", "工业", (1000, 300, 20), (40000, 2000, 300)),
            _row("construction", "建筑业", y=(80000, 6000, 300), z=(80000, 5000, 300)),
            _row("wholesale", "批发业", (200, 20, 5), (40000, 5000, 1000)),
            _row("retail", "零售业", (300, 50, 10), (20000, 500, 100)),
            _row("transport", "交通运输业", (1000, 300, 20), (30000, 3000, 200)),
            _row("storage", "仓储业", (200, 100, 20), (30000, 1000, 100)),
            _row("post", "邮政业", (1000, 300, 20), (30000, 2000, 100)),
            _row("accommodation", "住宿业", (300, 100, 10), (10000, 2000, 100)),
            _row("catering", "餐饮业", (300, 100, 10), (10000, 2000, 100)),
            _row("information", "信息传输业", (2000, 100, 10), (100000, 1000, 100)),
            _row("software", "软件和信息技术服务业", (300, 100, 10), (10000, 1000, 50)),
            _row(
                "real_estate",
                "房地产开发经营",
                y=(200000, 1000, 100),
                z=(10000, 5000, 2000),
                verified=False,  # only the last bound of Z
            ),
            _row("property", "物业管理", (1000, 300, 100), (5000, 1000, 500), verified=False),
            _row(
                "business_services",
                "租赁和商务服务业",
                (300, 100, 10),
                z=(120000, 8000, 100),
                verified=False,
            ),
            _row("other", "其他未列明行业", (300, 100, 10), verified=False),
        ]
    ),
)
EDITIONS = (RULES_2017,)

#: Code of GB/T 4754 -> row. The longest code on the way up decides; a code above all of these
#: (G, 59, 70) is too coarse to tell.
_ROW_OF: dict[str, str] = {
    "A": "agriculture",
    **dict.fromkeys("BCD", "industry"),
    "E": "construction",
    "51": "wholesale",
    "52": "retail",
    **dict.fromkeys(("54", "55", "56", "57", "58", "591"), "transport"),  # 591 装卸搬运
    **dict.fromkeys(("592", "593", "594", "595", "596", "599"), "storage"),
    "60": "post",
    "61": "accommodation",
    "62": "catering",
    **dict.fromkeys(("63", "64"), "information"),
    "65": "software",
    "701": "real_estate",
    "702": "property",
    "L": "business_services",
    **dict.fromkeys(("703", "704", "709", "M", "N", "O", "85", "R"), "other"),
}
#: Outside the table: railways, finance (a table of its own), education, health, the state.
_OUTSIDE = ("53", "J", "P", "84", "S", "T")


class SizeStatus(StrEnum):
    CLASSIFIED = "classified"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class SizeResult:
    """The class, or why there is none, with what each indicator reached on its own."""

    status: SizeStatus
    size: SizeClass | None = None
    row: SizeRow | None = None
    edition: str | None = None
    reached: Mapping[Indicator, SizeClass] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def decided_by(self) -> tuple[Indicator, ...]:
        """The indicators that held the class down to what it is."""
        return tuple(name for name, reached in self.reached.items() if reached == self.size)


def row_of(code: str, rules: SizeRules = RULES_2017) -> SizeRow | None:
    """Find the row of an industry code; None if it is outside the table or too coarse."""
    for at in reversed(industry_path(industry(code) or "")):
        if at in _OUTSIDE:
            return None
        if at in _ROW_OF:
            return rules.rows[_ROW_OF[at]]
    return None


def rules_on(day: date) -> SizeRules | None:
    """Find the edition in force on a day."""
    for rules in EDITIONS:
        if rules.valid_from <= day and (rules.valid_to is None or day <= rules.valid_to):
            return rules
    return None


def classify(
    industry_code: str | None,
    *,
    employees: Decimal | int | None = None,
    revenue: Decimal | int | None = None,
    total_assets: Decimal | int | None = None,
    on: date | None = None,
    individual_business: bool = False,
) -> SizeResult:
    """Work out the size class from figures of one year; revenue and assets are in 万元.

    A missing figure makes the class unknown unless the others already put it in the lowest: a
    class needs all its bounds, so the lowest one reached is the answer.
    """
    rules = RULES_2017 if on is None else rules_on(on)
    if rules is None:
        return SizeResult(SizeStatus.UNKNOWN, missing=("edition",))
    if individual_business:
        return SizeResult(SizeStatus.NOT_APPLICABLE, edition=rules.edition)
    path = industry_path(industry(industry_code or "") or "")
    if any(at in _OUTSIDE for at in path):
        return SizeResult(SizeStatus.NOT_APPLICABLE, edition=rules.edition)
    row = row_of(path[-1], rules) if path else None
    if row is None:
        return SizeResult(SizeStatus.UNKNOWN, edition=rules.edition, missing=("industry_code",))
    given: dict[Indicator, Decimal | int | None] = {
        "employees": employees,
        "revenue": revenue,
        "total_assets": total_assets,
    }
    return _weigh(row, rules.edition, given)


def _weigh(
    row: SizeRow, edition: str, given: Mapping[Indicator, Decimal | int | None]
) -> SizeResult:
    reached: dict[Indicator, SizeClass] = {}
    missing: list[str] = []
    for indicator, bounds in row.bounds.items():
        value = given[indicator]
        if value is None:
            missing.append(indicator)
        else:
            reached[indicator] = _reached(Decimal(value), bounds)
    lowest = max(reached.values(), key=list(SizeClass).index, default=None)
    if missing and lowest is not SizeClass.MICRO:
        return SizeResult(
            SizeStatus.UNKNOWN,
            row=row,
            edition=edition,
            reached=reached,
            missing=tuple(missing),
        )
    return SizeResult(SizeStatus.CLASSIFIED, lowest, row, edition, reached, tuple(missing))


def _reached(value: Decimal, bounds: Bounds) -> SizeClass:
    """Say which class one figure alone would allow."""
    for size, bound in zip(_LARGEST_FIRST, bounds, strict=True):
        if value >= bound:
            return size
    return SizeClass.MICRO
