"""The one door: a problem and an objective in, pairs with their proof and explanation out."""

import numpy as np

from app.matching.assignment import cuts, flows, shortages
from app.matching.assignment.answer import Certificate, Clash, Outcome, Solution
from app.matching.assignment.checking import broken
from app.matching.assignment.columns import FEWEST, first
from app.matching.assignment.explaining import Dues, bindings, explained
from app.matching.assignment.problem import UNITS, Flags, Ints, Objective, Problem
from app.matching.assignment.programmes import CLOSE, Found, greatest_total, worst_off_first
from app.matching.assignment.relaxing import eased
from app.matching.assignment.watch import Watch
from app.matching.assignment.whole import all_pairs, totals


class NotKept(RuntimeError):
    """The solver returned pairs that break a rule: a defect, never an answer."""


def solve(
    problem: Problem,
    objective: Objective = Objective.total,
    watch: Watch | None = None,
    *,
    fewest: int = FEWEST,
) -> Solution:
    """Return the best assignment with its certificate, or why there is none. Raises Stopped.

    ``fewest`` pairs per project are looked at to begin with; it changes the speed, not the result.
    """
    watch = watch or Watch()
    watch.tell("pairs", 2)
    every = all_pairs(problem)
    marked = first(problem, fewest) if every is None else every
    flow: flows.Priced | None = None
    try:
        flow = flows.best_total(problem, marked, watch)
    except flows.Unbalanced:
        watch.tell("cut", 10)
        marked, cut = cuts.widened(problem, marked)
        if cut is not None and problem.quotas:  # the changes must do for the quotas too
            _, clash = eased(problem, marked, watch)
            return _impossible(problem, clash or cuts.clash_of(problem, marked, cut), watch)
        if cut is not None:
            return _impossible(problem, cuts.clash_of(problem, marked, cut), watch)
        flow = flows.best_total(problem, marked, watch)
    if objective is Objective.total and not problem.quotas:
        return _by_flow(problem, flow)
    search = greatest_total if objective is Objective.total else worst_off_first
    found = search(problem, flow, watch)
    if isinstance(found, Clash):
        return _impossible(problem, found, watch)
    if found is None:
        nobody = np.empty(0, dtype=np.int64)
        return Solution(Outcome.out_of_time, nobody, nobody)
    return _by_rows(problem, found)


def _impossible(problem: Problem, clash: Clash, watch: Watch) -> Solution:
    nobody = np.empty(0, dtype=np.int64)
    said = shortages.told(problem, clash, watch)
    return Solution(Outcome.infeasible, nobody, nobody, clash=said)


def _by_flow(problem: Problem, flow: flows.Priced) -> Solution:
    """Put an optimal flow into words: proved in whole units, so within half a unit a pair."""
    _require_kept(problem, flow.project, flow.expert)
    value = problem.scores[flow.project, flow.expert]
    total = float(value.astype(np.float64).sum())
    most = (int(flows.counted(value).sum()) + 0.5 * int(problem.seats.sum())) / UNITS
    bound = max(total, most)
    certificate = Certificate(
        total=total,
        bound=bound,
        gap=(bound - total) / max(1e-9, abs(bound)),
        proved=True,
        pairs_priced=problem.barred.size,
        pairs_considered=int(flow.marked.sum()),
        rounds=flow.rounds,
        worst=float(totals(problem, flow.project, flow.expert).min()),
    )
    dues = Dues(flow.price / UNITS, flow.earned / UNITS, np.ones(problem.projects))
    return _solved(problem, flow.project, flow.expert, certificate, dues, flow.marked)


def _by_rows(problem: Problem, found: Found) -> Solution:
    project, expert = found.best.project, found.best.expert
    _require_kept(problem, project, expert)
    worst = float(totals(problem, project, expert).min())
    bound = float(max(found.best.bound, found.best.total))
    ceiling = None if found.worst_bound is None else float(max(worst, found.worst_bound))
    certificate = Certificate(
        total=found.best.total,
        bound=bound,
        gap=(bound - found.best.total) / max(1e-9, abs(bound)),
        proved=bool(found.best.gap <= CLOSE),
        pairs_priced=problem.barred.size,
        pairs_considered=int(found.marked.sum()),
        rounds=found.rounds,
        worst=worst,
        worst_bound=ceiling,
        worst_proved=None if ceiling is None else ceiling - worst <= CLOSE * max(1.0, abs(worst)),
    )
    prices, priced = found.prices, found.priced
    dues = Dues(
        prices.load,
        priced.earned,
        prices.base + prices.floor,
        bindings(prices.minima, prices.units),
    )
    return _solved(problem, project, expert, certificate, dues, found.marked)


def _solved(
    problem: Problem,
    project: Ints,
    expert: Ints,
    certificate: Certificate,
    dues: Dues,
    near: Flags,
) -> Solution:
    explanation = explained(problem, project, expert, dues, near)
    return Solution(Outcome.solved, project, expert, certificate, explanation=explanation)


def _require_kept(problem: Problem, project: Ints, expert: Ints) -> None:
    wrong = broken(problem, project, expert)
    if wrong:
        raise NotKept("; ".join(wrong[:5]))
