"""The rules, checked once more on the pairs themselves: plain loops that share nothing with them.

Whatever a solver says, nothing leaves this room without it.
"""

from collections import Counter

from app.matching.assignment.problem import NO_UNIT, Ints, Problem


def broken(problem: Problem, project: Ints, expert: Ints) -> list[str]:
    """Return every rule the pairs break, in plain words; empty: none."""
    pairs = [(int(i), int(j)) for i, j in zip(project, expert, strict=True)]
    wrong = [f"pair {i},{j} made twice" for (i, j), n in Counter(pairs).items() if n > 1]
    wrong += [f"pair {i},{j} is barred" for i, j in pairs if problem.barred[i][j]]
    wrong += [
        f"expert {j} has {n} of {int(problem.load[j])}"
        for j, n in Counter(j for _, j in pairs).items()
        if n > problem.load[j]
    ]
    members: dict[int, list[int]] = {i: [] for i in range(problem.projects)}
    for i, j in pairs:
        members[i].append(j)
    for i, seated in members.items():
        wrong += [f"project {i}: {word}" for word in _broken_in(problem, i, seated)]
    return wrong


def _broken_in(problem: Problem, i: int, seated: list[int]) -> list[str]:
    quotas, found = problem.quotas, []
    if len(seated) != problem.seats[i]:
        found.append(f"{len(seated)} of {int(problem.seats[i])} seats filled")
    if quotas.technical_min is not None and problem.technical is not None:
        found += _fewer(
            "technical", sum(bool(problem.technical[j]) for j in seated), quotas.technical_min[i]
        )
    if quotas.finance_min is not None and problem.finance is not None:
        found += _fewer(
            "finance", sum(bool(problem.finance[j]) for j in seated), quotas.finance_min[i]
        )
    if quotas.offsite_min is not None and problem.offsite is not None:
        found += _fewer(
            "off-site", sum(bool(problem.offsite[i][j]) for j in seated), quotas.offsite_min[i]
        )
    if quotas.per_unit_max is not None and problem.unit is not None:
        units = Counter(int(problem.unit[j]) for j in seated if problem.unit[j] != NO_UNIT)
        limit = quotas.per_unit_max[i]
        found += [f"{n} of unit {u}, at most {limit}" for u, n in units.items() if n > limit]
    return found


def _fewer(kind: str, have: int, least: int) -> list[str]:
    return [f"{have} {kind}, at least {least}"] if have < least else []
