"""What a run found, written down: pairs as rows, proof and explanation beside them."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, update
from sqlmodel import col

from app.audit.work import Work
from app.matching.assignment.answer import Change, Clash, Explanation, Solution
from app.matching.assignment.problem import Requirement
from app.matching.assignments import service
from app.matching.assignments.gathering import Gathered
from app.matching.assignments.models import Assignment, AssignmentPair, AssignmentRun

_MANY = 1000  # rows a statement
_ALTERNATES = 2


async def keep(work: Work, batch: Assignment, given: Gathered, solution: Solution) -> None:
    """Write the outcome of a run beside its batch, and its figures on it."""
    told = solution.certificate
    if told is not None:
        batch.total, batch.worst = _points(told.total), _points(told.worst)
        batch.bound, batch.proved = _points(told.bound), told.proved
    rows = _pairs(batch, given, solution)
    await work.session.execute(
        delete(AssignmentPair).where(col(AssignmentPair.record_id) == batch.id)
    )
    for start in range(0, len(rows), _MANY):
        await work.session.execute(insert(AssignmentPair).inline(), rows[start : start + _MANY])
    await work.session.execute(
        update(AssignmentRun)
        .where(col(AssignmentRun.record_id) == batch.id)
        .values(
            phase="done",
            percent=100,
            certificate=None if told is None else asdict(told),
            explanation=_explanation(given, solution.explanation),
            clash=_clash(given, solution.clash),
        )
    )


def _points(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")


def _pairs(batch: Assignment, given: Gathered, solution: Solution) -> list[dict[str, Any]]:
    """Return the members of each project, best first, and after them who could stand in."""
    scores = given.problem.scores
    chosen: dict[int, list[int]] = {}
    for i, j in zip(solution.project, solution.expert, strict=True):
        chosen.setdefault(int(i), []).append(int(j))
    spare = _spare(given, solution)
    rows = []
    for i, members in chosen.items():
        best_first = sorted(members, key=lambda j, i=i: -float(scores[i, j]))  # type: ignore[misc]
        seated = [(j, False) for j in best_first] + [(j, True) for j in spare.get(i, [])]
        rows += [
            {
                "region_id": batch.region_id,
                "node_id": batch.node_id,
                "register_name": service.NAME,
                "record_id": batch.id,
                "project_id": given.projects[i],
                "expert_id": given.experts[j],
                "position": place,
                "alternate": alternate,
                "score": float(scores[i, j]),
            }
            for place, (j, alternate) in enumerate(seated, 1)
        ]
    return rows


def _spare(given: Gathered, solution: Solution) -> dict[int, list[int]]:
    """Return for each project the nearest experts who still have room."""
    if solution.explanation is None:
        return {}
    taken = np.bincount(solution.expert, minlength=len(given.experts))
    found: dict[int, list[int]] = {}
    for second in solution.explanation.runners_up:
        free = taken[second.expert] < given.problem.load[second.expert]
        if free and len(found.setdefault(second.project, [])) < _ALTERNATES:
            found[second.project].append(second.expert)
    return found


def _explanation(given: Gathered, told: Explanation | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {
        "full": [
            {"expert_id": str(given.experts[one.expert]), "load": one.load, "price": one.price}
            for one in told.full
        ],
        "runners_up": [
            {
                "project_id": str(given.projects[one.project]),
                "expert_id": str(given.experts[one.expert]),
                "score": one.score,
                "why": one.why,
                "cost": one.cost,
            }
            for one in told.runners_up
        ],
        "binding": [
            {
                "requirement": one.requirement.value,
                "project_id": str(given.projects[one.project]),
                "price": one.price,
            }
            for one in told.binding
        ],
    }


def _clash(given: Gathered, told: Clash | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {
        "projects": [str(given.projects[i]) for i in told.projects],
        "experts": [str(given.experts[j]) for j in told.experts],
        "wanted": told.wanted,
        "available": told.available,
        "changes": [_change(given, change) for change in told.changes],
        "smallest": told.smallest,
        "shortages": [
            {
                "requirement": one.requirement.value,
                "projects": [str(given.projects[i]) for i in one.projects],
                "experts": one.experts,
                "wanted": one.wanted,
                "available": one.available,
            }
            for one in told.shortages
        ],
        "asked": [one.value for one in told.asked],
        "alternative": [_change(given, change) for change in told.alternative],
    }


def _change(given: Gathered, change: Change) -> Mapping[str, Any]:
    of_expert = change.requirement is Requirement.load
    return {
        "requirement": change.requirement.value,
        "project_id": None if of_expert else str(given.projects[change.index]),
        "expert_id": str(given.experts[change.index]) if of_expert else None,
        "by": change.by,
        "serves": [one.value for one in change.serves],
    }
