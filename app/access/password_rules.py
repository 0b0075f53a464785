"""Which passwords are refused, by the profile of the installation.

``mlps3`` follows GB/T 22239-2019, 8.1.4.1 (composition, regular change); ``asvs`` follows OWASP
ASVS 5.0, 6.2 (length instead of composition, no change without a reason). What is guessed first
is refused under both: zxcvbn knows the common passwords (30,000), keyboards, dates and repeats.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pypinyin import lazy_pinyin
from zxcvbn import zxcvbn

from app.access.roles import ADMINISTRATORS, Role
from app.core.clock import now
from app.core.errors import FieldError
from app.core.labels import T
from app.core.settings import get_settings

LONGEST = 128
_ENOUGH = 10**10  # guesses: what an offline attacker tries in a day against argon2id
_READ = 72  # characters zxcvbn looks at; its time grows with the square
_OWN_PART = 6  # characters that must stand beside words anybody would try
#: Said of every installation of this system; not in any list of common passwords.
_WORDS = (
    *("park", "yuanqu", "gaoxin", "gaoxinqu", "kejiyuan", "taizhang", "zhuanjia", "qiye"),
    *("fuwu", "fuwuzhan", "zhongxin", "guanliyuan", "guanli", "admin", "system", "station"),
    *("woaini", "iloveyou", "5201314", "1314520", "nihao", "zhongguo", "beijing", "123456"),
    *("centre", "center", "expert", "password", "passw0rd", "mima", "welcome", "huanying", "demo"),
)
_LEET = str.maketrans("@4310$5!7", "aaeiossit")
_DATE = re.compile(r"(?:19|20)\d{2}(?:[01]?\d(?:[0-3]?\d)?)?")
_EDGES = re.compile(r"^[\W_]*\d{1,4}(?=\D|$)|(?:(?<=\D)|^)\d{1,4}[\W_]*$")


@dataclass(frozen=True, slots=True)
class Profile:
    shortest: int
    classes: int  # of capitals, small letters, digits, symbols
    history: int  # passwords before this one that are not taken again
    change: timedelta | None  # of administrators


PROFILES = {
    "mlps3": Profile(12, 3, 5, timedelta(days=90)),
    "asvs": Profile(15, 1, 0, None),
}

_SHORT = T(
    "密码太短：至少 {n} 位，请再加几位。", "The password is too short: use at least {n} characters."
)
_LONG = T(
    "密码太长：最多 {n} 位，请缩短。", "The password is too long: use at most {n} characters."
)
_PLAIN = T(
    "密码过于简单：请用大写字母、小写字母、数字、符号中的至少三种。",
    "The password is too simple: use at least three of capitals, small letters, digits, symbols.",
)
_OWN = T(
    "密码中含有用户名，容易被猜到；请换一个密码。",
    "The password contains the username and is easily guessed; choose another.",
)
_COMMON = T(
    "这个密码或它的变体太常见，很快会被猜到；请换成几个互不相关的词，或更长的组合。",
    "This password, or what it is made of, is among the first to be tried; use several unrelated"
    " words, or something longer.",
)
USED = T(
    "这是最近用过的密码；请换一个没有用过的。",
    "You have used this password recently; choose one you have not.",
)


def profile() -> Profile:
    return PROFILES[get_settings().passwords]


def weaknesses(
    password: str, username: str, pointer: str = "/password", name: str = ""
) -> list[FieldError]:
    """Return why ``password`` is refused; [] if it is fine. ``name`` is the person's own."""
    rules, found = profile(), []
    if len(password) < rules.shortest:
        found.append(FieldError(pointer, "too_short", _SHORT, {"n": rules.shortest}))
    if len(password) > LONGEST:
        found.append(FieldError(pointer, "too_long", _LONG, {"n": LONGEST}))
    kinds = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())
    if sum(any(kind(c) for c in password) for kind in kinds) < rules.classes:
        found.append(FieldError(pointer, "too_plain", _PLAIN))
    if username and username.lower() in password.lower():
        found.append(FieldError(pointer, "contains_username", _OWN))
    if not found and _guessable(password, [*_WORDS, *_about(username, name)]):
        found.append(FieldError(pointer, "too_common", _COMMON))
    return found


def _about(username: str, name: str) -> Iterator[str]:
    """Yield what a guesser who knows the person would try."""
    yield from (part for part in re.split(r"[\W_]+", username.lower()) if len(part) > 2)  # noqa: PLR2004
    spelt = [syllable.lower() for syllable in lazy_pinyin(name)]
    for said in ("".join(spelt), "".join([*spelt[1:], *spelt[:1]]), name.lower()):
        if len(said) > 2:  # noqa: PLR2004 -- shorter ones stand in any word
            yield said


def _guessable(password: str, words: list[str]) -> bool:
    read = password[:_READ]
    return (
        int(zxcvbn(read, user_inputs=words)["guesses"]) < _ENOUGH
        or _own_part(read, words) < _OWN_PART
    )


def _own_part(password: str, words: list[str]) -> int:
    """Return how many letters are left without expected words, years and dates."""
    left = password.lower()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, " ")
    unleet = left.translate(_LEET)
    for word in sorted(words, key=len, reverse=True):
        unleet = unleet.replace(word, " ")
    shorter = min(left, unleet, key=lambda text: len(text.replace(" ", "")))
    return sum(letter.isalnum() for letter in _EDGES.sub(" ", _DATE.sub(" ", shorter)))


def is_due(role: Role, chosen_at: datetime | None) -> bool:
    """Say whether an administrator has had this password for too long."""
    longest = profile().change
    if longest is None or role not in ADMINISTRATORS or chosen_at is None:
        return False
    return now() - chosen_at > longest
