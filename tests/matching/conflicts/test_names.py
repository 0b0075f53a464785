"""One legal person, one human being: recognised under all spellings, and nobody else with them."""

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledgers.enterprises.credit_code import make
from app.matching.conflicts import second_names
from app.matching.names import bare, keys_of, same_name, sound_code, spellings

CODE = make("320500", "MA100001")
assert spellings(["张"])  # reads the table of characters, which no example should be timed by
SAMES = [
    ("苏州大学", "苏州大学机电工程学院", True),
    ("苏州大学医学部", "苏州大学机电工程学院", True),
    ("蘇州大學", "苏州大学", True),
    ("苏州大学（退休）", "苏州大学", True),
    ("苏州精密机械有限公司", "苏州精密机械有限公司 昆山分公司", True),
    ("苏州精密机械有限公司昆山分公司", "苏州精密机械有限公司研发中心", True),
    ("苏州精密机械有限责任公司", "苏州精密机械有限公司", True),
    ("苏州精密机械有限公司", "苏州精密机械股份有限公司", True),
    ("中科院（苏州）研究所", "中科院(苏州)研究所", True),
    ("苏州大学", "苏州大学附属第一医院", False),
    ("苏州", "苏州大学", False),
    ("苏州精密机械有限公司", "苏州精密仪器有限公司", False),
    ("中国科学院物理研究所", "中国科学院化学研究所", False),
    ("中国电子科技集团公司第十四研究所", "中国电子科技集团公司第五十五研究所", False),
    ("东南大学", "南京大学", False),
    ("无", "无", False),
    ("不详", "不详", False),
    (None, None, False),
    ("", "苏州大学", False),
]


@pytest.mark.parametrize(("one", "other", "same"), SAMES)
def test_one_legal_person_is_recognised_under_its_spellings(
    one: str | None, other: str | None, *, same: bool
) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same
    assert second_names.same({"name": one}, {"name": other}) is same
    assert second_names.same({"name": other}, {"name": one}) is same


def test_a_name_is_no_phrase() -> None:
    """As a phrase 沈靜 is 沉静 (calm), and the lady's own name is not found again."""
    assert bare("沈靜") == bare("沈静") == second_names.plain("沈靜")


@given(
    st.text("张沈静范发于钟云欧阳修余叶谭", min_size=2, max_size=4),
    st.sampled_from(["s2t", "s2tw", "s2hk"]),
)
def test_every_spelling_of_a_name_is_among_those_looked_for(name: str, way: str) -> None:
    typed = opencc.OpenCC(way).convert(name)
    assert typed in spellings([name])
    assert all(bare(found) == bare(name) for found in spellings([name]))


@given(st.text(max_size=20))
def test_the_bare_form_is_its_own(text: str) -> None:
    assert bare(bare(text)) == bare(text)
    assert keys_of(text) == keys_of(bare(text))


@pytest.mark.parametrize(
    ("told", "sound"),
    [
        (CODE, True),
        (CODE.lower(), True),
        (f" {CODE[:8]} {CODE[8:]}", True),
        (CODE[:-1] + ("1" if CODE[-1] != "1" else "2"), False),
        (CODE[1] + CODE[0] + CODE[2:], False),
        (CODE[:17], False),
        (None, False),
        ("", False),
    ],
)
def test_a_mistyped_code_identifies_nobody(told: str | None, *, sound: bool) -> None:
    assert (sound_code(told) == CODE) is sound
    assert (sound_code(told) is not None) is sound
    assert bool(second_names.right_code(told)) is sound
