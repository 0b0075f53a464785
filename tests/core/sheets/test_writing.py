"""What leaves the house: typed, readable in Excel and WPS, and never a formula."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.sheets.choices import Choice
from app.core.sheets.columns import CellKind, Column, Value
from app.core.sheets.reading import read_grids
from app.core.sheets.table import read_table
from app.core.sheets.writing import csv_chunks, jsonl_chunks, sheet_name, write_xlsx

COLUMNS = (
    Column("name", ("企业名称",)),
    Column("uscc", ("统一社会信用代码",), CellKind.CODE, natural_key=True),
    Column("day", ("成立日期",), CellKind.DATE),
    Column("sales", ("营业收入",), CellKind.DECIMAL, unit="万元"),
    Column("staff", ("职工总数",), CellKind.INTEGER, unit="人"),
    Column("hightech", ("高新技术企业",), CellKind.BOOLEAN),
    Column("field", ("技术领域",), CellKind.CHOICE, choices=(Choice("m", ("新材料",)),)),
    Column("words", ("关键词",), CellKind.LIST),
)
RECORD: dict[str, Value] = {
    "name": "样例公司",
    "uscc": "0012300",
    "day": dt.date(2013, 5, 1),
    "sales": Decimal("-1326.51"),
    "staff": 29,
    "hightech": True,
    "field": "m",
    "words": ("镁合金", "压铸"),
}
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "＝1+1"]


def written(*records: dict[str, Value]) -> bytes:
    target = io.BytesIO()
    assert write_xlsx(target, COLUMNS, iter(records), "企业") == len(records)
    return target.getvalue()


def csv_rows(*records: dict[str, Value]) -> list[list[str]]:
    text = b"".join(csv_chunks(COLUMNS, records)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_workbook_comes_back_with_the_same_values() -> None:
    table = read_table(written(RECORD), "企业.xlsx", COLUMNS)

    assert table.rows[0].errors == ()
    assert table.rows[0].values == RECORD


def test_days_and_numbers_are_days_and_numbers_and_codes_are_text() -> None:
    page = openpyxl.load_workbook(io.BytesIO(written(RECORD)))["企业"]

    assert [cell.data_type for cell in page[2]] == ["s", "s", "d", "n", "n", "s", "s", "s"]
    assert [cell.value for cell in page[1]][:4] == [
        "企业名称",
        "统一社会信用代码",
        "成立日期",
        "营业收入（万元）",
    ]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:H2"


@pytest.mark.parametrize("text", FORMULAS, ids=repr)
def test_no_text_becomes_a_formula(text: str) -> None:
    page = openpyxl.load_workbook(io.BytesIO(written({"name": text})))["企业"]
    assert page["A2"].data_type == "s"

    assert csv_rows({"name": text})[1][0] == f"'{text}"


def test_a_negative_number_is_still_a_number_in_csv() -> None:
    assert csv_rows(RECORD)[1][3] == "-1326.51"


def test_a_number_with_more_digits_than_a_spreadsheet_keeps_is_written_as_text() -> None:
    page = openpyxl.load_workbook(io.BytesIO(written({"sales": Decimal("1234567890123456.78")})))
    assert page["企业"]["D2"].value == "1234567890123456.78"


def test_csv_opens_in_excel_and_keeps_commas_quotes_and_breaks() -> None:
    odd = '样例,"公司"\n二行'
    data = b"".join(csv_chunks(COLUMNS, [{"name": odd}]))

    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 2
    assert csv_rows({"name": odd})[1][0] == odd


def test_json_lines_keep_decimals_and_days_as_text() -> None:
    (line,) = b"".join(jsonl_chunks([{**RECORD, "id": 7}])).decode().splitlines()
    record = json.loads(line)
    assert (record["sales"], record["day"], record["name"]) == (
        "-1326.51",
        "2013-05-01",
        "样例公司",
    )


def test_an_empty_list_still_has_its_header() -> None:
    assert len(openpyxl.load_workbook(io.BytesIO(written()))["企业"]["1"]) == len(COLUMNS)
    assert len(csv_rows()) == 1
    assert list(jsonl_chunks([])) == []


def test_text_longer_than_a_cell_is_cut_where_one_sees_it() -> None:
    (grid,) = read_grids(written({"name": "字" * 40_000}), "x.xlsx")
    assert len(str(grid.rows[1][0])) == 32_767
    assert str(grid.rows[1][0]).endswith("…")


def test_csv_is_streamed() -> None:
    pulled = 0

    def records() -> Iterator[dict[str, Value]]:
        nonlocal pulled
        for _ in range(5000):
            pulled += 1
            yield RECORD

    next(csv_chunks(COLUMNS, records()))

    assert pulled < 1000


def test_a_sheet_gets_a_name_a_spreadsheet_accepts() -> None:
    assert sheet_name("企业/台账[2026]:*?") == "企业 台账 2026"
    assert sheet_name("[]") == "Sheet1"
    assert len(sheet_name("台" * 50)) == 31


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text_is_written_and_stays_valid_xml(texts: list[str]) -> None:
    records: list[dict[str, Value]] = [{"name": text} for text in texts]
    data = written(*records)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert openpyxl.load_workbook(io.BytesIO(data))["企业"].max_row <= len(texts) + 1
    b"".join(csv_chunks(COLUMNS, records))
    b"".join(jsonl_chunks(records))
