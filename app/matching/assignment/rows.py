"""The same problem as rows and columns for HiGHS: floors and quotas, which a flow cannot hold.

Columns are the pairs looked at and ``worst``, the total every project reaches; in an elastic model
also what may be bought of each requirement. Rows: seats, load, floor, the quotas.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import highspy
import numpy as np
from scipy.sparse import csc_matrix

from app.matching.assignment.columns import listed
from app.matching.assignment.problem import (
    MINIMA,
    NO_UNIT,
    Flags,
    Floats,
    Ints,
    Problem,
    Requirement,
)

INFINITE = float(highspy.kHighsInf)
_FAR = 1e6


class Aim(StrEnum):
    """What the model maximises."""

    total = "total"
    worst = "worst"
    changes = "changes"  # the least of them


@dataclass(slots=True)
class Sparse:
    """A matrix being written, entry by entry in bulk."""

    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)

    def put(self, row: Ints, column: Ints, value: Floats | float) -> None:
        self.row.append(np.asarray(row, dtype=np.int64))
        self.column.append(np.asarray(column, dtype=np.int64))
        self.value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), len(row)))


@dataclass(slots=True)
class Rows:
    """Where each requirement's rows begin, and what they ask."""

    sparse: Sparse = field(default_factory=Sparse)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    begins: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def add(self, name: str, lower: Floats | float, upper: Floats | float, count: int) -> int:
        """Make ``count`` rows and return the first."""
        first = self.count
        self.begins[name] = first
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), count))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), count))
        self.count += count
        return first


@dataclass(slots=True)
class Model:
    """A problem over some pairs, ready for HiGHS, and what its columns and rows mean."""

    problem: Problem
    project: Ints
    expert: Ints
    rows: Rows
    units: list[tuple[int, int]]
    bought: list[tuple[Requirement, int, int]]  # of an elastic model: requirement, index, unit
    lp: highspy.HighsLp

    @property
    def pairs(self) -> int:
        return len(self.project)


def scale(problem: Problem) -> Floats:
    """Return by what each project's total is multiplied so that all stand for equally many."""
    return np.asarray(problem.seats.max() / problem.seats, dtype=np.float64)


def model(
    problem: Problem,
    marked: Flags,
    aim: Aim,
    floor: float | None = None,
    among: frozenset[Requirement] = frozenset(Requirement),
) -> Model:
    """Write the problem over the ``marked`` pairs; with ``floor`` every project reaches it.

    Where changes are the aim, only requirements ``among`` these may be eased.
    """
    project, expert = listed(marked)
    rows = Rows()
    units = _write_rows(
        problem, project, expert, rows, floored=aim is Aim.worst or floor is not None
    )
    pairs = len(project)
    bought = _buy(problem, rows, units, pairs + 1) if aim is Aim.changes else []
    columns = pairs + 1 + len(bought)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows.count
    lp.sense_ = highspy.ObjSense.kMaximize
    cost = np.zeros(columns)
    if aim is Aim.total:
        cost[:pairs] = problem.scores[project, expert]
    elif aim is Aim.worst:
        cost[pairs] = 1.0
    else:
        cost[pairs + 1 :] = -_cost_of(problem, bought)
    lp.col_cost_ = cost
    lp.col_lower_ = np.concatenate(
        [np.zeros(pairs), [-_FAR if floor is None else floor], np.zeros(len(bought))]
    )
    most = np.array([requirement in among for requirement, *_ in bought], dtype=np.float64)
    most *= problem.projects + problem.seats.max()
    lp.col_upper_ = np.concatenate([np.ones(pairs), [_FAR], most])
    lp.row_lower_, lp.row_upper_ = np.concatenate(rows.lower), np.concatenate(rows.upper)
    _hand_over(lp, rows, columns)
    return Model(problem, project, expert, rows, units, bought, lp)


def _hand_over(lp: highspy.HighsLp, rows: Rows, columns: int) -> None:
    entries = rows.sparse
    matrix = csc_matrix(
        (
            np.concatenate(entries.value),
            (np.concatenate(entries.row), np.concatenate(entries.column)),
        ),
        shape=(rows.count, columns),
    )
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data


def _write_rows(
    problem: Problem, project: Ints, expert: Ints, rows: Rows, *, floored: bool
) -> list[tuple[int, int]]:
    every = np.arange(len(project))
    seats = problem.seats.astype(np.float64)
    first = rows.add("seats", seats, seats, problem.projects)
    rows.sparse.put(first + project, every, 1.0)
    first = rows.add("load", -INFINITE, problem.load.astype(np.float64), problem.experts)
    rows.sparse.put(first + expert, every, 1.0)
    if floored:
        first = rows.add("floor", 0.0, INFINITE, problem.projects)
        value = problem.scores[project, expert] * scale(problem)[project]
        rows.sparse.put(first + project, every, value)
        all_projects = np.arange(problem.projects)
        rows.sparse.put(first + all_projects, np.full(problem.projects, len(project)), -1.0)
    for requirement in MINIMA:
        asked = problem.counting(requirement)
        if asked is None:
            continue
        quota, of_whom = asked
        first = rows.add(requirement, quota.astype(np.float64), INFINITE, problem.projects)
        counts = of_whom[expert] if of_whom.ndim == 1 else of_whom[project, expert]
        rows.sparse.put(first + project[counts], every[counts], 1.0)
    return _write_units(problem, project, expert, rows)


def _write_units(
    problem: Problem, project: Ints, expert: Ints, rows: Rows
) -> list[tuple[int, int]]:
    """Write a row for each unit that has more experts at hand for a project than it may send."""
    limit = problem.quotas.per_unit_max
    if limit is None or problem.unit is None:
        return []
    known = np.flatnonzero(problem.unit[expert] != NO_UNIT)
    keys = np.stack([project[known], problem.unit[expert[known]]])
    places, where, count = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
    crowded = count > limit[places[0]]
    number = np.cumsum(crowded) - 1
    first = rows.add(
        "unit", -INFINITE, limit[places[0, crowded]].astype(np.float64), int(crowded.sum())
    )
    held = crowded[where.ravel()]
    rows.sparse.put(first + number[where.ravel()[held]], known[held], 1.0)
    return [(int(p), int(u)) for p, u in places[:, crowded].T]


def _buy(
    problem: Problem, rows: Rows, units: list[tuple[int, int]], column: int
) -> list[tuple[Requirement, int, int]]:
    """Let every requirement be eased, unit by unit; return what each further column stands for."""
    bought: list[tuple[Requirement, int, int]] = []
    for name, requirement, count, sign in (
        ("load", Requirement.load, problem.experts, -1.0),
        ("seats", Requirement.seats, problem.projects, 1.0),
        *((r.value, r, problem.projects, 1.0) for r in MINIMA),
        ("unit", Requirement.unit, len(units), -1.0),
    ):
        if name not in rows.begins:
            continue
        first = rows.begins[name]
        rows.sparse.put(first + np.arange(count), column + len(bought) + np.arange(count), sign)
        if requirement is Requirement.unit:
            bought += [(requirement, project, unit) for project, unit in units]
        else:
            bought += [(requirement, index, NO_UNIT) for index in range(count)]
    return bought


#: Which change is rather made, all being equally small: loads, quotas, seats.
_RATHER = {Requirement.load: 0, Requirement.seats: 2}


def _cost_of(problem: Problem, bought: list[tuple[Requirement, int, int]]) -> Floats:
    """Return 1 for every change and a little more for those one would rather not make."""
    little = 1.0 / (4.0 * (5 * problem.seats.sum() + 1))
    return np.array([1.0 + little * _RATHER.get(requirement, 1) for requirement, *_ in bought])
