"""Small groups are not told upward, nor what would give them away by subtraction.

Domain model 5.4, hard rule 3: whoever reads sums of others' records is told no group of one or two.
A total with all its parts but one tells that one, so a second group is kept back with it
(complementary suppression).
"""

from collections.abc import Sequence

from app.access.roles import Role

#: A group this small could point at somebody.
LEAST = 3
#: Who reads sums of records that others keep.
UPWARD = frozenset({Role.province_staff})


def parts(counts: Sequence[int], total: int | None = None) -> list[int | None]:
    """Return the counts of groups that part a whole, None where a group is not told.

    ``total`` is what the reader is told of the whole; what it exceeds the counts by is one more
    group, never told. Without it the whole is the sum of the counts. What is kept back makes up
    LEAST at the least and is never a single group, unless nothing is left to keep back with it.
    """
    rest = 0 if total is None else max(total - sum(counts), 0)
    hidden = {at for at, count in enumerate(counts) if 0 < count < LEAST}
    if not hidden and not 0 < rest < LEAST:
        return list(counts)
    while not _safe([counts[at] for at in hidden], rest):
        shown = [at for at, count in enumerate(counts) if count > 0 and at not in hidden]
        if not shown:
            break
        hidden.add(min(shown, key=lambda at: (counts[at], at)))
    return [None if at in hidden else count for at, count in enumerate(counts)]


def _safe(kept_back: Sequence[int], rest: int) -> bool:
    """Say whether the sum of what is kept back, which can be computed, tells no small group.

    As many records as groups would say that each group is one.
    """
    groups = len(kept_back) + (rest > 0)
    return groups > 1 and sum(kept_back) + rest >= max(LEAST, groups + 1)


def chain(counts: Sequence[int]) -> list[int | None]:
    """Return counts of groups each within the one before, None where one is not told.

    Kept back are small groups, and those that differ from the last one told by a small group.
    """
    told: list[int | None] = []
    last: int | None = None
    for count in counts:
        small = 0 < count < LEAST or (last is not None and 0 < abs(last - count) < LEAST)
        told.append(None if small else count)
        last = last if small else count
    return told


def line(total: int, counts: Sequence[int]) -> tuple[int | None, list[int | None]]:
    """Return a whole and its parts: of a small whole nothing is told but zeros."""
    if 0 < total < LEAST:
        return None, [None if count else 0 for count in counts]
    return total, parts(counts, total)
