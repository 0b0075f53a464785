"""The columns of a clerk's workbook that are figures of a year, not fields of the enterprise."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.audit.work import Work
from app.core.errors import FieldError
from app.ledgers.enterprises import figures as rules
from app.ledgers.enterprises.indicators import INDICATORS
from app.ledgers.enterprises.models import Enterprise, SourceKind
from app.ledgers.enterprises.service import observe, record_figures, withdraw_figures
from app.registers.fields import Kind
from app.registers.sheet_columns import Figure, SheetFigures

Values = Mapping[str, Any]  # Decimal, int or None under the names of FIGURES


def _column(name: str, *synonyms: str) -> Figure:
    indicator = INDICATORS[name]
    kind = Kind.integer if indicator.whole else Kind.decimal
    return Figure(name, indicator.label, kind, indicator.unit_label, synonyms)


FIGURES: tuple[Figure, ...] = (
    _column(
        "employees",
        "职工总数",
        "职工人数",
        "从业人员数",
        "从业人数",
        "员工总数",
        "员工人数",
        "年末从业人员",
    ),
    _column("tech_staff", "科技人员数", "科技活动人员", "研发人员", "研发人员数"),
    _column("sales", "销售收入", "主营业务收入", "销售额", "年销售收入", "营收", "Revenue"),
    _column("rd_expense", "研发投入", "研发经费", "研究开发费用", "R&D投入", "R&D经费"),
    _column("total_assets", "资产总计", "总资产", "年末资产总额"),
)
_NAMES = frozenset(figure.name for figure in FIGURES)


def check_figures(values: Values) -> Sequence[FieldError]:
    """Say what is wrong with one row's figures; pure, so the dry run may ask."""
    wrong = []
    told = {name: value for name, value in values.items() if name in _NAMES and value is not None}
    for name, value in told.items():
        error = rules.wrong_value(INDICATORS[name], Decimal(value), f"/{name}")
        wrong += [error] if error else []
    for part, whole in rules.beyond_the_whole(told):
        words = {"part": INDICATORS[part].label, "whole": INDICATORS[whole].label}
        wrong.append(FieldError(f"/{part}", "more_than_whole", rules.MORE_THAN_WHOLE, words))
    return wrong


def figures_from_sheet(values: Values, period: str, source_ref: str) -> list[rules.Figure]:
    """Return one row's figures; an empty cell says nothing."""
    return [
        rules.Figure(name, period, Decimal(value), SourceKind.workbook, source_ref)
        for name, value in values.items()
        if value is not None
    ]


async def write_figures(
    work: Work, enterprise: Enterprise, values: Values, period: str, source_ref: str
) -> None:
    """Record one enterprise's figures as a version of its own. Raises Forbidden, Invalid."""
    figures = figures_from_sheet(values, period, source_ref)
    if figures:
        await observe(work, enterprise, figures)


async def set_figures(
    work: Work, rows: Sequence[tuple[Enterprise, Values]], period: str, source_ref: str
) -> None:
    """Record the figures of a workbook's rows and set them on the rows. Raises Invalid."""
    many = [(row, figures_from_sheet(values, period, source_ref)) for row, values in rows]
    await record_figures(work, [(row, figures) for row, figures in many if figures])


SHEET = SheetFigures(FIGURES, check_figures, set_figures, withdraw_figures)
