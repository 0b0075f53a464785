"""Quotas are kept whatever the order; who follows is the first in the same order who fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.drawing import chance, rehearsal, seats
from app.matching.drawing.pool import FINANCE, OFFSITE, STRATA, TECHNICAL, Entry
from app.matching.drawing.seats import Quotas, TooFewSeats

POOLS = st.lists(
    st.tuples(st.integers(0, 12), st.sets(st.sampled_from(STRATA)), st.booleans()),
    min_size=3,
    max_size=40,
)
QUOTAS = st.builds(
    Quotas,
    size=st.integers(3, 9),
    per_unit_max=st.integers(1, 3),
    technical_min_percent=st.sampled_from([0, 34, 60, 100]),
    finance_min=st.integers(0, 2),
    offsite_min=st.integers(0, 4),
)


def entries_of(pool: list[tuple[int, set[str], bool]]) -> list[Entry]:
    return [
        Entry(
            id=f"{n:064x}",
            unit=f"u{unit}",
            strata=tuple(sorted(strata)),
            excluded=("unavailable",) if away else (),
            salt="",
        )
        for n, (unit, strata, away) in enumerate(pool)
    ]


@given(POOLS, QUOTAS, st.binary(min_size=32, max_size=32))
def test_a_pool_that_may_be_frozen_meets_its_quotas_in_every_order(
    pool: list[tuple[int, set[str], bool]], quotas: Quotas, seed: bytes
) -> None:
    entries = entries_of(pool)
    try:
        planned, short = seats.plan(quotas, entries)
    except TooFewSeats:
        assert quotas.technical_min + quotas.finance_min > quotas.size or (
            quotas.offsite_min > quotas.size
        )
        return
    if short is not None:
        return
    order = chance.in_order(seed.hex(), entries)
    members = [s.by for s in seats.walk(planned, order, quotas.per_unit_max)]
    assert None not in members
    taken = [one for one in members if one is not None]
    assert len({one.id for one in taken}) == quotas.size
    assert not any(one.excluded for one in taken)
    assert sum(TECHNICAL in one.strata for one in taken) >= quotas.technical_min
    assert sum(FINANCE in one.strata for one in taken) >= quotas.finance_min
    assert sum(OFFSITE in one.strata for one in taken) >= quotas.offsite_min
    units = [one.unit for one in taken]
    assert max(map(units.count, units)) <= quotas.per_unit_max


def test_the_share_of_technical_experts_is_rounded_up() -> None:
    assert Quotas(5, technical_min_percent=60).technical_min == 3
    assert Quotas(7, technical_min_percent=60).technical_min == 5
    assert Quotas(7, technical_min_percent=0).technical_min == 0


def test_a_seat_that_some_order_leaves_empty_is_named_with_what_it_takes() -> None:
    pool = [(n, {TECHNICAL}, False) for n in range(9)] + [(0, {FINANCE}, False)]
    short = seats.plan(Quotas(3, finance_min=2), entries_of(pool))[1]
    assert short is not None
    assert (short.needs, short.places, short.wanted) == (frozenset({FINANCE}), 1, 2)
    assert seats.plan(Quotas(3, finance_min=1), entries_of(pool))[1] is None


def test_the_only_finance_expert_is_never_shut_out_by_a_colleague() -> None:
    pool = [(0, {FINANCE}, False), *((0, {TECHNICAL}, False) for _ in range(30))]
    pool += [(n, {TECHNICAL}, False) for n in range(1, 5)]
    entries = entries_of(pool)
    planned, short = seats.plan(Quotas(3, finance_min=1, technical_min_percent=60), entries)
    assert short is None
    for n in range(50):
        order = chance.in_order(f"{n:064x}", entries)
        members = [s.by.id for s in seats.walk(planned, order, 1) if s.by]
        assert entries[0].id in members


def test_off_site_members_are_asked_for_among_the_technical_so_that_open_seats_stay_open() -> None:
    first, second = seats.plans(Quotas(7, 1, 60, 1, 2))
    assert [sorted(seat.needs) for seat in first].count([OFFSITE, TECHNICAL]) == 2
    assert [sorted(seat.needs) for seat in first].count([]) == 1
    assert [sorted(seat.needs) for seat in second].count([OFFSITE]) == 1


@pytest.mark.parametrize("seed", range(12))
def test_who_goes_is_followed_by_the_first_of_the_same_order_who_fits(seed: int) -> None:
    random = rehearsal.numbers(seed)
    draw = rehearsal.held(rehearsal.made_up(60, random), rehearsal.usual(), random)
    for _ in range(6):
        place = random.randrange(7)
        left = draw.panel[place]
        if left is None:
            continue
        others = [e for n, e in enumerate(draw.panel) if e and n != place]
        out = {e.id for e in others} | set(draw.gone) | {left.id}
        fit = [
            e
            for e in draw.order
            if e.id not in out
            and draw.seats[place].needs <= set(e.strata)
            and e.unit not in {o.unit for o in others}
        ]
        assert draw.lose(left.id, "declined") == (fit[0] if fit else None)


def test_nobody_who_left_comes_back_and_an_empty_pool_gives_nobody() -> None:
    random = rehearsal.numbers(2)
    draw = rehearsal.held(rehearsal.made_up(16, random), Quotas(5), random)
    seen: set[str] = set()
    for _ in range(20):
        member = draw.panel[0]
        if member is None:
            break
        assert member.id not in seen
        seen.add(member.id)
        draw.lose(member.id, "declined")
    assert draw.panel[0] is None
