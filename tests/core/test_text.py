"""Text: what a clerk would call the same is the same, and search literals are always valid."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.embedded_pg import EmbeddedPostgres
from app.core.text import (
    LAST_POSITION,
    POSITIONS_PER_LEXEME,
    fold,
    initials,
    pinyin_key,
    to_taiwan,
    tokens,
    tsquery_literal,
    tsvector_literal,
)

LEXEME = r"'(?:[^'\\]|''|\\\\)+'"
VECTOR = re.compile(rf"{LEXEME}:\d+[ABCD](?:,\d+[ABCD])*(?: {LEXEME}:\d+[ABCD](?:,\d+[ABCD])*)*")
QUERY = re.compile(rf"{LEXEME}(?::\*)?(?: [&|] {LEXEME}(?::\*)?)*")
ANYTHING = st.text(alphabet=st.characters(codec=None), max_size=80)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("企业台账", "企業台帳"),
        ("企业台账", "企業臺帳"),
        ("ＡＢＣ（苏州）", "abc(蘇州)"),
        ("苏州　精密\n机械", "蘇州 精密 機械"),
        ("Ⅱ类知识产权", "ii類知識產權"),
        ("精\u200b密\ufeff", "精密"),
    ],
)
def test_what_a_clerk_calls_the_same_folds_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(ANYTHING)
def test_folding_twice_changes_nothing_and_leaves_no_control_character(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert "\x00" not in folded
    folded.encode()  # a lone surrogate would raise, as it would in the database


@pytest.mark.parametrize(
    ("simplified", "taiwan"),
    [
        ("企业台账", "企業台帳"),
        ("统一社会信用代码", "統一社會信用代碼"),
        ("科技入园工作台账", "科技入園工作台帳"),
        ("记账", "記帳"),
        ("最多只能承担", "最多只能承擔"),
        ("只影响速度，不影响结果", "只影響速度，不影響結果"),
        ("其一只能由本人填写，3 项只读", "其一只能由本人填寫，3 項只讀"),
        ("只有中心", "只有中心"),
        ("不只是，仅只身一人", "不只是，僅只身一人"),
        ("一只猫和 10 只鸟，每只两只脚", "一隻貓和 10 隻鳥，每隻兩隻腳"),
        ("船只", "船隻"),
        ("已公布，公布日期", "已公布，公布日期"),
        ("设备与紧固件", "設備與緊固件"),
        ("园区", "園區"),
        ("专家", "專家"),
        ("需求对接", "需求對接"),
        ("审核", "審核"),
        ("科技项目", "科技項目"),
        ("软件项目", "軟體專案"),
        ("软件", "軟體"),
        ("用户", "使用者"),
        ("电子信息", "電子資訊"),
        ("数据", "資料"),
        ("大数据平台", "大數據平台"),
        ("账号", "帳號"),
        ("发布", "發布"),
        ("导出文件", "匯出檔案"),
        ("政策文件", "政策文件"),
        ("id", "id"),
        ("", ""),
    ],
)
def test_the_words_of_the_field_read_as_taiwan_writes_them(simplified: str, taiwan: str) -> None:
    assert to_taiwan(simplified) == taiwan


def test_names_sort_by_pinyin_with_readings_decided_by_the_phrase() -> None:
    names = ["重庆长安", "苏州精密机械", "安徽大学", "苏州精密", "成都天府", "重量仪器", "安徽"]
    assert sorted(names, key=pinyin_key) == [
        "安徽",
        "安徽大学",
        "成都天府",
        "重庆长安",
        "苏州精密",
        "苏州精密机械",
        "重量仪器",
    ]


def test_homophones_keep_a_fixed_order() -> None:
    assert pinyin_key("江州") != pinyin_key("姜州")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("苏州精密", "szjm"),
        ("蘇州精密", "szjm"),
        ("重庆长安", "cqca"),
        ("ABC精密 2号", "abcjm2h"),
        ("（）", ""),
    ],
)
def test_initials_are_what_a_clerk_types_for_a_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_han_run_gives_its_characters_and_overlapping_pairs_a_latin_run_itself() -> None:
    assert tokens("激光器，5G PLC") == ["激", "激光", "光", "光器", "器", "5g", "plc"]


def test_a_vector_carries_weights_positions_and_the_initials_of_the_name() -> None:
    literal = tsvector_literal([("苏州", "A"), ("PLC", "C")], initials_of="苏州精密")
    assert literal == "'苏':1A '苏州':1A '州':2A 'plc':4C '~szjm':1A '~zjm':1A '~jm':1A"


def test_positions_stop_where_postgresql_stops_counting_them() -> None:
    literal = tsvector_literal([("焊 " * 20_000 + "x" * 9000, "D")])
    lexemes = dict(part.rsplit(":", 1) for part in literal.split(" "))
    assert len(lexemes["'焊'"].split(",")) == POSITIONS_PER_LEXEME
    assert lexemes["'" + "x" * 64 + "'"] == f"{LAST_POSITION}D"


def test_a_vector_of_a_huge_text_stays_under_a_megabyte() -> None:
    text = " ".join(f"word{number}" for number in range(100_000)) + " 焊接" * 50_000
    lexemes = tsvector_literal([(text, "D"), (text, "C")]).split(" ")
    size = sum(len(lexeme) + 2 * lexeme.count(",") for lexeme in lexemes)
    assert size < 1_048_575


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("蘇州精密", "'苏州' & '州精' & '精密'"),
        ("激光 器", "'激光' & '器'"),
        ("szjm", "'szjm':* | '~szjm':*"),
        ("sz jm", "'sz':* & 'jm':* | '~szjm':*"),
        ("5G基站", "'5g':* & '基站'"),
        ("2026", "'2026':*"),
        ("激光激光", "'激光' & '光激'"),
        ("' | ! \\ & :*", None),
        ("", None),
    ],
)
def test_a_search_asks_for_all_its_words(typed: str, query: str | None) -> None:
    assert tsquery_literal(typed) == query


def test_a_pasted_page_does_not_become_a_query_of_a_thousand_conditions() -> None:
    page = "".join(chr(0x4E00 + number) for number in range(2000))
    literal = tsquery_literal(page)
    assert literal is not None
    assert literal.count("&") == 63


@given(st.lists(st.tuples(ANYTHING, st.sampled_from("ABCD")), max_size=3), ANYTHING)
def test_no_input_breaks_the_quoting_of_a_vector(parts: list[tuple[str, str]], name: str) -> None:
    literal = tsvector_literal(parts, initials_of=name)  # type: ignore[arg-type]
    assert not literal or VECTOR.fullmatch(literal)


@given(ANYTHING)
def test_no_input_breaks_the_quoting_of_a_query(text: str) -> None:
    literal = tsquery_literal(text)
    assert literal is None or QUERY.fullmatch(literal)


@pytest.fixture(scope="module")
def connection(postgres: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    address = postgres.owner_url().set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as opened:
        yield opened


@given(ANYTHING, ANYTHING)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_postgresql_reads_every_literal_and_finds_a_text_by_itself(
    connection: psycopg.Connection, text: str, name: str
) -> None:
    vector = tsvector_literal([(text, "A"), (name, "D")], initials_of=name)
    query = tsquery_literal(text)
    row = connection.execute("select %s::tsvector @@ %s::tsquery", (vector, query)).fetchone()
    assert row is not None
    assert row[0] is (None if query is None else True)


@pytest.mark.parametrize("typed", ["szjm", "jmjx", "蘇州精密", "精密机械 plc", "PL", "苏州 机"])
def test_postgresql_finds_a_company_the_way_people_type_it(
    connection: psycopg.Connection, typed: str
) -> None:
    vector = tsvector_literal(
        [("苏州精密机械有限公司", "A"), ("生产 PLC 控制柜", "D")], "苏州精密机械"
    )
    sql = "select %s::tsvector @@ %s::tsquery"
    assert connection.execute(sql, (vector, tsquery_literal(typed))).fetchone() == (True,)


def test_postgresql_takes_the_longest_vector_this_module_writes(
    connection: psycopg.Connection,
) -> None:
    text = " ".join(f"word{number}" for number in range(100_000)) + " 焊接" * 50_000
    vector = tsvector_literal([(text, "D"), (text, "C")], "焊接")
    row = connection.execute("select length(%s::tsvector)", (vector,)).fetchone()
    assert row is not None
    assert row[0] > 10_000
