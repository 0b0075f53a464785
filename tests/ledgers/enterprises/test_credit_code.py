"""Credit codes: a typing error is caught, a real code passes, an odd one only warns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledgers.enterprises.credit_code import (
    ALPHABET,
    FICTITIOUS_REGION,
    PROBLEMS,
    check,
    make,
    normalise,
    organisation_check,
)

PUBLISHED = (
    "91110000600037341L",
    "91350100M000100Y43",
    "91110108551385082Q",
    "92371000MA3MXH0E3W",
)
BODIES = st.text(alphabet=ALPHABET, min_size=8, max_size=8)


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_pass_without_a_warning(code: str) -> None:
    result = check(code)
    assert result.valid
    assert result.warnings == ()
    assert organisation_check(code[8:16]) == code[16]


@pytest.mark.parametrize(
    "typed",
    [
        " 91350100m000100y43 ",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "9135 0100 M000 100Y 43",
        "91350100-M000100Y4-3",
        "91350100M000100Y43\u200b",
    ],
)
def test_a_code_is_stored_as_it_is_printed_on_the_licence(typed: str) -> None:
    assert normalise(typed) == "91350100M000100Y43"
    assert check(typed).valid


@pytest.mark.parametrize(
    ("code", "errors"),
    [
        ("", ("length",)),
        ("91350100M000100Y4", ("length",)),
        ("91350100M000100Y433", ("length",)),
        ("91350100M0001O0Y43", ("character",)),
        ("91350100M000I00Y43", ("character",)),
        ("91350100M000100Y4三", ("character",)),
        ("91350100M000100Y44", ("check_digit",)),
        ("91350010M000100Y43", ("check_digit",)),
        ("B1350100M000100Y43", ("department", "check_digit")),
        ("94350100M000100Y43", ("category", "check_digit")),
        ("9A350100M000100Y43", ("category", "check_digit")),
        ("9135O100M000100Y43".replace("O", "A"), ("region", "check_digit")),
    ],
)
def test_every_kind_of_mistake_is_named(code: str, errors: tuple[str, ...]) -> None:
    assert check(code).errors == errors


@pytest.mark.parametrize("department", ["A", "N", "Y"])
def test_authorities_with_a_letter_are_accepted(department: str) -> None:
    assert check(make("320600", "MA123456", department, "1")).valid


def test_the_other_authority_has_one_category_only() -> None:
    with pytest.raises(ValueError, match="category"):
        make("320600", "MA123456", "Y", "2")


def test_a_wrong_organisation_code_only_warns() -> None:
    assert organisation_check("MA123456") == "9"
    assert check("91320600MA1234567R").warnings == ("organisation_check",)


def test_a_region_nobody_knows_only_warns_because_codes_outlive_districts() -> None:
    assert check(make("999999", "MA123456")).warnings == ("unknown_region",)
    assert check(make("100000", "MA123456")).warnings == ()
    assert check(make("320684", "MA123456")).warnings == ()


def test_an_invented_enterprise_is_recognised_by_its_region() -> None:
    assert check(make(FICTITIOUS_REGION, "MA000001")).warnings == ("fictitious_region",)


@given(BODIES)
def test_made_codes_are_valid_in_both_checks(body: str) -> None:
    result = check(make("320600", body))
    assert result.errors == result.warnings == ()


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(body: str, place: int, character: str) -> None:
    code = make("320600", body)
    typed = code[:place] + character + code[place + 1 :]
    assert check(typed).valid is (typed == code)


@given(BODIES, st.integers(0, 16))
def test_two_swapped_neighbours_never_pass(body: str, place: int) -> None:
    code = make("320600", body)
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert check(typed).valid is (typed == code)


@given(st.text(max_size=24))
def test_any_text_gets_an_answer_and_every_answer_has_words(text: str) -> None:
    result = check(text)
    assert {*result.errors, *result.warnings} <= set(PROBLEMS)
