"""Masked data can be recognised and not used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.masking import (
    mask_all_but_last,
    mask_email,
    mask_identity_number,
    mask_name,
    mask_phone,
)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234-1234", "138****1234"),
        ("+86 138 1234 1234", "138****1234"),
        ("8613812341234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("0512-62881234", "********1234"),
        ("12345", "****5"),
        ("", ""),
    ],
)
def test_a_phone_number_keeps_what_tells_it_from_another(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("王小明", "王**"),
        ("欧阳娜娜", "欧***"),
        ("John Smith", "J*** S****"),
        ("买买提·吐尔逊", "买******"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_an_identity_number_keeps_its_last_four() -> None:
    assert mask_identity_number("11010519491231002X") == "**************002X"


@pytest.mark.parametrize(
    ("address", "masked"),
    [("zhang@example.com", "z***@example.com"), ("zhang", "*****"), ("@x.cn", "***@x.cn")],
)
def test_an_address_keeps_its_domain(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@given(st.text(max_size=40), st.integers(0, 10))
def test_at_most_a_third_is_ever_shown(text: str, shown: int) -> None:
    masked = mask_all_but_last(text, shown)
    assert len(masked) == len(text)
    hidden = len(text) - min(shown, len(text) // 3)
    assert masked[:hidden] == "*" * hidden
    assert hidden * 3 >= len(text) * 2
