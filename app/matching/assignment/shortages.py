"""Which requirement cannot be met: each asked by itself as a maximum flow, its cut in numbers.

And what each change is for, and what else would do: the quotas eased instead of the loads.
"""

from dataclasses import replace

import numpy as np

from app.matching.assignment import cuts
from app.matching.assignment.answer import Change, Clash, Shortage
from app.matching.assignment.columns import FEWEST, best_of, first
from app.matching.assignment.problem import MINIMA, Flags, Ints, Problem, Quotas, Requirement
from app.matching.assignment.relaxing import ALL_PAIRS, least_changes
from app.matching.assignment.watch import Watch

_OF_QUOTAS = frozenset({*MINIMA, Requirement.unit})


def told(problem: Problem, clash: Clash, watch: Watch) -> Clash:
    """Return the clash with the requirements that cannot be met, and what the changes are for."""
    if not problem.quotas:
        return clash
    short = [found for found in (_alone(problem, r) for r in (None, *MINIMA)) if found]
    by_quota = all(one.requirement is not Requirement.seats for one in short)
    with_loads = any(change.requirement is Requirement.load for change in clash.changes)
    return replace(
        clash,
        shortages=tuple(short),
        asked=_asked(problem),
        changes=tuple(_serving(problem, change, short) for change in clash.changes),
        alternative=_quotas_eased(problem, watch) if by_quota and with_loads else (),
    )


def _alone(problem: Problem, requirement: Requirement | None) -> Shortage | None:
    """Ask for nothing but one quota (None: the seats); return what is missing, if anything is."""
    asked = (problem.seats, None) if requirement is None else problem.counting(requirement)
    if asked is None:
        return None
    quota, of_whom = asked
    rows = np.flatnonzero(quota > 0)
    if not len(rows):
        return None
    only = replace(
        problem,
        scores=problem.scores[rows],
        barred=problem.barred[rows] | ~_counted(problem, of_whom)[rows],
        seats=quota[rows],
        quotas=Quotas(),
        offsite=None,
    )
    _, cut = cuts.widened(only, first(only, FEWEST))
    if cut is None:
        return None
    able = (~only.barred[cut.projects]).any(axis=0) & (only.load > 0)
    wanted = int(only.seats[cut.projects].sum())
    return Shortage(
        requirement=requirement or Requirement.seats,
        projects=tuple(map(int, rows[cut.projects])),
        experts=int(able.sum()),
        wanted=wanted,
        available=wanted - cut.short,
    )


def _counted(problem: Problem, of_whom: Flags | None) -> Flags:
    if of_whom is None:
        return np.ones(problem.barred.shape, dtype=np.bool_)
    return np.broadcast_to(of_whom, problem.barred.shape)


def _asked(problem: Problem) -> tuple[Requirement, ...]:
    named = [r for r in MINIMA if problem.counting(r) is not None]
    if problem.quotas.per_unit_max is not None:
        named.append(Requirement.unit)
    return tuple(named)


def _serving(problem: Problem, change: Change, short: list[Shortage]) -> Change:
    """Say which of the short requirements a further place of an expert is for."""
    if change.requirement is not Requirement.load:
        return change
    serves = [
        one.requirement
        for one in short
        if one.requirement in MINIMA
        and _counts_for(problem, one.requirement, change.index, np.array(one.projects))
    ]
    return replace(change, serves=tuple(serves))


def _counts_for(problem: Problem, requirement: Requirement, expert: int, projects: Ints) -> bool:
    asked = problem.counting(requirement)
    if asked is None:
        return False
    able = _counted(problem, asked[1])[projects, expert] & ~problem.barred[projects, expert]
    return bool(able.any())


def _quotas_eased(problem: Problem, watch: Watch) -> tuple[Change, ...]:
    """Return the quotas that would have to give way if all loads stayed as they are."""
    marked = ~problem.barred
    if marked.size > ALL_PAIRS:
        marked, _ = cuts.widened(problem, first(problem, FEWEST))
        for requirement in MINIMA:
            asked = problem.counting(requirement)
            if asked is not None:
                able = _counted(problem, asked[1]) & ~problem.barred
                marked = marked | best_of(problem.scores.astype(np.float64), able, FEWEST)
    return least_changes(problem, marked, watch, _OF_QUOTAS)
