"""The two workbooks as clerks keep them: every bad row is found, and no good one is refused."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.sheets.rows import RawRow
from app.core.sheets.table import Table, check_rows, read_table
from tests.core.sheets.enterprise_columns import COLUMNS, staff_fit

FOLDER = Path(__file__).parents[2] / "data" / "workbooks"

# What each kind of fault in the truth files must be called, and in which field
CALLED = {
    "date": ("established_on", "not_a_date"),
    "future": ("established_on", "in_future"),
    "check": ("uscc", "bad_check_digit"),
    "short": ("uscc", "bad_shape"),
    "letter": ("uscc", "bad_shape"),
    "missing_name": ("name", "missing"),
    "missing_code": ("uscc", "missing"),
    "industry": ("industry_code", "unknown_code"),
    "text_number": ("sales", "not_a_number"),
    "negative": ("employees", "negative"),
    "tech_gt_staff": ("tech_staff", "more_than_employees"),
    "duplicate": ("uscc", "duplicate"),
}


def a_table(rows: int) -> Table:
    path = FOLDER / f"enterprises-zh-CN-{rows}.xlsx"
    return read_table(path.read_bytes(), path.name, COLUMNS, row_check=staff_fit)


@pytest.mark.parametrize("rows", [300, 5000])
def test_the_bad_rows_are_those_of_the_truth_file_and_no_others(rows: int) -> None:
    truth = json.loads((FOLDER / f"enterprises-zh-CN-{rows}.truth.json").read_text("utf-8"))
    table = a_table(rows)

    found = {
        row.number: {(e.field, e.code) for e in row.errors} for row in table.rows if row.errors
    }

    assert table.header.row == truth["header_row"]
    assert len(table.rows) == truth["data_rows"]
    assert set(found) == {bad["row"] for bad in truth["bad_rows"]}
    assert [b for b in truth["bad_rows"] if CALLED[b["bad"]] not in found[b["row"]]] == []


def test_every_row_below_the_header_is_either_data_or_ignored_for_a_reason() -> None:
    table = a_table(300)

    seen = sorted([row.number for row in table.rows] + [row.number for row in table.ignored])

    assert seen == list(range(4, 313))
    assert Counter(row.reason for row in table.ignored) == {
        "blank": 4,
        "total": 1,
        "signature": 1,
    }


def test_an_error_names_its_cell_as_the_clerk_sees_it() -> None:
    error = next(row for row in a_table(300).rows if row.number == 8).errors[0]

    assert (error.row, error.column, error.header, error.value) == (
        8,
        "D",
        "成立日期",
        "2031-05-01",
    )
    assert error.message("zh-CN") == "日期“2031-05-01”还没有到。请核对年份。"


def test_a_repeated_enterprise_names_the_row_it_repeats() -> None:
    table = a_table(300)
    repeated = next(row for row in table.rows if row.number == 307)
    earlier = repeated.errors[0].params["row"]

    first = next(row for row in table.rows if row.number == earlier)

    assert first.values["uscc"] == repeated.values["uscc"]
    assert first.errors == ()


def test_values_arrive_typed_whatever_shape_they_were_typed_in() -> None:
    values = {row.number: row.values for row in a_table(300).rows}

    assert values[4]["sales"] == Decimal("245.14")  # a full-width dot
    assert values[5]["uscc"] == "91990101MA2JL6QM47"  # a blank inside
    assert values[6]["employees"] == 904  # 904人
    assert values[7]["registered_capital"] == 500  # blanks around
    assert values[8]["phone"] == "18963288639"  # a number to the spreadsheet
    assert values[8]["industry_code"] == "2761"
    assert values[6]["entered_on"].isoformat() == "2002-06-01"  # type: ignore[union-attr]


def test_rows_kept_as_json_are_checked_again_with_the_same_outcome() -> None:
    table = a_table(300)
    kept = json.loads(json.dumps([[raw.number, raw.stored()] for raw in table.raw_rows]))

    again = check_rows(
        [RawRow(number, cells) for number, cells in kept],
        COLUMNS,
        table.header.by_field,
        row_check=staff_fit,
    )

    assert [row.values for row in again] == [row.values for row in table.rows]
    assert [[e.code for e in row.errors] for row in again] == [
        [e.code for e in row.errors] for row in table.rows
    ]
