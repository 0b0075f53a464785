"""The last check sees every rule that a solver could break."""

from dataclasses import replace

import numpy as np
import pytest

from app.matching.assignment import solving
from app.matching.assignment.checking import broken
from app.matching.assignment.instances import instance, with_quotas
from app.matching.assignment.problem import Ints, Problem, Quotas


@pytest.fixture(scope="module")
def problem() -> Problem:
    return with_quotas(instance(8, 80, 1, load=3), 1)


@pytest.fixture(scope="module")
def pairs(problem: Problem) -> tuple[Ints, Ints]:
    found = solving.solve(problem)
    return found.project, found.expert


def test_a_right_assignment_breaks_nothing(problem: Problem, pairs: tuple[Ints, Ints]) -> None:
    assert broken(problem, *pairs) == []


def test_each_broken_rule_is_named(problem: Problem, pairs: tuple[Ints, Ints]) -> None:
    project, expert = pairs
    barred = problem.barred.copy()
    barred[project[3], expert[3]] = True
    everybody = np.ones(problem.projects, dtype=np.int64)
    one_unit = np.zeros(problem.experts, dtype=np.int64)
    nobody = np.zeros(problem.experts, dtype=np.bool_)
    at_home = np.zeros(problem.barred.shape, dtype=np.bool_)
    for wrong, word in (
        (replace(problem, barred=barred), "is barred"),
        (replace(problem, load=np.zeros_like(problem.load)), "of 0"),
        (replace(problem, seats=problem.seats + 1), "seats filled"),
        (replace(problem, technical=nobody), "technical"),
        (replace(problem, finance=nobody), "finance"),
        (replace(problem, offsite=at_home), "off-site"),
        (replace(problem, unit=one_unit, quotas=Quotas(per_unit_max=everybody)), "of unit"),
    ):
        assert any(word in told for told in broken(wrong, project, expert)), word
    twice = np.append(project, project[0]), np.append(expert, expert[0])
    assert any("twice" in told for told in broken(problem, *twice))


def test_pairs_that_break_a_rule_never_leave_the_solver(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solver that ignores conflicts (as some have) is stopped at the door."""
    from app.matching.assignment import flows

    plain = replace(problem, quotas=Quotas())
    real = flows.best_total

    def ignoring_conflicts(given: Problem, *rest: object) -> flows.Priced:
        free = np.zeros(given.barred.shape, dtype=np.bool_)
        best = np.argsort(-np.where(given.barred, given.scores + 9, given.scores), axis=1)
        found = real(replace(given, barred=free), *rest)  # type: ignore[arg-type]
        found.expert[:] = best[found.project, np.arange(len(found.expert)) % 5]
        return found

    monkeypatch.setattr(flows, "best_total", ignoring_conflicts)
    with pytest.raises(solving.NotKept, match="barred"):
        solving.solve(plain)
