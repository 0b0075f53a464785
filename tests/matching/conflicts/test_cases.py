"""The made-up cases of bench/conflicts.py in their short form, and bugs that they must find."""

import pytest

from app.matching.conflicts import BUILT_IN, Checker, Purpose, Screen
from bench.conflict_mutants import IN_THE_RULES, IN_THE_SECOND_CHECK, mutated
from bench.conflict_run import run
from bench.conflicts import DAY, library

pytestmark = pytest.mark.slow

#: Bugs that few cases show; the whole bench has enough of them.
_RARE = {"characters folded as phrases", "names ignored where both codes are right"}


def test_nobody_with_a_conflict_is_selected_in_twenty_thousand_cases() -> None:
    tally = run(seed=2026, many=20_000)
    assert tally.cases == 20_000
    assert tally.conflicted > 5_000
    assert tally.selected > 5_000
    assert tally.selected_conflicted == 0
    assert tally.missed == []
    assert tally.missed_second == []
    assert tally.missed_reasons == []
    assert tally.kept_for_nothing < tally.free / 200
    assert tally.kept_second == 0


@pytest.mark.parametrize("bug", [*IN_THE_RULES, *IN_THE_SECOND_CHECK])
def test_a_bug_put_in_is_found(bug: str) -> None:
    second = bug in IN_THE_SECOND_CHECK
    with mutated((IN_THE_SECOND_CHECK if second else IN_THE_RULES)[bug]):
        tally = run(seed=1, many=6_000 if bug in _RARE else 1_500)
    assert tally.missed_second if second else tally.missed


@pytest.mark.parametrize("purpose", list(Purpose))
def test_many_at_once_say_what_one_by_one_say(purpose: Purpose) -> None:
    people, subjects = library(400, 60)
    mask = Screen(people, DAY, BUILT_IN, purpose).mask(subjects)
    for row, subject in enumerate(subjects):
        checker = Checker(subject, DAY, BUILT_IN, purpose)
        assert mask[row].tolist() == [not checker.clear(person) for person in people]
    assert 0 < mask.mean() < 1
