"""A clerk's own file comes back with comments in the wrong cells, and nothing else changed."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from app.core.sheets.marking import marked
from app.core.sheets.marking_cells import place_of
from app.core.sheets.reading import read_grids
from tests.core.sheets import libreoffice

DATA = Path(__file__).parents[2] / "data" / "workbooks"
#: What openpyxl does not know it says so, and drops: the reason why it only reads here.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
SHEET = "台账"
NOTES = {
    (3, 0): "必填项没有填写。",
    (3, 2): "“=1+1”<&>不是数字。\n第二行",
    (4, 1): "重复。",
    (5, 6): "远。",
}


def _picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def rich(*, comment: bool) -> bytes:
    """Make a workbook with all that a library would lose: chart, picture, rules, a comment."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True, "bg_color": "#00FF00"})
        page.merge_range("A1:C1", "东湖园区企业台账", bold)
        page.write_row("A2", ["企业名称", "统一社会信用代码", "营业收入（万元）"])
        page.write_row("A3", [None, "91990101MA5A61JT97", "=1+1"], bold)
        page.write_row("A4", ["样例", "91990101MA5A61JT97", 3])
        page.data_validation("C3:C9", {"validate": "decimal", "criteria": ">", "value": 0})
        page.conditional_format("C3:C9", {"type": "data_bar", "data_bar_2010": True})
        page.add_table("E2:F4", {"columns": [{"header": "甲"}, {"header": "乙"}]})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{SHEET}'!$C$3:$C$4"})
        page.insert_chart("H2", chart)
        page.insert_image("H20", "x.png", {"image_data": io.BytesIO(_picture())})
        page.set_header("&C第 &P 页")
        if comment:
            page.write_comment("B4", "我自己的批注", {"author": "老王"})
            page.write_comment("B2", "表头的批注")
        other = book.add_worksheet("别的")
        other.write_comment("A1", "不动")
    return target.getvalue()


def _comments(data: bytes, sheet: str = SHEET) -> dict[tuple[int, int], str]:
    page = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    return {
        place_of(cell.coordinate): cell.comment.text
        for cells in page.iter_rows()
        for cell in cells
        if cell.comment
    }


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("comment", [False, True])
def test_only_what_carries_the_comments_changes(*, comment: bool) -> None:
    data = rich(comment=comment)

    made = marked(data, "台账.xlsx", SHEET, NOTES, "检查")

    expected = dict(NOTES)
    if comment:
        expected |= {(4, 1): "我自己的批注\n重复。", (2, 1): "表头的批注"}
    assert _comments(made) == expected
    assert _comments(made, "别的") == {(1, 0): "不动"}
    before, after = _parts(data), _parts(made)
    changed = {name for name in before if before[name] != after.get(name)}
    own = {
        *("[Content_Types].xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"),
        "xl/worksheets/_rels/sheet1.xml.rels",
    }
    if comment:
        own = {"xl/styles.xml", "xl/worksheets/sheet1.xml"} | {
            name for name in before if name in ("xl/comments1.xml", "xl/drawings/vmlDrawing1.vml")
        }
    assert changed == own
    page = openpyxl.load_workbook(io.BytesIO(made))[SHEET]
    assert page["C3"].value == "=1+1"
    assert page["C3"].font.bold
    assert page["C3"].fill.start_color.rgb == page["A3"].fill.start_color.rgb == "FFFDE2E0"
    assert page["C4"].fill.start_color.rgb != "FFFDE2E0"
    assert page["A1"].fill.start_color.rgb == "FF00FF00"


def test_a_mark_inside_a_merged_area_stands_where_it_is_seen() -> None:
    made = marked(rich(comment=False), "x.xlsx", SHEET, {(1, 2): "错。", (1, 0): "也错。"}, "检查")
    assert _comments(made) == {(1, 0): "错。\n也错。"}


def test_a_sheet_written_in_an_unusual_way_comes_back_with_its_cells() -> None:
    strict = {
        name: part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        if name.endswith("sheet1.xml")
        else part
        for name, part in _parts(rich(comment=False)).items()
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in strict.items():
            archive.writestr(name, part)
    made = marked(target.getvalue(), "x.xlsx", SHEET, NOTES, "检查")
    assert _comments(made) == NOTES


def test_what_is_no_xlsx_comes_back_as_one() -> None:
    lines = "企业名称,统一社会信用代码,营业收入\n样例,91990101MA5A61JT97,=HYPERLINK(1)\n,0012,3\n"
    for data, name in ((lines.encode("gb18030"), "台账.csv"), (lines.encode(), "台账.csv")):
        made = marked(data, name, "台账", {(2, 2): "不是数字。", (3, 0): "必填。"}, "检查")
        assert _comments(made, "台账") == {(2, 2): "不是数字。", (3, 0): "必填。"}
        page = openpyxl.load_workbook(io.BytesIO(made))["台账"]
        assert (page["C2"].value, page["C2"].data_type) == ("=HYPERLINK(1)", "s")
        assert page["B3"].value == "0012"
    xls = (DATA / "small.xls").read_bytes()
    grid = read_grids(xls, "small.xls")[0]
    made = marked(xls, "small.xls", grid.sheet, {(2, 1): "错。"}, "检查")
    assert read_grids(made, "x.xlsx")[0].rows == grid.rows
    assert _comments(made, grid.sheet) == {(2, 1): "错。"}


def test_five_thousand_rows_come_back_quickly_and_whole() -> None:
    data = (DATA / "enterprises-zh-CN-5000.xlsx").read_bytes()
    notes = {(row, column): f"第 {row} 行" for row in range(6, 5006) for column in (1, 5)}
    made = marked(data, "x.xlsx", "企业台账", notes, "检查")
    assert read_grids(made, "x.xlsx") == read_grids(data, "x.xlsx")
    assert _parts(made)["xl/comments1.xml"].count(b"<comment ") == len(notes)


@pytest.mark.skipif(libreoffice.OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("comment", [False, True])
def test_libreoffice_finds_the_comments_in_their_cells(tmp_path: Path, *, comment: bool) -> None:
    made = marked(rich(comment=comment), "台账.xlsx", SHEET, NOTES, "检查")
    found = libreoffice.comments(made, SHEET, tmp_path)
    assert set(found) == set(NOTES) | ({(2, 1)} if comment else set())
    assert found[3, 2] == NOTES[3, 2]
