"""The columns of an enterprise ledger and the domain's checks, as an import would give them."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from app.core.sheets.cells import not_after
from app.core.sheets.choices import Choice
from app.core.sheets.columns import CellKind, Column, Value
from app.core.sheets.table import Complaint

WRITTEN_ON = dt.date(2026, 7, 8)  # the date under the workbooks' signatures

_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_SHAPE = re.compile(r"[1-9ANY][0-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_INDUSTRY = re.compile(r"([A-T])?(\d\d)\d{0,2}")

FIELDS = (
    "电子信息",
    "生物与新医药",
    "航空航天",
    "新材料",
    "高技术服务",
    "新能源与节能",
    "资源与环境",
    "先进制造与自动化",
)


def uscc_error(value: Value) -> str | None:
    """GB 32100-2015: shape, then MOD 31-3."""
    code = str(value)
    if not _USCC_SHAPE.fullmatch(code):
        return "bad_shape"
    total = sum(w * _USCC_LETTERS.index(c) for w, c in zip(_USCC_WEIGHTS, code, strict=False))
    return None if _USCC_LETTERS[(31 - total % 31) % 31] == code[17] else "bad_check_digit"


def industry_error(value: Value) -> str | None:
    """GB/T 4754: an optional letter and two to four digits, divisions 01 to 97."""
    found = _INDUSTRY.fullmatch(str(value))
    return None if found and 1 <= int(found[2]) <= 97 else "unknown_code"


def staff_fit(values: Mapping[str, Value]) -> Iterator[Complaint]:
    staff, tech = values.get("employees"), values.get("tech_staff")
    if isinstance(staff, int) and isinstance(tech, int) and tech > staff:
        yield Complaint("tech_staff", "more_than_employees")


def _money(field: str, *labels: str) -> Column:
    return Column(field, labels, CellKind.DECIMAL, unit="万元", minimum=Decimal(0), decimals=4)


COLUMNS = (
    Column("name", ("企业名称", "单位名称"), required=True, max_length=200),
    Column(
        "uscc",
        ("统一社会信用代码", "信用代码"),
        CellKind.CODE,
        required=True,
        natural_key=True,
        check=uscc_error,
    ),
    Column("established_on", ("成立日期",), CellKind.DATE, check=not_after(WRITTEN_ON)),
    _money("registered_capital", "注册资本", "注册资金"),
    Column("legal_representative", ("法定代表人", "法人代表")),
    Column("contact", ("联系人",)),
    Column("phone", ("联系电话", "电话"), CellKind.PHONE),
    Column("industry_code", ("行业代码",), CellKind.CODE, check=industry_error),
    Column(
        "hightech_field",
        ("技术领域",),
        CellKind.CHOICE,
        choices=tuple(Choice(str(n), (label,)) for n, label in enumerate(FIELDS, 1)),
    ),
    Column("employees", ("职工总数", "从业人员"), CellKind.INTEGER, unit="人", minimum=0),
    Column("tech_staff", ("科技人员",), CellKind.INTEGER, unit="人", minimum=0),
    _money("sales", "营业收入"),
    _money("rd_expense", "研发费用"),
    Column("certificate_no", ("高新技术企业证书编号",), CellKind.CODE),
    Column("entered_on", ("入园时间",), CellKind.DATE, check=not_after(WRITTEN_ON)),
    Column("remark", ("备注",), CellKind.LONGTEXT),
)
