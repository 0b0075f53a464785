"""Size classes: every bound of every row, and an honest answer where a figure is missing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.ledgers.enterprises.size_class import (
    RULES_2017,
    SizeClass,
    SizeRow,
    SizeStatus,
    classify,
    row_of,
)

L, M, S, U = SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL, SizeClass.MICRO
CODE = {
    "agriculture": "0111",
    "industry": "3562",
    "construction": "4710",
    "wholesale": "5176",
    "retail": "5273",
    "transport": "5431",
    "storage": "5930",
    "post": "6020",
    "accommodation": "6110",
    "catering": "6210",
    "information": "6450",
    "software": "6513",
    "real_estate": "7010",
    "property": "7020",
    "business_services": "7221",
    "other": "7320",
}
BOUNDS = [
    (row, indicator, place)
    for row in RULES_2017.rows.values()
    for indicator in row.bounds
    for place in range(3)
]


def test_every_row_of_the_table_has_a_code_that_leads_to_it() -> None:
    assert {name: row_of(code) for name, code in CODE.items()} == dict(RULES_2017.rows)


@pytest.mark.parametrize(
    ("row", "indicator", "place"),
    BOUNDS,
    ids=[f"{row.name}-{indicator}-{'LMS'[place]}" for row, indicator, place in BOUNDS],
)
def test_a_figure_at_its_bound_holds_the_class_and_just_below_it_does_not(
    row: SizeRow, indicator: str, place: int
) -> None:
    plenty: dict[str, Any] = {name: Decimal(10**9) for name in row.bounds}
    bound = Decimal(row.bounds[indicator][place])  # type: ignore[index]
    step = 1 if indicator == "employees" else Decimal("0.01")
    classes = (L, M, S, U)
    at = classify(CODE[row.name], **{**plenty, indicator: bound})
    below = classify(CODE[row.name], **{**plenty, indicator: bound - step})
    assert at.size is classes[place]
    assert below.size is classes[place + 1]
    assert below.decided_by == (indicator,)


@pytest.mark.parametrize(
    ("employees", "revenue", "size"),
    [
        (1200, "30000", M),
        (1000, "40000", L),
        (999, "40000", M),
        (1000, "39999.99", M),
        (20, "300", S),
        (19, "99999", U),
        (5000, "299.99", U),
    ],
)
def test_a_factory_is_as_large_as_its_smaller_figure(
    employees: int, revenue: str, size: SizeClass
) -> None:
    assert classify("C3562", employees=employees, revenue=Decimal(revenue)).size is size


def test_a_missing_figure_leaves_the_class_unknown_and_is_named() -> None:
    result = classify("3562", employees=1200)
    assert result.status is SizeStatus.UNKNOWN
    assert result.size is None
    assert result.missing == ("revenue",)
    assert result.reached == {"employees": L}


def test_a_figure_below_every_bound_decides_alone() -> None:
    result = classify("3562", employees=19)
    assert result.status is SizeStatus.CLASSIFIED
    assert result.size is U
    assert result.missing == ("revenue",)


def test_a_figure_the_row_does_not_ask_for_is_not_missed() -> None:
    assert classify("0111", revenue=500).size is M
    assert classify("7320", employees=100).size is M


@pytest.mark.parametrize("code", ["6621", "J", "5320", "8310", "8411", "9221", "9700"])
def test_finance_railways_schools_hospitals_and_the_state_are_outside_the_table(code: str) -> None:
    assert classify(code, employees=1, revenue=1).status is SizeStatus.NOT_APPLICABLE


def test_an_individual_business_is_outside_the_table() -> None:
    result = classify("3562", employees=1, revenue=1, individual_business=True)
    assert result.status is SizeStatus.NOT_APPLICABLE


@pytest.mark.parametrize("code", [None, "", "9999", "G", "59", "70", "F", "Q"])
def test_a_code_that_is_absent_wrong_or_too_coarse_leaves_the_class_unknown(
    code: str | None,
) -> None:
    result = classify(code, employees=1, revenue=1, total_assets=1)
    assert result.status is SizeStatus.UNKNOWN
    assert result.missing == ("industry_code",)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C", "industry"),
        ("4610", "industry"),
        ("5910", "transport"),
        ("5920", "storage"),
        ("L", "business_services"),
        ("7030", "other"),
        ("8521", "other"),
    ],
)
def test_a_code_of_any_level_finds_its_row(code: str, name: str) -> None:
    row = row_of(code)
    assert row is not None
    assert row.name == name


def test_before_the_first_edition_there_is_no_answer() -> None:
    assert classify("3562", employees=1, on=date(2016, 12, 31)).missing == ("edition",)
    assert classify("3562", employees=1, on=date(2025, 12, 31)).edition == RULES_2017.edition


def test_rows_known_from_memory_only_are_marked() -> None:
    doubtful = {name for name, row in RULES_2017.rows.items() if not row.verified}
    assert doubtful == {"real_estate", "property", "business_services", "other"}
