"""One cell at a time: what clerks type and what it means."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sheets.cells import not_after, parse_cell
from app.core.sheets.choices import Choice
from app.core.sheets.columns import CellKind, Column, Parsed
from app.core.sheets.reading import RawCell

MONEY = Column("sales", ("营业收入",), CellKind.DECIMAL, unit="万元", minimum=0)
STAFF = Column("employees", ("职工总数",), CellKind.INTEGER, unit="人", minimum=0)
YUAN = Column("amount", ("金额",), CellKind.DECIMAL, unit="元", minimum=0, decimals=6)
DAY = Column("day", ("日期",), CellKind.DATE)
CODE = Column("code", ("代码",), CellKind.CODE)
FLAG = Column("flag", ("是否",), CellKind.BOOLEAN)
PHONE = Column("phone", ("电话",), CellKind.PHONE)
NAME = Column("name", ("名称",), CellKind.TEXT, required=True, max_length=10)
FIELD = Column(
    "field",
    ("领域",),
    CellKind.CHOICE,
    choices=(
        Choice("electronics", ("电子信息", "Electronics")),
        Choice("biomedicine", ("生物与新医药", "Biology and new medicine")),
        Choice("materials", ("新材料", "New materials")),
        Choice("services", ("高技术服务", "High-tech services")),
    ),
)
FIELDS = Column("fields", ("领域",), CellKind.CHOICES, choices=FIELD.choices)
WORDS = Column("words", ("关键词",), CellKind.LIST)
EVERY = (MONEY, YUAN, STAFF, DAY, CODE, FLAG, PHONE, NAME, FIELD, FIELDS, WORDS)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("245．14", "245.14"),
        ("245。14", "245.14"),
        ("1,326.51", "1326.51"),
        ("1，326.51", "1326.51"),
        ("285.84万元", "285.84"),
        ("1.00亿", "10000"),
        ("100万", "100"),
        ("5000元", "0.5"),
        ("3千万元", "3000"),
        ("人民币100万元", "100"),
        ("￥100", "100"),
        (" 500 ", "500"),
        ("１２", "12"),
        (29, "29"),
        (1326.5100000000002, "1326.51"),
        ("1e3", "1000"),
    ],
)
def test_money_is_read_in_the_unit_the_field_is_kept_in(raw: RawCell, value: str) -> None:
    assert parse_cell(raw, MONEY).value == Decimal(value)


def test_the_unit_of_the_header_counts_unless_the_cell_has_its_own() -> None:
    assert parse_cell("28000", MONEY, "元").value == Decimal("2.8")
    assert parse_cell("2亿", MONEY, "元").value == Decimal(20000)
    assert parse_cell("28000", MONEY, "元").note == "converted"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("保密", "not_a_number"),
        ("约三千万", "not_a_number"),
        ("100左右", "not_a_number"),
        ("1,5", "not_a_number"),
        ("100 200", "not_a_number"),
        ("100\n200", "not_a_number"),
        ("1.2.3", "not_a_number"),
        (True, "not_a_number"),
        (dt.date(2020, 1, 1), "not_a_number"),
        ("100万美元", "bad_unit"),
        ("$100", "bad_unit"),
        ("50%", "bad_unit"),
        ("-3", "negative"),
        ("(3)", "negative"),
        ("1e90", "too_large"),
        ("1e-90", "not_a_number"),
        (1e300, "too_large"),
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        ("999999999999999亿", "too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(raw: RawCell, code: str) -> None:
    parsed = parse_cell(raw, MONEY)
    assert (parsed.value, parsed.error) == (None, code)


@pytest.mark.parametrize(
    ("raw", "value"), [("904人", 904), ("1,234", 1234), (29, 29), ("29.0", 29)]
)
def test_people_are_whole(raw: RawCell, value: int) -> None:
    assert parse_cell(raw, STAFF).value == value


def test_half_a_person_and_fewer_than_none_are_refused() -> None:
    assert parse_cell(29.5, STAFF).error == "not_an_integer"
    assert parse_cell("-31人", STAFF).error == "negative"


@pytest.mark.parametrize(
    ("raw", "day", "note"),
    [
        ("2004-03-26", "2004-03-26", None),
        ("2009/5/1", "2009-05-01", None),
        ("2002.6", "2002-06-01", "month_only"),
        ("2013.5", "2013-05-01", "month_only"),
        ("2013.10", "2013-10-01", "month_only"),
        (2013.5, "2013-05-01", "month_only"),
        ("20060401", "2006-04-01", None),
        (20060401, "2006-04-01", None),
        ("200604", "2006-04-01", "month_only"),
        ("1998年11月10日", "1998-11-10", None),
        ("2000年5月", "2000-05-01", "month_only"),
        ("二〇〇九年十二月三日", "2009-12-03", None),
        (44593, "2022-02-01", None),
        ("44593", "2022-02-01", None),
        (44593.75, "2022-02-01", None),
        ("2020-01-13 08:30:00", "2020-01-13", None),
        ("２０２０－０１－１３", "2020-01-13", None),
        (dt.date(2020, 1, 13), "2020-01-13", None),
        (dt.datetime(2020, 1, 13, 8, 30), "2020-01-13", None),  # noqa: DTZ001
    ],
    ids=repr,
)
def test_a_day_is_read_in_all_its_shapes(raw: RawCell, day: str, note: str | None) -> None:
    assert parse_cell(raw, DAY) == Parsed(dt.date.fromisoformat(day), note=note)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2019-02-30", "not_a_date"),
        ("2019年13月1日", "not_a_date"),
        ("去年", "not_a_date"),
        ("09.5.1", "not_a_date"),
        ("1/5/2009", "not_a_date"),
        (3, "not_a_date"),
        (True, "not_a_date"),
        ("2013年", "year_only"),
        (2013, "year_only"),
        (2013.1, "ambiguous_month"),  # as a number, 2013.10 looks the same
        ("民国98年5月1日", "minguo_date"),
        ("民國九十八年", "minguo_date"),
    ],
)
def test_what_is_no_day_is_refused_rather_than_guessed(raw: RawCell, code: str) -> None:
    assert parse_cell(raw, DAY).error == code


def test_only_what_has_happened_passes_a_check_on_the_future() -> None:
    founded = Column("day", ("成立日期",), CellKind.DATE, check=not_after(dt.date(2026, 7, 8)))

    assert parse_cell("2026-07-08", founded).error is None
    assert parse_cell("2026-07-09", founded).error == "in_future"


def test_a_code_loses_blanks_and_width_but_no_digit() -> None:
    assert parse_cell("91990101M A2JL6QM47", CODE).value == "91990101MA2JL6QM47"
    assert parse_cell("９１９９０１０１ｍａ", CODE).value == "91990101MA"
    assert parse_cell(3743, CODE).value == "3743"
    assert parse_cell("0123", CODE).value == "0123"
    assert parse_cell(911100006000373000, CODE).error == "lost_digits"
    assert parse_cell("9.19901E+17", CODE).error == "lost_digits"


@pytest.mark.parametrize("raw", ["是", "有", "√", "yes", "TRUE", 1, "1", True], ids=repr)
def test_yes_has_many_forms(raw: RawCell) -> None:
    assert parse_cell(raw, FLAG).value is True


@pytest.mark.parametrize("raw", ["否", "无", "無", "×", "x", "no", "false", 0, False], ids=repr)
def test_no_has_as_many(raw: RawCell) -> None:
    assert parse_cell(raw, FLAG).value is False


def test_maybe_is_neither() -> None:
    assert parse_cell("待定", FLAG).error == "not_a_boolean"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("电子信息", "electronics"),
        ("電子信息技術", "electronics"),
        ("一、电子信息", "electronics"),
        ("生物和新医药", "biomedicine"),
        ("生物及新医药技术领域", "biomedicine"),
        ("new materials", "materials"),
        ("materials", "materials"),
        ("高技术服务业", None),
        ("互联网+", None),
    ],
)
def test_a_choice_is_known_by_any_of_its_names(raw: str, value: str | None) -> None:
    parsed = parse_cell(raw, FIELD)
    assert parsed.value == value
    assert parsed.error == (None if value else "not_a_choice")


def test_several_choices_and_words_are_split_at_chinese_commas() -> None:
    assert parse_cell("新材料、电子信息；新材料", FIELDS).value == ("materials", "electronics")
    assert parse_cell("镁合金，压铸\n模具、镁合金", WORDS).value == ("镁合金", "压铸", "模具")


def test_a_telephone_number_may_have_become_a_number() -> None:
    assert parse_cell(18963288639, PHONE).value == "18963288639"
    assert parse_cell("0990 — 0504702", PHONE).value == "0990-0504702"
    assert parse_cell("找小王", PHONE).error == "not_a_phone"


def test_a_text_is_trimmed_and_must_fit() -> None:
    assert parse_cell("　样例　 公司\u200b ", NAME).value == "样例 公司"
    assert parse_cell("字" * 11, NAME) == Parsed(
        None, "too_long", params={"limit": 10, "length": 11}
    )
    assert parse_cell("　\n", NAME).error == "missing"


@pytest.mark.parametrize("mark", ["/", "—", "-", "无", "N/A"])
def test_a_mark_for_nothing_is_nothing_where_a_value_could_stand(mark: str) -> None:
    for column in (MONEY, DAY, CODE, PHONE, FIELD):
        assert parse_cell(mark, column) == Parsed(None, note="read_as_blank")


@given(st.text() | st.integers() | st.floats() | st.booleans() | st.dates() | st.datetimes())
def test_no_cell_whatever_it_holds_breaks_a_parser(raw: RawCell) -> None:
    for column in EVERY:
        parsed = parse_cell(raw, column)
        assert parsed.error is None or parsed.value is None


@given(st.text(alphabet="0123456789.,-+年月日万亿元人%()eE ：/、一二十〇民国", max_size=20))
def test_nor_does_text_made_of_the_pieces_of_numbers_and_days(raw: str) -> None:
    for column in EVERY:
        parse_cell(raw, column)


@given(st.decimals(min_value=0, max_value=10**9, places=4), st.sampled_from(["万元", "万", ""]))
def test_an_amount_comes_back_as_it_was_written(amount: Decimal, unit: str) -> None:
    assert parse_cell(f"{amount:f}{unit}", MONEY).value == amount
    assert parse_cell(f"{amount:,}{unit}", MONEY).value == amount


@given(st.dates(dt.date(1930, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_comes_back_from_every_way_of_writing_it(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    for raw in (
        day,
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        serial,
        str(serial),
    ):
        assert parse_cell(raw, DAY).value == day
