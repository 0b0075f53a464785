"""Why this and not that: what a place is worth, who came near, which requirement is dear."""

from dataclasses import dataclass

import numpy as np

from app.matching.assignment.answer import Binding, Explanation, FullExpert, RunnerUp
from app.matching.assignment.columns import listed
from app.matching.assignment.problem import Flags, Floats, Ints, Problem, Requirement

_NEXT = 2  # runners-up of each project
_WORTH = 1e-6  # prices below are rounding


@dataclass(frozen=True, slots=True)
class Dues:
    """The prices at the optimum: a place of each expert, the last seat of each project."""

    load: Floats
    earned: Floats
    base: Floats  # what a point of score weighs, per project
    binding: tuple[Binding, ...] = ()


def explained(
    problem: Problem, project: Ints, expert: Ints, dues: Dues, near: Flags
) -> Explanation:
    """Explain the chosen pairs; runners-up are looked for among the ``near`` pairs."""
    taken = np.bincount(expert, minlength=problem.experts)
    full = np.flatnonzero((taken >= problem.load) & (dues.load > _WORTH))
    full = full[np.argsort(-dues.load[full], kind="stable")]
    return Explanation(
        full=tuple(
            FullExpert(int(j), int(problem.load[j]), round(float(dues.load[j]), 6)) for j in full
        ),
        runners_up=_runners_up(problem, project, expert, dues, near),
        binding=tuple(b for b in dues.binding if b.price > _WORTH),
    )


def _runners_up(
    problem: Problem, project: Ints, expert: Ints, dues: Dues, near: Flags
) -> tuple[RunnerUp, ...]:
    chosen = np.zeros(problem.barred.shape, dtype=np.bool_)
    chosen[project, expert] = True
    weakest = np.full(problem.projects, np.inf)
    np.minimum.at(weakest, project, problem.scores[project, expert].astype(np.float64))
    rows, columns = listed(near & ~chosen & ~problem.barred)
    score = problem.scores[rows, columns].astype(np.float64)
    order = np.lexsort((-score, rows))
    rows, columns, score = rows[order], columns[order], score[order]
    starts = np.searchsorted(rows, np.arange(problem.projects))
    place = np.arange(len(rows)) - starts[rows]
    kept = place < _NEXT
    taken = np.bincount(expert, minlength=problem.experts)
    sent = _sent(problem, project, expert)
    found = []
    for i, j, points in zip(rows[kept], columns[kept], score[kept], strict=True):
        cost = float(dues.earned[i] + dues.load[j] - points * dues.base[i])
        why = _why(problem, i, j, stronger=points > weakest[i], taken=taken, sent=sent)
        found.append(
            RunnerUp(int(i), int(j), round(float(points), 6), why, round(max(0.0, cost), 6))
        )
    return tuple(found)


def _sent(problem: Problem, project: Ints, expert: Ints) -> dict[tuple[int, int], int]:
    """Count the chosen of each unit per project, where units are limited."""
    if problem.quotas.per_unit_max is None or problem.unit is None:
        return {}
    sent: dict[tuple[int, int], int] = {}
    for i, unit in zip(project, problem.unit[expert], strict=True):
        sent[int(i), int(unit)] = sent.get((int(i), int(unit)), 0) + 1
    return sent


def _why(
    problem: Problem,
    i: int,
    j: int,
    *,
    stronger: bool,
    taken: Ints,
    sent: dict[tuple[int, int], int],
) -> str:
    limit, unit = problem.quotas.per_unit_max, problem.unit
    if not stronger:
        return "weaker"
    if taken[j] >= problem.load[j]:
        return "full"
    if limit is not None and unit is not None and sent.get((int(i), int(unit[j])), 0) >= limit[i]:
        return "unit"
    return "quota" if problem.quotas else "balance"


def bindings(
    minima: dict[Requirement, Floats], units: dict[tuple[int, int], float]
) -> tuple[Binding, ...]:
    """Return the requirements of single projects with their prices, dearest first."""
    found = [
        Binding(requirement, int(i), round(float(price[i]), 6))
        for requirement, price in minima.items()
        for i in np.flatnonzero(price > _WORTH)
    ]
    found += [
        Binding(Requirement.unit, i, round(price, 6))
        for (i, _), price in units.items()
        if price > _WORTH
    ]
    return tuple(sorted(found, key=lambda binding: -binding.price))
