"""`park eval assignment`: the product's own solver on a made-up batch, its result checked again."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from app.matching.assignment.answer import Certificate, Solution
from app.matching.assignment.checking import broken
from app.matching.assignment.instances import instance, with_quotas
from app.matching.assignment.problem import Objective, Problem
from app.matching.assignment.solving import solve
from app.matching.assignment.watch import Watch

_LIMIT = 600.0  # seconds for one objective
_AT_BOUND = 1e-5  # relative
_SHARE = 0.99  # of the greatest total that worst-off-first has to keep
_TIGHT = 1.5  # places per seat wanted


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. ``gate`` must hold, ``aim`` is wished for; ``held`` says whether the gate did."""

    id: str
    what: str
    value: float
    unit: str
    gate: str
    aim: str
    held: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The instance to measure on."""

    projects: int = 1000
    experts: int = 5000
    seed: int = 0
    seats: int = 5
    load: int = 10
    quotas: bool = False

    @property
    def tight(self) -> bool:
        return self.experts * self.load < _TIGHT * self.projects * self.seats

    @property
    def large(self) -> bool:
        """Say whether one project is so little of it that it cannot cost much of the total."""
        return self.projects >= 500  # noqa: PLR2004

    @property
    def published(self) -> bool:
        """Say whether it is of the size for which figures of other solvers are known."""
        return (self.projects, self.experts, self.seats, self.load) == (1000, 600, 5, 10)


def measured(asked: Asked, objectives: list[Objective]) -> Iterator[Measure]:
    """Yield the figures of each objective on one instance."""
    problem = instance(
        asked.projects, asked.experts, asked.seed, seats=asked.seats, load=asked.load
    )
    if asked.quotas:
        problem = with_quotas(problem, asked.seed)
    greatest: float | None = None
    for objective in objectives:
        with _quiet():
            began = time.process_time()
            found = solve(problem, objective, Watch(_LIMIT))
            spent = time.process_time() - began
        certificate = found.certificate
        if certificate is None:
            what = f"{objective}: no assignment ({found.outcome})"
            yield Measure(f"assignment.{objective}.solved", what, 0, "solved", "1", "1", held=False)
            continue
        yield from _checked(problem, objective, found)
        if objective is Objective.total:
            greatest = certificate.total
            yield from _total(certificate, spent)
        else:
            yield from _worst_off(asked, certificate, spent, greatest)


def _checked(problem: Problem, objective: Objective, found: Solution) -> Iterator[Measure]:
    """Check the pairs once more, outside the solver, conflicts first."""
    conflicts = sum(
        bool(problem.barred[i][j]) for i, j in zip(found.project, found.expert, strict=True)
    )
    wrong = broken(problem, found.project, found.expert)
    name = f"assignment.{objective}"
    yield Measure(
        f"{name}.conflicts", "pairs that are barred", conflicts, "pairs", "0", "0", conflicts == 0
    )
    yield Measure(
        f"{name}.broken", "rules broken, checked again", len(wrong), "rules", "0", "0", not wrong
    )


def _total(found: Certificate, spent: float) -> Iterator[Measure]:
    name = "assignment.total"
    yield Measure(f"{name}.cpu", "processor time", spent, "s", "<= 2", "<= 0.5", spent <= 2)  # noqa: PLR2004
    yield Measure(
        f"{name}.gap",
        f"gap to the bound, all {found.pairs_priced} pairs priced",
        found.gap,
        "relative",
        "proved, <= 1e-6",
        "proved, <= 1e-6",
        found.proved and found.gap <= 1e-6,  # noqa: PLR2004
    )
    yield _told(f"{name}.value", "total of the scores", found.total, "points")
    yield _told(f"{name}.bound", "what no assignment can pass", found.bound, "points")
    yield _told(f"{name}.worst", "the worst-off project's total", found.worst, "points")
    yield _told(f"{name}.considered", "pairs looked at", found.pairs_considered, "pairs")
    yield _told(f"{name}.rounds", "rounds of pricing", found.rounds, "rounds")


def _worst_off(
    asked: Asked, found: Certificate, spent: float, greatest: float | None
) -> Iterator[Measure]:
    name = "assignment.worst_off"
    gate, aim = (120, 20) if asked.tight else (30, 5)
    yield Measure(
        f"{name}.cpu", "processor time", spent, "s", f"<= {gate}", f"<= {aim}", spent <= gate
    )
    bound = found.worst_bound or np.inf
    below = (bound - found.worst) / max(1e-9, abs(bound))
    yield Measure(
        f"{name}.below_bound",
        "the worst-off project's distance to its bound",
        below,
        "relative",
        f"<= {_AT_BOUND}",
        f"<= {_AT_BOUND}",
        below <= _AT_BOUND,
    )
    published = asked.published and not asked.quotas
    yield Measure(
        f"{name}.worst",
        "the worst-off project's total",
        found.worst,
        "points",
        ">= 1.748 (FairFlow)" if published else "-",
        ">= 1.748 (FairFlow)" if published else "-",
        not published or found.worst >= 1.748,  # noqa: PLR2004 -- a published figure
    )
    yield _told(f"{name}.bound", "what the worst-off can have at most", bound, "points")
    compared = greatest is not None and asked.large
    least = _SHARE * greatest if greatest is not None and asked.large else 0.0
    gate_total = f">= {least:.1f} (99 % of the greatest)" if compared else "-"
    yield Measure(
        f"{name}.total",
        "total of the scores",
        found.total,
        "points",
        gate_total,
        gate_total,
        found.total >= least,
    )
    yield _told(f"{name}.total_gap", "the total's gap above that floor", found.gap, "relative")


def _told(id_: str, what: str, value: float, unit: str) -> Measure:
    """Return a figure that nothing is demanded of."""
    return Measure(id_, what, float(value), unit, "-", "-", held=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Send what solvers print of themselves to the log: standard output is the answer's."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
