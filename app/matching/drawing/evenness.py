"""Whether a draw gives equals equal chances: many draws of one pool, and what chi-square says."""

from collections.abc import Callable, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from app.matching.drawing import chance, seats
from app.matching.drawing.pool import Entry
from app.matching.drawing.seats import Quotas

Taken = NDArray[np.bool_]
Order = Callable[[str, Sequence[Entry]], list[Entry]]


def taken(
    entries: Sequence[Entry],
    quotas: Quotas,
    rounds: int,
    random: Random,
    order: Order = chance.in_order,
) -> Taken:
    """Return, draw by entry, who became a member in ``rounds`` draws with seeds of their own."""
    place = {entry.id: n for n, entry in enumerate(entries)}
    most = quotas.per_unit_max
    planned, _ = seats.plan(quotas, entries)
    found = np.zeros((rounds, len(entries)), bool)
    for row in found:
        seed = random.randbytes(32).hex()
        for seating in seats.walk(planned, order(seed, entries), most):
            if seating.by is not None:
                row[place[seating.by.id]] = True
    return found


def chance_of_worse(members: Taken, group: Sequence[int]) -> float:
    """Return how often an even draw would look less even among ``group`` than this one.

    In each draw some number of the group is taken, all of the group alike: a simple random sample
    without replacement. The deviations of their counts, over what such samples vary by, follow
    chi-square with one degree less than there are members of the group.
    """
    among = members[:, list(group)]
    size = len(group)
    share = among.sum(axis=1) / size
    varies = float((share * (1 - share)).sum()) * size / (size - 1)
    if varies == 0:
        return 1.0  # none of them, or all, in every draw: alike indeed
    off = among.sum(axis=0) - share.sum()
    return float(chi2.sf(float((off**2).sum()) / varies, size - 1))


def alike(entries: Sequence[Entry]) -> dict[tuple[str, ...], list[int]]:
    """Return the places of qualified entries that no rule of the draw tells apart."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place, entry in enumerate(entries):
        if not entry.excluded:
            found.setdefault(entry.strata, []).append(place)
    return {strata: group for strata, group in sorted(found.items()) if len(group) > 1}


def favouring(entry: Entry) -> Order:
    """Return an order that moves one person to the front in every fourth draw: the control."""

    def order(seed: str, entries: Sequence[Entry]) -> list[Entry]:
        found = chance.in_order(seed, entries)
        return found if seed[0] not in "0123" else sorted(found, key=lambda e: e.id != entry.id)

    return order
