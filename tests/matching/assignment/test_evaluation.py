"""`park eval assignment` says what it measured, and fails when a gate does not hold."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from app.matching.assignment import evaluation
from app.matching.assignment.answer import Solution
from app.matching.assignment.evaluation import Asked, measured
from app.matching.assignment.problem import Objective, Problem
from app.matching.assignment.solving import solve
from app.measuring import commands

pytestmark = pytest.mark.slow

_SMALL = ["assignment", "--projects", "20", "--experts", "60", "--load", "4", "--json"]


def test_every_figure_is_told_with_its_gate() -> None:
    told = CliRunner().invoke(commands, _SMALL)
    assert told.exit_code == 0, told.output
    figures = {figure["id"]: figure for figure in json.loads(told.stdout)}
    for objective in Objective:
        assert figures[f"assignment.{objective}.conflicts"]["value"] == 0
        assert figures[f"assignment.{objective}.broken"]["value"] == 0
    assert figures["assignment.total.gap"]["held"]
    assert set(figures["assignment.total.cpu"]) == {
        *("id", "what", "value", "unit", "gate", "aim", "held")
    }
    assert (
        figures["assignment.worst_off.worst"]["value"] >= figures["assignment.total.worst"]["value"]
    )


def test_a_batch_that_cannot_be_assigned_is_no_success() -> None:
    told = CliRunner().invoke(commands, ["assignment", "--projects", "20", "--experts", "4"])
    assert told.exit_code == 1


def test_a_conflict_in_the_result_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:

    def wrong(problem: Problem, *rest: object) -> Solution:
        found = solve(problem, *rest)  # type: ignore[arg-type]
        expert = found.expert.copy()
        expert[0] = int(problem.barred[found.project[0]].argmax())
        return replace(found, expert=expert)

    monkeypatch.setattr(evaluation, "solve", wrong)
    figures = {f.id: f for f in measured(Asked(20, 60, load=4), [Objective.total])}
    assert not figures["assignment.total.conflicts"].held
    assert not figures["assignment.total.broken"].held
