"""Where the header stands and what its columns mean."""

import pytest

from app.core.sheets.columns import CellKind, Column
from app.core.sheets.headers import Chosen, Header, column_letter, find_header, fold_header
from app.core.sheets.reading import Grid, RawCell
from app.core.sheets.units import split_unit, units_noted

COLUMNS = (
    Column("name", ("企业名称", "单位名称"), required=True),
    Column("uscc", ("统一社会信用代码",), CellKind.CODE, required=True, natural_key=True),
    Column("employees", ("职工总数",), CellKind.INTEGER, unit="人"),
    Column("tech_staff", ("科技人员",), CellKind.INTEGER, unit="人"),
    Column("sales", ("营业收入",), CellKind.DECIMAL, unit="万元"),
    Column("remark", ("备注",)),
)


def the_header(*rows: list[RawCell]) -> Header:
    header = find_header(Grid("表", list(rows)), COLUMNS)
    assert header is not None
    return header


def fields(header: Header) -> dict[str, str]:
    return {cell.letter: cell.field for cell in header.cells if cell.field}


def units(header: Header) -> dict[str, str | None]:
    return {name: cell.unit for name, cell in header.by_field.items()}


def test_titles_above_are_passed_over_and_their_unit_is_kept() -> None:
    header = the_header(
        ["园区企业情况表"],
        ["填报单位：样例工作站", "", "", "单位：元、人"],
        ["序号", "企业名称", "统一社会信用代码", "营业收入", "职工总数"],
        [1, "样例公司", "91990101MA5A61JT97", 28000, 3],
    )
    assert (header.row, header.first_data_row) == (3, 4)
    assert fields(header) == {"B": "name", "C": "uscc", "D": "sales", "E": "employees"}
    assert units(header)["sales"] == "元"
    assert units(header)["employees"] == "人"


def test_headers_are_known_with_breaks_blanks_units_and_in_the_other_script() -> None:
    header = the_header(
        ["*企業名稱（必填）", "统一社会\n信用代码", "營業收入\n(萬元)", "其中：科技人员", "備　註"]
    )
    assert list(fields(header).values()) == ["name", "uscc", "sales", "tech_staff", "remark"]
    assert units(header)["sales"] == "万元"


def test_a_header_of_two_rows_is_read_through_its_groups() -> None:
    header = the_header(
        ["企业名称", "统一社会信用代码", "人员情况", "", "经济指标（元）", "备注"],
        ["", "", "职工总数", "其中：科技人员", "营业收入", ""],
        ["样例公司", "91990101MA5A61JT97", 10, 3, 28000, ""],
    )
    assert header.row == 2
    assert len(fields(header)) == 6
    assert header.by_field["tech_staff"].text == "人员情况 / 其中：科技人员"
    assert units(header) == {
        "name": None,
        "uscc": None,
        "employees": None,
        "tech_staff": None,
        "sales": "元",
        "remark": None,
    }


def test_a_row_of_units_and_a_row_of_numbers_below_belong_to_the_header() -> None:
    header = the_header(
        ["企业名称", "统一社会信用代码", "职工总数", "营业收入"],
        ["—", "—", "（人）", "（元）"],
        ["甲", "乙", "1", "2"],
        ["样例公司", "91990101MA5A61JT97", 10, 28000],
    )
    assert header.rows_under == ((2, "unit_row"), (3, "column_numbers"))
    assert units(header)["sales"] == "元"


def test_a_field_named_twice_is_read_once_and_reported() -> None:
    header = the_header(["企业名称", "统一社会信用代码", "单位名称"])

    assert fields(header) == {"A": "name", "B": "uscc"}
    assert header.problems[0].code == "double_header"
    assert header.problems[0].params == {"header": "单位名称", "column": "C"}


def test_a_required_field_without_a_column_is_reported() -> None:
    header = the_header(["企业名称", "职工总数", "备注"])

    assert [(p.code, p.params["header"]) for p in header.problems] == [
        ("missing_column", "统一社会信用代码")
    ]


def test_what_a_person_mapped_once_is_remembered_and_what_they_left_out_too() -> None:
    grid = Grid("表", [["户名", "代码证", "企业名称", "营业收入"], ["样例公司", "9199", "x", 1]])
    mapping = {"户名": "name", "代码证": "uscc", "企业名称": None, "营业收入": "no_such_field"}

    header = find_header(grid, COLUMNS, mapping)

    assert header is not None
    assert fields(header) == {"A": "name", "B": "uscc", "D": "sales"}


def test_a_sheet_that_names_no_fields_has_no_header() -> None:
    assert find_header(Grid("说明", [["本表由园区工作站按季度更新"]]), COLUMNS) is None
    assert find_header(Grid("空", []), COLUMNS) is None


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("注册资本\n（万元）", "注册资本", "万元"),
        ("营业收入(万元)", "营业收入", "万元"),
        ("营业收入【单位：元】", "营业收入", "元"),
        ("营业收入/亿元", "营业收入", "亿元"),
        ("研发占比（%）", "研发占比", "%"),
        ("建筑面积（㎡）", "建筑面积", "m2"),
        ("合同额（万美元）", "合同额", "万美元"),
        ("负责人（签字）", "负责人(签字)", None),
        ("企业名称", "企业名称", None),
    ],
)
def test_the_unit_is_split_from_a_header(header: str, name: str, unit: str | None) -> None:
    assert split_unit(header) == (name, unit)


def test_an_office_is_not_a_unit() -> None:
    assert units_noted("单位：万元、人") == ["万元", "人"]
    assert units_noted("（金额单位：元）") == ["元"]
    assert units_noted("填报单位：样例工作站") == []
    assert units_noted("单位：样例工作站") == []


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letter(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_one_header_in_two_spellings_folds_to_one() -> None:
    assert fold_header("備 註：") == fold_header("备注")
    assert fold_header("统一社会信用代码（18位）") == "统一社会信用代码18位"


def test_a_person_s_word_on_the_columns_goes_before_what_they_seem_to_be() -> None:
    grid = Grid(
        "x", [["企业名称", "统一社会信用代码", "老板"], ["样例", "91990101MA5A61JT97", "甲"]]
    )
    header = find_header(grid, COLUMNS, chosen=Chosen("x", 1, {0: None, 2: "name"}))
    assert header is not None
    assert fields(header) == {"C": "name", "B": "uscc"}


def test_columns_once_left_out_still_tell_where_the_header_is() -> None:
    grid = Grid("x", [["企业名称", "统一社会信用代码"], ["样例", "9199"]])
    header = find_header(grid, COLUMNS, {"企业名称": None, "统一社会信用代码": None})
    assert header is not None
    assert (header.row, fields(header)) == (1, {})
    assert [p.code for p in header.problems] == ["missing_column", "missing_column"]
