"""The figures of a panel, against the standard library's and by hand."""

import statistics
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.matching.panels.models import Criterion, Opinion, ScoreLine
from app.matching.panels.scoring import rounded, total
from app.matching.panels.summary import Filled, figures

CRITERIA = [
    Criterion(name="一", max_points=Decimal(40)),
    Criterion(name="二", max_points=Decimal(60), weight=Decimal(20)),
]


def filled(one: str, two: str, opinion: Opinion = Opinion.approve) -> Filled:
    lines = [
        ScoreLine(criterion="c1", points=Decimal(one)),
        ScoreLine(criterion="c2", points=Decimal(two)),
    ]
    return Filled(lines, opinion)


def test_a_total_is_the_weighted_share_of_the_points() -> None:
    lines = filled("30", "45").lines
    assert total(lines, CRITERIA) == 75
    lines = filled("40", "0").lines
    assert rounded(total(lines, CRITERIA)) == Decimal("66.67")


def test_nothing_handed_in_has_no_figures() -> None:
    assert figures([], CRITERIA, 3) is None


def test_from_five_sheets_on_the_highest_and_the_lowest_are_left_out() -> None:
    sheets = [filled(str(n), str(n * 1.5)) for n in (0, 20, 24, 28, 40)]
    found = figures(sheets, CRITERIA, 0)
    assert found is not None
    assert (found.trimmed, found.trimmed_mean) == (1, Decimal("60.00"))
    assert found.spread.mean == Decimal("56.00")
    four = figures(sheets[:4], CRITERIA, 1)
    assert four is not None
    assert (four.trimmed, four.trimmed_mean, four.missing) == (0, None, 1)


points = st.decimals(0, 40, places=2)


@given(st.lists(points, min_size=1, max_size=25))
def test_the_figures_are_those_of_the_standard_library(given_points: list[Decimal]) -> None:
    criteria = [Criterion(name="一", max_points=Decimal(40))]
    sheets = [Filled([ScoreLine(criterion="c1", points=p)], Opinion.approve) for p in given_points]
    found = figures(sheets, criteria, 0)
    assert found is not None
    exact = [Fraction(p) for p in given_points]
    (criterion,) = found.criteria
    assert criterion.spread.mean == rounded(statistics.mean(exact))
    assert criterion.spread.median == rounded(statistics.median(exact))
    assert (criterion.spread.lowest, criterion.spread.highest) == (
        rounded(min(exact)),
        rounded(max(exact)),
    )
    spread = statistics.pstdev(map(float, exact))
    assert abs(float(criterion.spread.deviation) - spread) <= 0.0051
    assert found.spread.lowest <= found.spread.mean <= found.spread.highest
    assert 0 <= found.spread.lowest <= found.spread.highest <= 100


@given(st.lists(points, min_size=5, max_size=25), st.randoms())
def test_the_order_of_sheets_does_not_matter(given_points: list[Decimal], chance: object) -> None:
    criteria = [Criterion(name="一", max_points=Decimal(40))]
    sheets = [Filled([ScoreLine(criterion="c1", points=p)], Opinion.reject) for p in given_points]
    shuffled = list(sheets)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert figures(sheets, criteria, 0) == figures(shuffled, criteria, 0)


def test_halves_are_rounded_up_as_by_hand() -> None:
    assert rounded(Fraction(10005, 1000)) == Decimal("10.01")
    assert rounded(Fraction(1, 3)) == Decimal("0.33")
