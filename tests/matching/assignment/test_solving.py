"""What comes out is best, and says why it is; compared with a plain MILP written a second time."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.matching.assignment import programmes, whole
from app.matching.assignment.answer import Outcome
from app.matching.assignment.balancing import balanced
from app.matching.assignment.checking import broken
from app.matching.assignment.flows import best_total
from app.matching.assignment.instances import instance, with_quotas
from app.matching.assignment.prices import Prices, priced
from app.matching.assignment.problem import MINIMA, Objective, Problem
from app.matching.assignment.solving import solve
from app.matching.assignment.watch import Stopped, Watch
from app.matching.assignment.whole import totals
from tests.matching.assignment import reference
from tests.matching.assignment.problems import problems

_OFTEN = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=["all pairs", "few pairs"])
def looking_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Begin with all pairs, or with so few that pricing has to find the others."""
    if request.param == "few pairs":
        monkeypatch.setattr(whole, "SMALL", 0)
        monkeypatch.setattr(programmes, "_BY_SCORE", 1)
        monkeypatch.setattr(programmes, "_BY_PRICE", 1)
        yield 1
    else:
        yield 40


@_OFTEN
@given(problem=problems())
def test_the_total_is_the_greatest(looking_at: int, problem: Problem) -> None:
    expected = reference.best(problem)
    found = solve(problem, fewest=looking_at)
    assert (found.outcome is Outcome.infeasible) == (expected is None)
    if expected is not None:
        assert found.certificate is not None
        assert broken(problem, found.project, found.expert) == []
        assert found.certificate.total == pytest.approx(expected, abs=1e-5)
        assert found.certificate.proved
        assert found.certificate.bound >= expected - 1e-6
        assert found.certificate.pairs_priced == problem.barred.size


@_OFTEN
@given(problem=problems(quotas=True))
def test_the_total_is_the_greatest_that_keeps_the_quotas(looking_at: int, problem: Problem) -> None:
    expected = reference.best(problem)
    found = solve(problem, fewest=looking_at)
    assert (found.outcome is Outcome.infeasible) == (expected is None)
    if expected is not None:
        assert found.certificate is not None
        assert broken(problem, found.project, found.expert) == []
        assert found.certificate.total == pytest.approx(expected, abs=1e-5)
        assert found.certificate.proved


@_OFTEN
@given(problem=problems(quotas=True), plain=st.booleans())
def test_the_worst_off_project_has_most_and_then_the_total(problem: Problem, plain: bool) -> None:  # noqa: FBT001
    if plain:
        problem = replace(problem, quotas=type(problem.quotas)())
    most = reference.best(problem, worst=True)
    found = solve(problem, Objective.worst_off)
    assert (found.outcome is Outcome.infeasible) == (most is None)
    if most is None:
        return
    total = reference.best(problem, most - 2e-6)
    assert found.certificate is not None
    assert total is not None
    assert broken(problem, found.project, found.expert) == []
    assert found.certificate.worst == pytest.approx(most, abs=1e-5)
    assert found.certificate.total == pytest.approx(total, abs=1e-4)
    assert found.certificate.worst_bound is not None
    assert found.certificate.worst_bound >= most - 1e-6


@_OFTEN
@given(problem=problems(quotas=True))
def test_with_few_pairs_the_worst_off_bound_stays_true(problem: Problem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole, "SMALL", 0)
        patch.setattr(programmes, "_BY_SCORE", 1)
        patch.setattr(programmes, "_BY_PRICE", 1)
        found = solve(problem, Objective.worst_off, fewest=1)
    most = reference.best(problem, worst=True)
    if found.certificate is None:
        assert most is None or found.outcome is Outcome.out_of_time
        return
    assert most is not None
    assert found.certificate.worst <= most + 1e-5
    assert found.certificate.worst_bound is not None
    assert found.certificate.worst_bound >= most - 1e-5
    assert broken(problem, found.project, found.expert) == []


@_OFTEN
@given(problem=problems(quotas=True), seed=st.integers(0, 10**6))
def test_any_prices_bound_every_assignment(problem: Problem, seed: int) -> None:
    rng = np.random.default_rng(seed)
    expected = reference.best(problem)
    prices = Prices(1.0, rng.random(problem.experts), np.zeros(problem.projects))
    prices.minima = {requirement: rng.random(problem.projects) for requirement in MINIMA}
    if problem.quotas.per_unit_max is not None:
        prices.units = {(i, 1): float(rng.random()) for i in range(problem.projects)}
    if expected is not None:
        assert priced(problem, prices).bound >= expected - 1e-6


@_OFTEN
@given(problem=problems(projects=6, experts=6))
def test_the_price_of_a_place_is_what_one_more_would_add(problem: Problem) -> None:
    found = solve(problem)
    if found.explanation is None or found.certificate is None:
        return
    for full in found.explanation.full:
        more = problem.load.copy()
        more[full.expert] += 1
        richer = reference.best(replace(problem, load=more))
        assert richer is not None
        assert richer - found.certificate.total == pytest.approx(full.price, abs=1e-4)


@_OFTEN
@given(problem=problems(projects=6, experts=6))
def test_choosing_a_runner_up_costs_at_least_what_is_said(problem: Problem) -> None:
    found = solve(problem)
    if found.explanation is None or found.certificate is None:
        return
    for second in found.explanation.runners_up:
        forced = problem.scores.astype(np.float64).copy()
        forced[second.project, second.expert] += 50
        instead = reference.best(replace(problem, scores=forced))
        assert instead is not None
        lost = found.certificate.total - (instead - 50)
        if lost < 40:  # it can be had at all
            assert lost >= second.cost - 1e-4


@pytest.mark.parametrize("objective", list(Objective))
@pytest.mark.slow
def test_a_batch_is_assigned_by_pricing_a_few_pairs_of_each_project(objective: Objective) -> None:
    problem = with_quotas(instance(60, 300, 3, load=3), 4)
    found = solve(problem, objective)
    assert found.certificate is not None
    assert found.certificate.pairs_considered < problem.barred.size
    assert broken(problem, found.project, found.expert) == []
    if objective is Objective.total:
        assert found.certificate.total == pytest.approx(reference.best(problem) or 0, rel=1e-6)
        assert found.certificate.proved


def test_somebody_may_stop_it() -> None:
    asked = count()
    told: list[str] = []
    watch = Watch(told=lambda phase, _: told.append(phase), stopped=lambda: next(asked) >= 3)
    with pytest.raises(Stopped):
        solve(with_quotas(instance(40, 400, 1), 2), watch=watch)
    assert told


def test_when_the_time_is_over_the_best_found_comes_back_with_its_gap() -> None:
    problem = instance(60, 700, 1, load=2)
    found = solve(problem, Objective.worst_off, Watch(limit=0.0))
    assert found.certificate is not None
    assert broken(problem, found.project, found.expert) == []
    assert found.certificate.worst_proved is False
    assert found.certificate.worst_bound is not None
    assert found.certificate.worst_bound > found.certificate.worst


def test_without_time_for_quotas_nothing_is_claimed() -> None:
    problem = with_quotas(instance(300, 2000, 1), 1)
    assert solve(problem, Objective.total, Watch(limit=0.0)).outcome is Outcome.out_of_time


def test_the_time_is_told_in_phases() -> None:
    told: list[tuple[str, int]] = []
    solve(instance(30, 200, 1), watch=Watch(told=lambda phase, done: told.append((phase, done))))
    assert [phase for phase, _ in told] == ["pairs", *["pricing"] * (len(told) - 1)]
    assert all(a[1] <= b[1] for a, b in pairwise(told))


def test_weighing_up_whoever_has_little_is_fairer_and_keeps_every_rule() -> None:
    problem = instance(80, 60, 2, load=8)
    marked = ~problem.barred
    flow = best_total(problem, marked, Watch())
    fair = balanced(problem, flow, marked, Watch())
    assert broken(problem, fair.project, fair.expert) == []
    plain = totals(problem, flow.project, flow.expert)
    reached = totals(problem, fair.project, fair.expert)
    assert reached.min() > plain.min()
    assert fair.total <= plain.sum() + 1e-6
    most = solve(problem, Objective.worst_off).certificate
    assert most is not None
    assert most.worst >= reached.min() - 1e-6
