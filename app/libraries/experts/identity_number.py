"""公民身份号码 (GB 11643-1999) and the two cards that share its form: what is surely mistyped.

The region is told, never judged: codes die with their districts while people keep their numbers.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.cn import ric

from app.core.labels import T

LENGTH = 18
OLDEST_AGE = 120


class CardKind(StrEnum):
    RESIDENT = "resident"
    HONG_KONG = "hong_kong"
    MACAO = "macao"
    TAIWAN = "taiwan"
    FOREIGNER = "foreigner"


#: 港澳台居民居住证 use these instead of a division.
_PERMIT_REGIONS = {
    "810000": CardKind.HONG_KONG,
    "820000": CardKind.MACAO,
    "830000": CardKind.TAIWAN,
}

#: What is said of each error and warning of :func:`check`.
PROBLEMS: dict[str, T] = {
    "length": T(
        "身份证件号码应为18位，请对照证件补全或改正。",
        "An identity number has 18 characters; compare it with the card.",
    ),
    "character": T(
        "前17位应为数字，末位为数字或 X，请对照证件改正。",
        "The first 17 characters are digits, the last a digit or X; compare them with the card.",
    ),
    "birth_date": T(
        "第7至14位不是有效日期，请对照证件改正。",
        "Characters 7 to 14 are no real date; compare them with the card.",
    ),
    "birth_in_future": T(
        "出生日期晚于今天，请对照证件改正。",
        "The date of birth lies in the future; compare it with the card.",
    ),
    "check_digit": T(
        "校验位不符，可能有一位录错，请逐位核对。",
        "The check character does not match, so one may be mistyped; compare them one by one.",
    ),
    "great_age": T(
        "出生日期早于120年前，请对照证件核对。",
        "Born more than 120 years ago; please compare it with the card.",
    ),
}


@dataclass(frozen=True, slots=True)
class IdentityResult:
    """A number as it would be stored, with what it says of itself."""

    number: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    kind: CardKind | None = None
    region: str | None = None
    born_on: date | None = None
    male: bool | None = None

    @property
    def valid(self) -> bool:
        """A pass proves that the number was typed correctly, not whose it is."""
        return not self.errors


def normalise(number: str) -> str:
    """Undo full width, blanks and a small x."""
    return re.sub(r"[\s\-\u200b-\u200f\ufeff]", "", unicodedata.normalize("NFKC", number)).upper()


def check(number: str, today: date) -> IdentityResult:
    """Check a number as typed, on a day in China."""
    number = normalise(number)
    if len(number) != LENGTH:
        return IdentityResult(number, ("length",))
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return IdentityResult(number, ("character",))
    errors: list[str] = []
    born_on = _date(number[6:14])
    if born_on is None:
        errors.append("birth_date")
    elif born_on > today:
        errors.append("birth_in_future")
    if ric.calc_check_digit(number) != number[17]:
        errors.append("check_digit")
    great_age = born_on is not None and today.year - born_on.year > OLDEST_AGE
    return IdentityResult(
        number=number,
        errors=tuple(errors),
        warnings=("great_age",) if great_age else (),
        kind=_kind(number),
        region=number[:6],
        born_on=born_on,
        male=int(number[16]) % 2 == 1,
    )


def _kind(number: str) -> CardKind:
    # the 2023 外国人永久居留身份证: 9, province of issue, country; the rest as for residents
    if number.startswith("9"):
        return CardKind.FOREIGNER
    return _PERMIT_REGIONS.get(number[:6], CardKind.RESIDENT)


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def make(region: str, born_on: date, order: int) -> str:
    """Build a number with a right check character, for demonstration and tests."""
    stem = f"{region}{born_on:%Y%m%d}{order:03d}"
    return stem + str(ric.calc_check_digit(stem + "0"))  # it drops the last character unread
