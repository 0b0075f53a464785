"""No group of one or two can be told from what is shown upward, not by subtraction either."""

import random
from collections.abc import Sequence
from itertools import product

import pytest

from app.registers.suppression import LEAST, chain, line, parts

_MOST = 9  # of a group, where every possibility is tried


def could_be(shown: Sequence[int | None], whole: int | None, *, rest: bool) -> list[set[int]]:
    """Return, for each group not told, what it may be: all that agrees with what is shown."""
    hidden = [at for at, count in enumerate(shown) if count is None]
    known = sum(count for count in shown if count is not None)
    found: list[set[int]] = [set() for _ in hidden]
    for guess in product(range(1, _MOST + 1), repeat=len(hidden)):
        left = None if whole is None else whole - known - sum(guess)
        if left is None or (left >= 0 if rest else left == 0):
            for at, value in enumerate(guess):
                found[at].add(value)
    return found


@pytest.mark.parametrize("seed", range(200))
def test_from_parts_and_their_whole_no_small_group_can_be_computed(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- counts of a test
    counts = [dice.randint(0, 6) for _ in range(dice.randint(2, 4))]
    shown = parts(counts)
    assert all(told in (None, count) for told, count in zip(shown, counts, strict=True))
    assert not [told for told in shown if told is not None and 0 < told < LEAST]
    hidden = [count for told, count in zip(shown, counts, strict=True) if told is None]
    if sum(1 for count in counts if count) > 1 and sum(counts) >= LEAST:
        assert all(len(one) > 1 for one in could_be(shown, sum(counts), rest=False))
        assert not hidden or sum(hidden) >= LEAST


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([10, 8, 1], [10, None, None]),  # 19 in all: the one alone would be 19 - 10 - 8
        ([10, 8, 2, 1], [10, 8, None, None]),
        ([10, 1, 1], [None, None, None]),  # two ones: their sum would tell both
        ([10, 8, 7], [10, 8, 7]),
        ([10, 0, 1], [None, 0, None]),
        ([2], [None]),
        ([0, 0], [0, 0]),
    ],
)
def test_a_second_group_is_kept_back_with_a_small_one(
    counts: list[int], told: list[int | None]
) -> None:
    assert parts(counts) == told


def test_what_the_whole_has_beyond_its_parts_is_a_group_too() -> None:
    assert parts([10, 8], 19) == [10, None]
    assert parts([10, 8], 30) == [10, 8]
    assert line(2, [1, 1, 0]) == (None, [None, None, 0])
    assert line(12, [6, 5, 1]) == (12, [6, None, None])


def test_steps_that_differ_by_a_small_group_are_not_both_told() -> None:
    assert chain([10, 9, 5, 2, 0]) == [10, None, 5, None, 0]
    assert chain([10, 8, 7]) == [10, None, 7]
    assert chain([1, 1]) == [None, None]
    assert chain([30, 20, 20, 10]) == [30, 20, 20, 10]
