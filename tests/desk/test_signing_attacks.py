"""Attacks on signing in, all of which are to fail, and the bugs each of them would find."""

import pytest

from tests.desk.signing import attacks
from tests.desk.signing.attacks import Attack
from tests.desk.signing.bugs import BUGS, Bug
from tests.house import House

pytestmark = pytest.mark.slow

ATTACKS: list[Attack] = [
    attacks.replayed_refresh,
    attacks.revoked_session,
    attacks.forgeries,
    attacks.locked_out,
    attacks.guesses_at_once,
    attacks.sprayed,
    attacks.replayed_codes,
    attacks.lies,
    attacks.false_logouts,
    attacks.weak_passwords,
    attacks.old_passwords,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
async def test_nothing_gets_through(house: House, attack: Attack) -> None:
    assert await attack(house) == []


async def test_a_hundred_tabs_rotate_once_and_throw_nobody_out(house: House) -> None:
    assert await attacks.refreshes(house) == {"rotations": 1, "thrown_out": 0}


async def test_guesses_from_everywhere_keep_nobody_out(house: House) -> None:
    found = await attacks.guesses(house, 40)
    assert found["kept_out"] == 0
    assert found["looked_at"] <= 30  # then one guess at a time, however many networks


@pytest.mark.parametrize(
    ("bug", "attack"),
    BUGS,
    ids=[bug.__name__ for bug, _ in BUGS],
)
async def test_an_injected_bug_is_found(house: House, bug: Bug, attack: Attack) -> None:
    with bug():
        assert await attack(house) != []
