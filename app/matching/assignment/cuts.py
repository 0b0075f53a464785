"""Can all seats be filled at all? A maximum flow; where it falls short, its cut says whom it is.

And the smallest change that would do: a flow in which further places and given-up seats may be
bought, at a price that nothing else outweighs.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import max_flow, min_cost_flow

from app.matching.assignment.answer import Change, Clash
from app.matching.assignment.columns import FEWEST, best_of, listed
from app.matching.assignment.problem import Flags, Ints, Problem, Requirement


@dataclass(frozen=True, slots=True)
class Cut:
    """The projects that are short together, and the experts whose loads they exhaust."""

    projects: Ints
    experts: Ints
    short: int  # seats that stay empty, overall


def widened(problem: Problem, marked: Flags) -> tuple[Flags, Cut | None]:
    """Mark further pairs until all seats can be filled, or return the cut that says why not."""
    while True:
        cut = _cut(problem, marked)
        if cut is None:
            return marked, None
        outside = np.ones(problem.experts, dtype=np.bool_)
        outside[cut.experts] = False
        rows = cut.projects
        absent = ~marked[rows] & ~problem.barred[rows] & outside
        if not absent.any():
            return marked, cut
        marked = marked.copy()
        marked[rows] |= best_of(problem.scores[rows].astype(np.float64), absent, FEWEST)


def _cut(problem: Problem, marked: Flags) -> Cut | None:
    project, expert = listed(marked)
    projects, experts = problem.projects, problem.experts
    source, sink = projects + experts, projects + experts + 1
    net = max_flow.SimpleMaxFlow()
    net.add_arcs_with_capacity(
        np.full(projects, source), np.arange(projects), problem.seats.astype(np.int64)
    )
    net.add_arcs_with_capacity(project, projects + expert, np.ones(len(project), dtype=np.int64))
    net.add_arcs_with_capacity(
        projects + np.arange(experts), np.full(experts, sink), problem.load.astype(np.int64)
    )
    if net.solve(source, sink) != net.OPTIMAL:
        raise RuntimeError("maximum flow")
    short = int(problem.seats.sum()) - net.optimal_flow()
    if short == 0:
        return None
    side = np.asarray(net.get_source_side_min_cut(), dtype=np.int64)
    reached = side[(side >= projects) & (side < source)] - projects
    return Cut(np.sort(side[side < projects]), np.sort(reached), short)


def clash_of(problem: Problem, marked: Flags, cut: Cut) -> Clash:
    """Return the cut in numbers, and the smallest change that fills every seat."""
    inside = np.zeros(problem.experts, dtype=np.bool_)
    inside[cut.experts] = True
    once_each = (~problem.barred[cut.projects] & ~inside).sum()
    changes = _cheapest_changes(problem, marked)
    return Clash(
        projects=tuple(map(int, cut.projects)),
        experts=tuple(map(int, cut.experts)),
        wanted=int(problem.seats[cut.projects].sum()),
        available=int(problem.load[cut.experts].sum() + once_each),
        changes=changes,
        smallest=sum(change.by for change in changes) == cut.short,
    )


def _cheapest_changes(problem: Problem, marked: Flags) -> tuple[Change, ...]:
    """Buy what is missing: first as few units as possible, then loads rather than seats."""
    project, expert = listed(marked)
    projects, experts = problem.projects, problem.experts
    sink = projects + experts
    scores = problem.scores[project, expert].astype(np.float64)
    coarse = np.rint(scores * (1000 / max(1e-9, np.abs(scores).max(initial=0)))).astype(np.int64)
    seats = int(problem.seats.sum())
    rather = 2000 * seats + 1  # outweighs every difference of scores
    unit = rather * (seats + 1)  # outweighs every preference
    net = min_cost_flow.SimpleMinCostFlow()
    net.add_arcs_with_capacity_and_unit_cost(
        project, projects + expert, np.ones(len(project), dtype=np.int64), -coarse
    )
    to_sink = np.full(experts, sink)
    places = projects + np.arange(experts)
    zero = np.zeros(experts, dtype=np.int64)
    net.add_arcs_with_capacity_and_unit_cost(places, to_sink, problem.load, zero)
    more = net.add_arcs_with_capacity_and_unit_cost(
        places, to_sink, np.full(experts, projects), zero + unit
    )
    fewer = net.add_arcs_with_capacity_and_unit_cost(
        np.arange(projects),
        np.full(projects, sink),
        problem.seats,
        np.full(projects, unit + rather, dtype=np.int64),
    )
    net.set_nodes_supplies(np.append(np.arange(projects), sink), np.append(problem.seats, -seats))
    if net.solve() != net.OPTIMAL:
        raise RuntimeError("the changes themselves cannot be found")
    return tuple(
        Change(requirement, int(index), int(bought[index]))
        for requirement, arcs in ((Requirement.load, more), (Requirement.seats, fewer))
        for bought in [net.flows(arcs)]
        for index in np.flatnonzero(bought)
    )
