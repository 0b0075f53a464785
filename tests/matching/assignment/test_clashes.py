"""What cannot be is told truly: who clashes, and the smallest change that would do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from app.matching.assignment.answer import Change, Outcome
from app.matching.assignment.problem import Problem, Quotas, Requirement
from app.matching.assignment.solving import solve
from tests.matching.assignment import reference
from tests.matching.assignment.problems import problems

_OFTEN = settings(max_examples=80, deadline=None)
_DEEPEST = 3  # changes whose smaller alternatives are all tried out


@_OFTEN
@given(problem=problems(projects=4, experts=5))
def test_the_change_fills_every_seat_and_nothing_smaller_does(problem: Problem) -> None:
    _require_truth(problem)


@_OFTEN
@given(problem=problems(quotas=True, projects=3, experts=5))
def test_the_change_keeps_every_quota_and_nothing_smaller_does(problem: Problem) -> None:
    _require_truth(problem)


def _require_truth(problem: Problem) -> None:
    found = solve(problem)
    if found.outcome is Outcome.solved:
        return
    assert found.clash is not None
    assert found.clash.changes
    assert reference.possible(reference.changed(problem, found.clash.changes))
    count = sum(change.by for change in found.clash.changes)
    assert found.clash.smallest
    if count <= _DEEPEST:
        assert not reference.fewer_would_do(problem, count)


@_OFTEN
@given(problem=problems(projects=6, experts=6))
def test_the_projects_named_clash_by_themselves(problem: Problem) -> None:
    found = solve(problem, fewest=1)
    if found.clash is None:
        return
    named = np.array(found.clash.projects)
    alone = replace(
        problem,
        scores=problem.scores[named],
        barred=problem.barred[named],
        seats=problem.seats[named],
    )
    assert found.clash.wanted == problem.seats[named].sum()
    assert found.clash.wanted > found.clash.available
    assert not reference.possible(alone)
    # what the named experts may take, and everybody else once for each project he may judge
    inside = np.isin(np.arange(problem.experts), found.clash.experts)
    others = (~problem.barred[named] & ~inside).sum()
    assert found.clash.available == problem.load[inside].sum() + others


def _three(**given: object) -> Problem:
    """Two projects of two seats each, three experts with one place each."""
    asked = {
        "scores": np.array([[0.9, 0.8, 0.1], [0.9, 0.7, 0.2]], dtype=np.float32),
        "barred": np.zeros((2, 3), dtype=np.bool_),
        "seats": np.array([2, 2]),
        "load": np.array([1, 1, 1]),
    }
    return Problem(**(asked | given))  # type: ignore[arg-type]


def test_one_place_short_one_more_place_for_somebody_is_proposed() -> None:
    clash = solve(_three()).clash
    assert clash is not None
    assert (clash.wanted, clash.available) == (4, 3)
    assert clash.changes == (Change(Requirement.load, 0, 1),)


def test_where_no_load_helps_a_seat_is_given_up() -> None:
    barred = np.array([[False, True, True], [False, False, False]])
    clash = solve(_three(barred=barred, load=np.array([9, 9, 9]))).clash
    assert clash is not None
    assert clash.projects == (0,)
    assert clash.changes == (Change(Requirement.seats, 0, 1),)


@pytest.mark.parametrize(
    ("requirement", "quotas"),
    [
        (Requirement.finance, Quotas(finance_min=np.array([0, 2]))),
        (Requirement.offsite, Quotas(offsite_min=np.array([1, 0]))),
        (Requirement.technical, Quotas(technical_min=np.array([2, 1]))),
    ],
)
def test_a_quota_nobody_can_meet_is_named(requirement: Requirement, quotas: Quotas) -> None:
    problem = _three(
        quotas=quotas,
        load=np.array([9, 9, 9]),
        technical=np.array([True, False, False]),
        finance=np.array([False, True, False]),
        offsite=np.zeros((2, 3), dtype=np.bool_),
    )
    clash = solve(problem).clash
    assert clash is not None
    assert [(c.requirement, c.by) for c in clash.changes] == [(requirement, 1)]
    assert clash.smallest


def test_experts_of_one_unit_are_not_enough_where_only_one_may_come() -> None:
    problem = _three(
        quotas=Quotas(per_unit_max=np.array([1, 1])),
        unit=np.array([7, 7, 7]),
        load=np.array([9, 9, 9]),
    )
    clash = solve(problem).clash
    assert clash is not None
    assert sorted(c.index for c in clash.changes) == [0, 1]
    assert {c.requirement for c in clash.changes} == {Requirement.unit}
    assert (clash.wanted, clash.available, clash.smallest) == (4, 2, True)
    assert (clash.shortages, clash.asked) == ((), (Requirement.unit,))


def test_where_a_limit_of_one_unit_and_loads_are_short_both_ways_out_are_told() -> None:
    """Two units of two; one may send one to each project, and nobody has a second place."""
    problem = Problem(
        np.array([[0.9, 0.8, 0.1, 0.2], [0.9, 0.7, 0.2, 0.1]], dtype=np.float32),
        np.array([[False, False, False, True], [False, False, True, False]]),
        np.array([2, 2]),
        np.array([1, 1, 1, 0]),
        Quotas(per_unit_max=np.array([1, 1])),
        unit=np.array([7, 7, 8, 8]),
    )
    clash = solve(problem).clash
    assert clash is not None
    assert clash.smallest
    assert reference.possible(reference.changed(problem, clash.changes))
    (short,) = clash.shortages
    assert (short.requirement, short.wanted - short.available) == (Requirement.seats, 1)


@pytest.mark.parametrize(
    "given",
    [
        {"seats": np.array([0, 1])},
        {"load": np.array([1, -1, 1])},
        {"seats": np.array([1, 1, 1])},
        {"barred": np.zeros((3, 3), dtype=np.bool_)},
        {"scores": np.array([[np.nan, 0, 0], [0, 0, 0]], dtype=np.float32)},
        {"quotas": Quotas(finance_min=np.array([1, 1]))},
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=" "):
        _three(**given)


def _batch(finance: int) -> Problem:
    """Twenty-one projects of five seats, sixty experts of eight places, some of finance."""
    kinds = np.arange(60) < finance
    return Problem(
        np.random.default_rng(3).random((21, 60)).astype(np.float32),
        np.zeros((21, 60), dtype=np.bool_),
        np.full(21, 5),
        np.full(60, 8),
        Quotas(
            technical_min=np.full(21, 3),
            finance_min=np.full(21, 1),
            offsite_min=np.full(21, 1),
        ),
        technical=~kinds,
        finance=kinds,
        offsite=np.broadcast_to(np.arange(60) % 2 == 0, (21, 60)),
    )


def test_the_requirement_that_fails_is_named_and_what_the_change_is_for() -> None:
    problem = _batch(finance=2)
    clash = solve(problem).clash
    assert clash is not None
    (short,) = clash.shortages
    assert short.requirement is Requirement.finance
    assert (short.experts, short.wanted, short.available) == (2, 21, 16)
    assert len(short.projects) == 21
    assert sum(change.by for change in clash.changes) == 5
    assert {change.serves for change in clash.changes} == {(Requirement.finance,)}
    assert {change.requirement for change in clash.alternative} == {Requirement.finance}
    assert sum(change.by for change in clash.alternative) == 5
    changed = reference.changed(problem, clash.alternative)
    assert solve(changed).outcome is Outcome.solved


def test_seats_that_are_short_under_quotas_are_named_as_seats() -> None:
    problem = replace(_batch(finance=4), load=np.ones(60, dtype=np.int64))
    clash = solve(problem).clash
    assert clash is not None
    told = {one.requirement: one.wanted - one.available for one in clash.shortages}
    assert told[Requirement.seats] == 105 - 60
    assert told[Requirement.finance] == 21 - 4
    assert clash.alternative == ()
