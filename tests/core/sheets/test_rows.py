"""Which rows are data: a real one is never dropped, and what is dropped is told."""

import pytest

from app.core.sheets.columns import CellKind, Column
from app.core.sheets.headers import find_header
from app.core.sheets.reading import Grid, RawCell
from app.core.sheets.rows import RawRow, data_rows
from app.core.sheets.table import CellRemark, check_rows

COLUMNS = (
    Column("name", ("企业名称",), required=True),
    Column("uscc", ("统一社会信用代码",), CellKind.CODE, required=True, natural_key=True),
    Column("employees", ("职工总数",), CellKind.INTEGER, unit="人"),
)
HEADER: list[RawCell] = ["序号", "企业名称", "统一社会信用代码", "职工总数", "楼层"]


def split(*rows: list[RawCell]) -> tuple[list[RawRow], dict[int, str]]:
    grid = Grid("表", [HEADER, *rows])
    header = find_header(grid, COLUMNS)
    assert header is not None
    raw_rows, ignored = data_rows(grid, header, COLUMNS)
    return raw_rows, {row.number: row.reason for row in ignored}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["", None, "　", "", "\u200b"], "blank"),
        (HEADER, "repeated_header"),
        (["", "合计", "", 120, ""], "total"),
        (["合 计：", "", "", 120, ""], "total"),
        (["总计", "12家", "", "", ""], "total"),
        (["填表人：（签字）", "", "", "审核人：（签字）", "填表日期：2026年7月8日"], "signature"),
        (["填表人", "张三", "", "审核人", "李四"], "signature"),
        (["", "单位负责人（签字）", "", "", ""], "signature"),
        (["", "（盖章）", "", "", ""], "signature"),
        (["注：本表按季度更新。", "", "", "", ""], "note"),
        (["", "填表说明：1.按季度更新", "", "", ""], "note"),
        ([7, "", "", "", ""], "serial_only"),
        (["", "", "", "", "三楼"], "nothing_mapped"),
    ],
    ids=repr,
)
def test_what_is_no_data_is_ignored_for_a_named_reason(row: list[RawCell], reason: str) -> None:
    rows, ignored = split(row)
    assert (rows, ignored) == ([], {2: reason})


@pytest.mark.parametrize(
    "row",
    [
        ["", "合计软件有限公司", "", "", ""],
        ["", "合计", "91990101MA5A61JT97", 3, ""],
        ["", "说明书设计有限公司", "", 3, ""],
        ["", "负责人力资源有限公司", "", "", ""],
        [3, "", "", 12, ""],
        ["", "", "91990101MA5A61JT97", "", ""],
        ["", "企业名称", "91990101MA5A61JT97", 3, ""],
    ],
    ids=repr,
)
def test_a_row_that_only_looks_like_a_footer_is_data(row: list[RawCell]) -> None:
    rows, ignored = split(row)
    assert ([found.number for found in rows], ignored) == ([2], {})


def test_numbered_lines_under_a_note_belong_to_it() -> None:
    _, ignored = split(["说明：", "", "", "", ""], ["1.数据截至六月末", "", "", "", ""])
    assert ignored == {2: "note", 3: "note"}


def remarks(*rows: RawRow, partial: bool = False) -> list[CellRemark]:
    header = find_header(Grid("表", [HEADER]), COLUMNS)
    assert header is not None
    checked = check_rows(rows, COLUMNS, header.by_field, partial=partial)
    return [error for row in checked for error in row.errors]


def test_the_later_of_two_rows_with_one_key_is_the_duplicate() -> None:
    one = RawRow(4, {"name": "甲", "uscc": "91990101MA5A61JT97"})
    same = RawRow(9, {"name": "乙", "uscc": "９１９９０１０１ ma5a61jt97"})

    (error,) = remarks(one, same)

    assert (error.row, error.column, error.code, error.params) == (9, "C", "duplicate", {"row": 4})


def test_rows_without_a_key_are_no_duplicates_of_each_other() -> None:
    assert {e.code for e in remarks(RawRow(4, {"name": "甲"}), RawRow(5, {"name": "乙"}))} == {
        "missing"
    }


def test_a_mended_row_is_checked_like_a_read_one() -> None:
    assert remarks(RawRow(4, {"name": "甲", "uscc": "9199", "employees": "若干"})) != []
    assert remarks(RawRow(4, {"name": "甲", "uscc": "9199", "employees": "12人"})) == []


def test_a_missing_required_column_is_every_row_s_error_unless_the_file_is_partial() -> None:
    header = find_header(Grid("表", [["企业名称", "职工总数"]]), COLUMNS)
    assert header is not None
    rows = [RawRow(2, {"name": "甲"})]

    (row,) = check_rows(rows, COLUMNS, header.by_field)
    (partly,) = check_rows(rows, COLUMNS, header.by_field, partial=True)

    assert [(e.field, e.column, e.code) for e in row.errors] == [("uscc", None, "missing")]
    assert partly.errors == ()
