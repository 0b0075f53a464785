"""The greatest total as a min-cost flow over few pairs, with prices that prove it for all pairs.

One more pair is worth looking at if its score passes the price of the expert's place plus what the
project's last seat earns. Pairs of positive worth are added and the flow is solved again until
there is none: then no assignment of any pairs has a greater total.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from app.matching.assignment.columns import listed
from app.matching.assignment.problem import UNITS, Flags, Ints, Problem
from app.matching.assignment.watch import Watch

_ROWS = 256  # priced at once: their pairs stay in the cache


class Unbalanced(RuntimeError):
    """The pairs looked at cannot fill all seats."""


@dataclass(slots=True)
class Priced:
    """An optimal flow: the pairs, and the least prices (in units) that make it optimal."""

    project: Ints
    expert: Ints
    price: Ints  # of one place of each expert
    earned: Ints  # by the last seat of each project
    marked: Flags
    rounds: int


def best_total(problem: Problem, marked: Flags, watch: Watch) -> Priced:
    """Return the greatest total over all pairs, beginning with ``marked``. Raises Unbalanced."""
    rounds = 0
    while True:
        rounds += 1
        found = _solved(problem, marked)
        found.rounds = rounds
        worth = _worth_adding(problem, found)
        watch.tell("pricing", min(95, 30 + 15 * rounds))
        if not worth.any():
            return found
        marked = marked | worth


def counted(scores: np.ndarray) -> Ints:
    """Return scores in whole units."""
    return np.rint(scores.astype(np.float64) * UNITS).astype(np.int64)


def _solved(problem: Problem, marked: Flags) -> Priced:
    project, expert = listed(marked)
    value = counted(problem.scores[project, expert])
    used = best_pairs(problem, project, expert, value)
    price, earned = _least_prices(project, expert, value, used, problem.experts)
    return Priced(project[used], expert[used], price, earned, marked, 0)


def best_pairs(problem: Problem, project: Ints, expert: Ints, value: Ints) -> Flags:
    """Mark, of the pairs listed, those of the greatest total value. Raises Unbalanced."""
    projects, experts = problem.projects, problem.experts
    net = min_cost_flow.SimpleMinCostFlow()
    pairs = net.add_arcs_with_capacity_and_unit_cost(
        project, projects + expert, np.ones(len(project), dtype=np.int64), -value
    )
    sink = projects + experts
    net.add_arcs_with_capacity_and_unit_cost(
        projects + np.arange(experts),
        np.full(experts, sink),
        problem.load,
        np.zeros(experts, dtype=np.int64),
    )
    net.set_nodes_supplies(
        np.append(np.arange(projects), sink), np.append(problem.seats, -problem.seats.sum())
    )
    status = net.solve()
    if status in (net.INFEASIBLE, net.UNBALANCED):
        raise Unbalanced
    if status != net.OPTIMAL:
        raise RuntimeError(f"min-cost flow: {status}")
    return np.asarray(net.flows(pairs) == 1, dtype=np.bool_)


def _least_prices(
    project: Ints, expert: Ints, value: Ints, used: Flags, experts: int
) -> tuple[Ints, Ints]:
    """Return the least prices under which everybody's pairs are the best there are.

    They rise from nothing until no project would rather have somebody else, as distances do in
    Bellman and Ford's search; an optimal flow has no cycle in which they would rise for ever.
    Being the least, the price of a place is exactly what one more place would add.
    """
    mine, theirs = used.nonzero()[0], (~used).nonzero()[0]
    starts = np.flatnonzero(np.diff(project[mine], prepend=-1))  # ordered by project already
    theirs = theirs[np.argsort(expert[theirs], kind="stable")]
    others, places = np.unique(expert[theirs], return_index=True)
    price = np.zeros(experts, dtype=np.int64)
    for _ in range(2 * len(starts) + 2):
        earned = np.minimum.reduceat(value[mine] - price[expert[mine]], starts)
        if not len(theirs):
            return price, earned
        offered = np.maximum.reduceat(value[theirs] - earned[project[theirs]], places)
        raised = np.maximum(price[others], offered)
        if (raised == price[others]).all():
            return price, earned
        price[others] = raised
    raise RuntimeError("the flow was not optimal")


def _worth_adding(problem: Problem, found: Priced) -> Flags:
    """Mark the pairs not looked at that could improve the total."""
    worth = np.zeros(problem.barred.shape, dtype=np.bool_)
    for low in range(0, problem.projects, _ROWS):
        rows = slice(low, low + _ROWS)
        gain = counted(problem.scores[rows]) - found.price
        worth[rows] = gain > found.earned[rows, None]
    return worth & ~problem.barred & ~found.marked
