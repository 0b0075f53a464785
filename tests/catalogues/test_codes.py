"""Code tables: complete, well-formed, found the way a clerk looks for them, loaded once."""

from collections import Counter

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app.catalogues.codes import (
    SCHEMES,
    CodeValue,
    DamagedFile,
    UnknownScheme,
    code_by_name,
    code_label,
    code_table,
    find_code,
    find_codes,
    industry,
    industry_path,
    industry_section,
    load_codes,
    parse_code_table,
)

HIGH_TECH = (
    "电子信息",
    "生物与新医药",
    "航空航天",
    "新材料",
    "高技术服务",
    "新能源与节能",
    "资源与环境",
    "先进制造与自动化",
)


def test_the_industry_table_has_the_published_number_of_classes() -> None:
    levels = Counter(entry.level for entry in code_table("industry").entries.values())
    assert levels == {1: 20, 2: 97, 3: 473, 4: 1381}


def test_every_industry_stands_under_one_that_exists_one_level_up_and_begins_with_its_digits() -> (
    None
):
    entries = code_table("industry").entries
    for entry in entries.values():
        if entry.parent is None:
            assert entry.level == 1
            continue
        above = entries[entry.parent]
        assert entry.level == above.level + 1
        assert len(entry.code) == entry.level
        assert above.level == 1 or entry.code.startswith(above.code)


def test_every_middle_class_has_a_small_class_and_a_lone_one_ends_in_nought() -> None:
    entries = code_table("industry").entries
    children = Counter(entry.parent for entry in entries.values() if entry.level == 4)
    for entry in entries.values():
        if entry.level == 3:
            assert children[entry.code] > 0
            if entry.code + "0" in entries:
                assert children[entry.code] == 1
                assert entries[entry.code + "0"].name_zh == entry.name_zh


def test_sections_cover_the_divisions_in_their_published_ranges() -> None:
    first = {"A": "01", "B": "06", "C": "13", "D": "44", "E": "47", "F": "51", "G": "53", "H": "61"}
    first |= {"I": "63", "J": "66", "K": "70", "L": "71", "M": "73", "N": "76", "O": "80"}
    first |= {"P": "83", "Q": "84", "R": "86", "S": "91", "T": "97"}
    for letter, division in first.items():
        assert find_codes("industry", parent=letter).items[0].code == division


def test_the_eight_high_tech_fields_carry_the_exact_words() -> None:
    items = find_codes("hightech_field").items
    assert tuple(entry.name_zh for entry in items) == HIGH_TECH
    assert [entry.code for entry in items] == [f"0{number}" for number in range(1, 9)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("C3562", "3562"),
        ("3562", "3562"),
        ("C", "C"),
        ("c", "C"),
        ("35", "35"),
        ("356", "356"),
        (" Ｃ３５ ", "35"),
        ("0111", "0111"),
        ("A3562", None),
        ("9999", None),
        ("U", None),
        ("35621", None),
        ("３五", None),
        ("", None),
    ],
)
def test_an_industry_code_is_taken_at_any_level_with_or_without_its_letter(
    written: str, code: str | None
) -> None:
    assert industry(written) == code


def test_the_letter_is_derived_from_the_division() -> None:
    assert industry_section("3562") == "C"
    assert industry_section("65") == "I"
    assert industry_section("98") is None
    assert industry_path("3562") == ("C", "35", "356", "3562")
    assert industry_path("9999") == ()


@pytest.mark.parametrize(
    "typed", ["半导体器件专用", "半導體器件專用", "bdtqjzysbzz", "c3562", "3562"]
)
def test_a_clerk_finds_an_industry_by_name_in_either_script_initials_or_code(typed: str) -> None:
    assert [entry.code for entry in find_codes("industry", typed).items] == ["3562"]


def test_the_exact_code_comes_before_those_below_it() -> None:
    codes = [entry.code for entry in find_codes("industry", "356").items]
    assert codes == ["356", "3561", "3562", "3563", "3569"]


def test_children_are_listed_under_their_parent_and_the_top_under_nothing() -> None:
    assert find_codes("industry", parent="356").items[0].code == "3561"
    assert len(find_codes("industry", parent="").items) == 20


def test_pages_join_without_gap_or_repeat() -> None:
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        page = find_codes("industry", "设备", limit=7, after=after)
        seen += [entry.code for entry in page.items]
        after = page.next
    assert len(seen) == len(set(seen)) > 20


def test_labels_follow_the_language_and_fall_back_to_chinese() -> None:
    assert code_label("hightech_field", "01", "en") == "Electronic information"
    assert code_label("industry", "3482", "zh-TW") == "緊固件製造"
    assert code_label("industry", "3482", "en") == "紧固件制造"
    assert code_label("industry", "9999", "en") is None
    assert find_code("industry", "9999") is None


def test_a_name_in_a_spreadsheet_finds_its_deepest_code() -> None:
    field = code_by_name("hightech_field", " 先進製造與自動化 ")
    trade = code_by_name("industry", "雷达及配套设备制造")
    assert field is not None
    assert trade is not None
    assert (field.code, trade.code) == ("08", "3940")
    assert code_by_name("hightech_field", "先进制造") is None


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(UnknownScheme):
        find_codes("shoe_size")


def test_a_file_that_was_altered_is_refused() -> None:
    head = "# scheme: x\n# edition: 1\n# valid_from: 2020-01-01\n# valid_to:\n# source: s\n"
    body = "code,parent,level,name_zh,name_en\n1,,1,一,one\n"
    with pytest.raises(DamagedFile):
        parse_code_table(f"{head}# sha256: {'0' * 64}\n{body}")


def test_loading_writes_every_code_once_and_a_second_time_nothing(database: str) -> None:
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection, tables=[_table()])
        connection.execute(sa.delete(CodeValue))
        total = sum(len(code_table(scheme).entries) for scheme in SCHEMES)
        assert load_codes(connection) == total
        assert load_codes(connection) == 0
        stored = connection.execute(sa.select(CodeValue).filter_by(code="3562")).one()
        assert (stored.name_zh, stored.parent) == ("半导体器件专用设备制造", "356")
        connection.execute(sa.update(CodeValue).filter_by(code="01").values(content_hash="old"))
        assert load_codes(connection) == len(code_table("industry").entries) + 8
    engine.dispose()


def _table() -> sa.Table:
    return SQLModel.metadata.tables["code_value"]
