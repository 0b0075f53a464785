"""Every file format and encoding an office sends ends as the same grid."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from app.core.sheets.columns import Column
from app.core.sheets.reading import read_grids
from app.core.sheets.refusals import Limits, SheetRefused
from app.core.sheets.table import read_table
from app.core.sheets.writing import csv_chunks
from tests.core.sheets.enterprise_columns import COLUMNS

FOLDER = Path(__file__).parents[2] / "data" / "workbooks"
LEDGER = '企业名称,统一社会信用代码,备注\r\n样例公司,91990101MA5A61JT97,"一,二\r\n三"\r\n'
ROWS = [
    ["企业名称", "统一社会信用代码", "备注"],
    ["样例公司", "91990101MA5A61JT97", "一,二\r\n三"],
]


def an_xlsx(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
def test_a_csv_is_read_in_every_encoding_offices_use(encoding: str) -> None:
    (grid,) = read_grids(LEDGER.encode(encoding), "台账.csv")
    assert (grid.sheet, grid.rows) == ("台账", ROWS)


@pytest.mark.parametrize(("mark", "name"), [("\t", "a.tsv"), (";", "a.csv"), ("\t", "a.txt")])
def test_the_delimiter_is_found(mark: str, name: str) -> None:
    text = f"企业名称{mark}统一社会信用代码\n样例公司{mark}9199\n"
    assert read_grids(text.encode(), name)[0].rows[1] == ["样例公司", "9199"]


def test_a_csv_in_gbk_becomes_a_table() -> None:
    table = read_table(LEDGER.encode("gbk"), "台账.csv", COLUMNS)
    assert table.rows[0].values["name"] == "样例公司"


def test_an_old_xls_is_read() -> None:
    table = read_table((FOLDER / "small.xls").read_bytes(), "small.xls", COLUMNS)

    assert [row.values["employees"] for row in table.rows] == [29, 904]
    assert table.rows[0].values["established_on"] == dt.date(2013, 5, 1)
    assert [row.errors for row in table.rows] == [(), ()]


def test_an_ods_is_read() -> None:
    def cells(*texts: str) -> str:
        return "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
            for text in texts
        )

    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    rows = "".join(
        f"<table:table-row>{cells(*texts)}</table:table-row>"
        for texts in (("企业名称", "统一社会信用代码"), ("样例公司", "91990101MA5A61JT97"))
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content{names} office:version="1.2"><office:body>'
            f'<office:spreadsheet><table:table table:name="企业">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")

    table = read_table(target.getvalue(), "企业.ods", COLUMNS)

    assert (table.sheet, table.rows[0].values["uscc"]) == ("企业", "91990101MA5A61JT97")


def test_row_and_column_numbers_are_those_of_the_file_though_it_begins_blank() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page["C3"], page["D5"], page["F9"] = "头", 2.0, "尾"

    (grid,) = read_grids(an_xlsx(book), "x.xlsx")

    assert grid.rows[2][2] == "头"
    assert grid.rows[4][3] == 2
    assert isinstance(grid.rows[4][3], int)  # a whole float is the number the clerk sees
    assert grid.rows[8][5] == "尾"


def test_days_and_times_keep_their_kind() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([dt.date(2020, 1, 2), dt.datetime(2020, 1, 2, 3, 4), dt.time(3, 4)])  # noqa: DTZ001

    (grid,) = read_grids(an_xlsx(book), "x.xlsx")

    assert grid.rows[0][1:] == [dt.datetime(2020, 1, 2, 3, 4), "03:04:00"]  # noqa: DTZ001
    assert str(grid.rows[0][0]).startswith("2020-01-02")


def test_the_sheet_that_fits_best_is_taken_and_hidden_ones_are_not() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["本表由园区工作站按季度更新"])
    hidden = book.create_sheet("旧表")
    hidden.append(["企业名称", "统一社会信用代码", "联系人", "备注"])
    hidden.append(["隐藏公司", "1", "", ""])
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("台账")
    shown.append(["企业名称", "统一社会信用代码"])
    shown.append(["样例公司", "91990101MA5A61JT97"])

    table = read_table(an_xlsx(book), "x.xlsx", COLUMNS)

    assert (table.sheet, table.rows[0].values["name"]) == ("台账", "样例公司")


def test_blank_formatted_cells_far_below_cost_nothing() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["企业名称", "统一社会信用代码"])
    page.append(["样例公司", "91990101MA5A61JT97"])
    page["A1048576"].font = Font(bold=True)

    table = read_table(an_xlsx(book), "x.xlsx", COLUMNS)

    assert len(table.rows) == 1


def test_a_file_without_a_known_header_says_which_columns_it_should_have() -> None:
    with pytest.raises(SheetRefused) as refused:
        read_table("甲,乙\n1,2\n".encode(), "x.csv", COLUMNS)
    assert refused.value.code == "no_header"
    assert "企业名称" in str(refused.value.params["headers"])


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(SheetRefused, match="no_rows"):
        read_table("企业名称,统一社会信用代码\n".encode(), "x.csv", COLUMNS)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file_bytes=10), "file_too_large"),
        (Limits(rows=1), "too_many_rows"),
        (Limits(columns=2), "too_many_columns"),
        (Limits(cells=5), "too_many_cells"),
    ],
    ids=repr,
)
def test_the_limits_hold_for_text_and_workbooks_alike(limits: Limits, code: str) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    for data, name in ((LEDGER.encode(), "x.csv"), (an_xlsx(book), "x.xlsx")):
        with pytest.raises(SheetRefused, match=code):
            read_grids(data, name, limits)


@pytest.mark.parametrize(
    "text", ["=1+1有限公司", "- 第一条", "'=已有撇号", "'普通", "@某人", "平常"]
)
def test_a_csv_of_ours_is_read_back_as_it_was(text: str) -> None:
    column = Column("name", ("企业名称",))
    data = b"".join(csv_chunks([column], [{"name": text}]))
    (grid,) = read_grids(data, "台账.csv")
    assert grid.rows[1] == [text]
    opened = data.decode("utf-8-sig").splitlines()[1].strip('"')
    assert not opened.startswith(("=", "+", "-", "@"))
