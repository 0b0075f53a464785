"""Running HiGHS under a watch: one thread, quiet, stopped by time or by somebody."""

from dataclasses import dataclass

import highspy
import numpy as np

from app.matching.assignment.prices import Prices
from app.matching.assignment.problem import MINIMA, Floats
from app.matching.assignment.rows import Aim, Model, scale
from app.matching.assignment.watch import Watch

_SIMPLEX_UP_TO = 4_000  # pairs; beyond, the interior point is faster and its prices good enough
_LEAST = 0.05  # seconds: HiGHS takes a limit of 0 for none


@dataclass(slots=True)
class Ran:
    """What HiGHS found; ``values`` None: nothing that keeps the rows."""

    values: Floats | None
    objective: float
    bound: float  # of the model, by HiGHS' own word
    infeasible: bool
    finished: bool
    duals: Floats


def relaxed(model: Model, watch: Watch) -> Ran:
    """Solve the model with pairs divisible."""
    solver = _ready(model, watch)
    if model.pairs <= _SIMPLEX_UP_TO:
        return _run(solver, watch)
    solver.setOptionValue("solver", "ipm")
    solver.setOptionValue("run_crossover", "off")
    ran = _run(solver, watch)
    if ran.finished or ran.infeasible or watch.over:
        return ran
    solver.setOptionValue("run_crossover", "on")  # it stopped short: a vertex is found from there
    return _run(solver, watch)


def whole(
    model: Model,
    watch: Watch,
    *,
    within: float,
    gap: float = 0.0,
    start: Floats | None = None,
) -> Ran:
    """Solve the model with pairs whole, in at most ``within`` seconds, to a relative ``gap``."""
    solver = _ready(model, watch, within)
    columns = np.array([*range(model.pairs), *range(model.pairs + 1, model.lp.num_col_)])
    kinds = np.full(len(columns), highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(len(columns), columns.astype(np.int32), kinds)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_abs_gap", 1e-7)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(start)
        solver.setSolution(known)
    return _run(solver, watch)


def _ready(model: Model, watch: Watch, within: float = float("inf")) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    limit = min(watch.left, within)
    if limit < float("inf"):
        solver.setOptionValue("time_limit", max(_LEAST, limit))
    solver.passModel(model.lp)
    for happening in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
        happening.subscribe(lambda event: event.interrupt(watch.stopped()))
    return solver


def _run(solver: highspy.Highs, watch: Watch) -> Ran:
    solver.run()
    watch.check()
    status, told, found = solver.getModelStatus(), solver.getInfo(), solver.getSolution()
    feasible = told.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return Ran(
        values=np.asarray(found.col_value) if feasible or status == _OPTIMAL else None,
        objective=float(told.objective_function_value),
        bound=float(told.mip_dual_bound),
        infeasible=status
        in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible),
        finished=status == _OPTIMAL,
        duals=np.asarray(found.row_dual),
    )


_OPTIMAL = highspy.HighsModelStatus.kOptimal


def prices_of(model: Model, ran: Ran, aim: Aim) -> Prices:
    """Return the prices HiGHS ended with. A row has one side, so its price has one sign."""
    problem, begins = model.problem, model.rows.begins
    price = np.abs(ran.duals)

    def of(name: str, count: int) -> Floats:
        first = begins[name]
        return np.asarray(price[first : first + count])

    floor = of("floor", problem.projects) if "floor" in begins else np.zeros(problem.projects)
    load = of("load", problem.experts)
    minima = {r: of(r, problem.projects) for r in MINIMA if r in begins}
    units = dict(zip(model.units, of("unit", len(model.units)), strict=True)) if model.units else {}
    if aim is Aim.worst:  # the weights of the projects are shares
        whole_weight = max(float(floor.sum()), 1e-12)
        floor, load = floor / whole_weight, load / whole_weight
        minima = {r: p / whole_weight for r, p in minima.items()}
        units = {key: p / whole_weight for key, p in units.items()}
    return Prices(
        base=1.0 if aim is Aim.total else 0.0,
        load=load,
        floor=floor * scale(problem),
        minima=minima,
        units={key: float(p) for key, p in units.items()},
    )
