"""Seats with their requirements, and who takes them: the first in order who fits.

A quota is kept by reserving seats. The seat for which the fewest units have somebody is filled
first, and a pool is only frozen if no order whatever could leave a seat empty: so chance decides
who, never whether a quota is met.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.matching.drawing.pool import FINANCE, OFFSITE, TECHNICAL, Entry


@dataclass(frozen=True, slots=True)
class Quotas:
    """What a panel must consist of."""

    size: int
    per_unit_max: int = 1
    technical_min_percent: int = 0
    finance_min: int = 0
    offsite_min: int = 0

    @property
    def technical_min(self) -> int:
        """The share in persons, rounded up."""
        return -(-self.size * self.technical_min_percent // 100)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who may sit here: one who belongs to all of ``needs``."""

    needs: frozenset[str] = frozenset()

    def suits(self, entry: Entry) -> bool:
        return self.needs.issubset(entry.strata)


@dataclass(frozen=True, slots=True)
class Seating:
    """One seat filled, or found that nobody can fill it."""

    seat: int
    gone: tuple[str, ...]  # who may not be seated any more, cumulative; empty in the draw itself
    by: Entry | None
    passed: tuple[str, ...]  # who fits the seat and stands before, but whose unit is full


class TooFewSeats(Exception):
    """The quotas ask for more persons than there are seats."""


def plans(quotas: Quotas) -> list[list[Seat]]:
    """Return the ways in which seats can keep the quotas, the better first. Raises TooFewSeats.

    Off-site members are asked for among the technical first, so that seats open to anybody stay
    open; where the pool has too few of those, among the open seats.
    """
    free = quotas.size - quotas.finance_min - quotas.technical_min
    if free < 0 or quotas.offsite_min > quotas.size:
        raise TooFewSeats
    technical, anybody, finance = (
        [frozenset({TECHNICAL})] * quotas.technical_min,
        [frozenset[str]()] * free,
        [frozenset({FINANCE})] * quotas.finance_min,
    )
    found = []
    for needs in ([*technical, *anybody, *finance], [*anybody, *technical, *finance]):
        away = [one | {OFFSITE} for one in needs[: quotas.offsite_min]]
        planned = [Seat(one) for one in (*away, *needs[quotas.offsite_min :])]
        if planned not in found:
            found.append(planned)
    return found


def plan(quotas: Quotas, entries: Sequence[Entry]) -> tuple[list[Seat], "Shortage | None"]:
    """Return the seats in the order they are filled, and what is short in every way to plan them.

    Raises TooFewSeats.
    """
    first: tuple[list[Seat], Shortage | None] | None = None
    for planned in plans(quotas):
        seats = scarcest_first(planned, entries, quotas.per_unit_max)
        short = shortage(seats, entries, quotas.per_unit_max)
        if short is None:
            return seats, None
        first = first or (seats, short)
    assert first is not None  # noqa: S101 -- there is always one way
    return first


def _places(seat: Seat, entries: Sequence[Entry], per_unit_max: int) -> Counter[str]:
    """Return how many each unit could send to ``seat``."""
    units = Counter(e.unit for e in entries if not e.excluded and seat.suits(e))
    return Counter({unit: min(n, per_unit_max) for unit, n in units.items()})


def scarcest_first(
    seats: Iterable[Seat], entries: Sequence[Entry], per_unit_max: int
) -> list[Seat]:
    """Return the seats in the order in which they are filled."""
    return sorted(
        seats,
        key=lambda seat: (
            _places(seat, entries, per_unit_max).total(),
            -len(seat.needs),
            sorted(seat.needs),
        ),
    )


@dataclass(frozen=True, slots=True)
class Shortage:
    """A seat that some order could leave empty: what it needs, who there is, how many it takes."""

    needs: frozenset[str]
    places: int
    wanted: int


def shortage(seats: Sequence[Seat], entries: Sequence[Entry], per_unit_max: int) -> Shortage | None:
    """Return the first seat that is not filled in every order, or None.

    Whoever was seated before can take at most one of a seat's places, and only if their units meet.
    """
    before: list[Counter[str]] = []
    for seat in seats:
        places = _places(seat, entries, per_unit_max)
        wanted = 1 + sum(1 for other in before if other.keys() & places.keys())
        if places.total() < wanted:
            return Shortage(seat.needs, places.total(), wanted)
        before.append(places)
    return None


def next_for(
    seat: int,
    seats: Sequence[Seat],
    sitting: Iterable[Entry],
    order: Sequence[Entry],
    per_unit_max: int,
    gone: Sequence[str] = (),
) -> Seating:
    """Return who takes ``seat``: the first in ``order`` who fits and whose unit has room.

    ``sitting`` are those in the other seats; whoever is ``gone`` takes none.
    """
    there = list(sitting)
    units = Counter(e.unit for e in there)
    out = {*gone, *(e.id for e in there)}
    passed: list[str] = []
    for entry in order:
        if entry.id in out or not seats[seat].suits(entry):
            continue
        if units[entry.unit] < per_unit_max:
            return Seating(seat, tuple(gone), entry, tuple(passed))
        passed.append(entry.id)
    return Seating(seat, tuple(gone), None, tuple(passed))


def walk(seats: Sequence[Seat], order: Sequence[Entry], per_unit_max: int) -> list[Seating]:
    """Fill every seat once, in the sequence of ``seats``."""
    done: list[Seating] = []
    for place in range(len(seats)):
        sitting = [s.by for s in done if s.by is not None]
        done.append(next_for(place, seats, sitting, order, per_unit_max))
    return done


def alternates(order: Sequence[Entry], members: Iterable[Entry | None], count: int) -> list[Entry]:
    """Return the next ``count`` in order who hold no seat."""
    seated = {e.id for e in members if e is not None}
    return [e for e in order if e.id not in seated][:count]
