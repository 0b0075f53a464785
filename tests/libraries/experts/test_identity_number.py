"""Identity numbers: a typing error is caught, a region that died is not held against anybody."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.libraries.experts.identity_number import PROBLEMS, CardKind, check, make, normalise

TODAY = date(2026, 11, 22)
BIRTHS = st.dates(date(1907, 1, 1), TODAY)


def test_the_standards_own_examples_pass() -> None:
    woman = check("11010519491231002X", TODAY)
    assert woman.valid
    assert (woman.kind, woman.region, woman.male) == (CardKind.RESIDENT, "110105", False)
    assert woman.born_on == date(1949, 12, 31)
    man_of_1880 = check("440524188001010014", TODAY)
    assert man_of_1880.valid
    assert man_of_1880.male
    assert man_of_1880.warnings == ("great_age",)


@pytest.mark.parametrize(
    ("region", "year"),
    [
        ("500101", 1960),  # the code exists since 1997
        ("320614", 1990),  # 海门区 since 2020
        ("320684", 1970),
        ("370116", 1990),  # 莱芜区
        ("990101", 1990),  # invented
    ],
)
def test_the_region_is_told_and_never_judged(region: str, year: int) -> None:
    result = check(make(region, date(year, 5, 1), 12), TODAY)
    assert result.valid
    assert result.region == region


@pytest.mark.parametrize(
    ("region", "kind"),
    [
        ("810000", CardKind.HONG_KONG),
        ("820000", CardKind.MACAO),
        ("830000", CardKind.TAIWAN),
        ("931840", CardKind.FOREIGNER),
        ("320600", CardKind.RESIDENT),
    ],
)
def test_residence_permits_and_the_foreigners_card_are_recognised(
    region: str, kind: CardKind
) -> None:
    result = check(make(region, date(1980, 2, 29), 7), TODAY)
    assert result.valid
    assert result.kind is kind


@pytest.mark.parametrize(
    ("number", "errors"),
    [
        ("", ("length",)),
        ("110105491231002", ("length",)),  # the fifteen digits of before 1999
        ("1101051949123100AX", ("character",)),
        ("11010519491231002Y", ("character",)),
        ("١١0105194912310021", ("character",)),
        ("110105194912310021", ("check_digit",)),
        ("110105194902310025", ("birth_date", "check_digit")),
        (make("110105", date(2026, 11, 23), 2), ("birth_in_future",)),
    ],
)
def test_every_kind_of_mistake_is_named(number: str, errors: tuple[str, ...]) -> None:
    assert check(number, TODAY).errors == errors


def test_somebody_born_today_is_not_from_the_future() -> None:
    assert check(make("110105", TODAY, 2), TODAY).valid


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"],
)
def test_a_number_is_stored_as_it_is_printed(typed: str) -> None:
    assert normalise(typed) == "11010519491231002X"
    assert check(typed, TODAY).valid


@given(BIRTHS, st.integers(0, 999), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_never_passes(
    born_on: date, order: int, place: int, character: str
) -> None:
    number = make("320600", born_on, order)
    typed = number[:place] + character + number[place + 1 :]
    assert check(typed, TODAY).valid is (typed == number)


@given(st.text(max_size=24))
def test_any_text_gets_an_answer_and_every_answer_has_words(text: str) -> None:
    result = check(text, TODAY)
    assert {*result.errors, *result.warnings} <= set(PROBLEMS)
