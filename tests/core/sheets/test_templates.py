"""A template explains itself, and what is filled into it is read back without a fault."""

import io

import openpyxl
import pytest

from app.core.sheets.choices import Choice
from app.core.sheets.columns import CellKind, Column
from app.core.sheets.table import read_table
from app.core.sheets.templates import template

COLUMNS = (
    Column(
        "name",
        ("企业名称",),
        required=True,
        max_length=200,
        help="与营业执照一致。",
        example="样例软件有限公司",
    ),
    Column("uscc", ("统一社会信用代码",), CellKind.CODE, required=True, natural_key=True),
    Column("sales", ("营业收入",), CellKind.DECIMAL, unit="万元", minimum=0),
    Column("staff", ("职工总数",), CellKind.INTEGER, unit="人", minimum=0),
    Column("day", ("成立日期",), CellKind.DATE),
    Column("field", ("技术领域",), CellKind.CHOICE, choices=(Choice("m", ("新材料",)),)),
    Column(
        "industry",
        ("行业",),
        CellKind.CHOICE,
        choices=tuple(Choice(str(n), (f"第{n}号行业的名称",)) for n in range(200)),
    ),
)


def test_a_filled_template_is_read_back_without_a_fault() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(COLUMNS, "企业")))
    page = book["企业"]
    page.append(["样例", "91990101MA5A61JT97", 12.5, 3, "2013-05-01", "新材料"])
    target = io.BytesIO()
    book.save(target)

    table = read_table(target.getvalue(), "企业.xlsx", COLUMNS)

    assert table.header.problems == ()
    assert len(table.header.by_field) == len(COLUMNS)
    assert [row.errors for row in table.rows] == [()]


def test_each_column_says_what_belongs_into_it() -> None:
    page = openpyxl.load_workbook(io.BytesIO(template(COLUMNS, "企业")))["企业"]

    comment = page["A1"].comment
    assert comment is not None
    assert comment.text.splitlines() == [
        "必填。",
        "填写文字。",
        "最多 200 个字。",
        "与营业执照一致。",
        "例如：样例软件有限公司",
    ]
    assert page["A1"].value == "企业名称*"
    assert page.column_dimensions["B"].number_format == "@"  # a code stays what was typed


def test_short_lists_stand_in_the_rule_and_long_ones_on_the_second_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(COLUMNS, "企业")))
    rules = {str(r.sqref): r.formula1 for r in book["企业"].data_validations.dataValidation}

    assert rules["F2:F5001"] == '"新材料"'
    assert rules["G2:G5001"] == "'选项'!$G$2:$G$201"
    assert book["选项"]["G201"].value == "第199号行业的名称"


@pytest.mark.parametrize(("locale", "first"), [("zh-TW", "必填。"), ("en", "Required.")])
def test_the_explanations_follow_the_reader_s_language(locale: str, first: str) -> None:
    page = openpyxl.load_workbook(io.BytesIO(template(COLUMNS, "企业", locale)))["企业"]
    assert page["A1"].comment is not None
    assert page["A1"].comment.text.splitlines()[0] == first
