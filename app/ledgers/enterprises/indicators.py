"""The figures that are kept of an enterprise: code, words, unit, kind; versioned, never renamed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.core.labels import T

PERSONS = T("人", "persons")
WAN_YUAN = T("万元", "10k CNY")
EDITION = "2026"  # of this table; a changed meaning is a new code, never a new unit of an old one


@dataclass(frozen=True, slots=True)
class Indicator:
    """One kind of figure. ``unit`` is the code stored with every value of it."""

    code: str
    label: T
    unit: str
    unit_label: T
    whole: bool = False
    negative: bool = False  # may be below zero
    most: Decimal = Decimal(99999999999999)


def _persons(code: str, zh: str, en: str) -> Indicator:
    return Indicator(code, T(zh, en), "person", PERSONS, whole=True, most=Decimal(9_999_999))


def _money(code: str, zh: str, en: str, *, negative: bool = False) -> Indicator:
    return Indicator(code, T(zh, en), "wan_yuan", WAN_YUAN, negative=negative)


INDICATORS: Mapping[str, Indicator] = {
    indicator.code: indicator
    for indicator in (
        _persons("employees", "从业人员", "Employees"),
        _persons("tech_staff", "科技人员", "Science and technology staff"),
        _money("sales", "营业收入", "Sales"),
        _money("total_income", "总收入", "Total income"),
        _money("rd_expense", "研发费用", "R&D expense"),
        _money("rd_domestic", "境内研发费用", "R&D expense inside China"),
        _money("hightech_income", "高新技术产品(服务)收入", "High-tech income"),
        _money("total_assets", "资产总额", "Total assets"),
        _money("net_assets", "净资产", "Net assets", negative=True),
        _money("cost_expense", "成本费用总额", "Costs and expenses"),
        _money("profit", "利润总额", "Profit", negative=True),
        _money("tax", "上缴税金", "Taxes paid", negative=True),
        _money("export", "出口额", "Exports"),
    )
}
#: Shown in the ledger's own columns, all of one year.
IN_THE_LEDGER = ("employees", "tech_staff", "sales", "rd_expense", "total_assets")
#: The part and the whole it may not exceed, within one year and source.
PARTS: Mapping[str, str] = {
    "tech_staff": "employees",
    "rd_domestic": "rd_expense",
    "hightech_income": "total_income",
}
