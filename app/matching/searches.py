"""A search as a person asks for it: for one record, and with its line in the trail."""

from collections.abc import Iterable
from typing import Any

from app.audit.work import Work
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import subjects
from app.matching.candidates import Answer, find
from app.matching.conflicts import Purpose
from app.matching.matches.models import CandidateKind


async def search(
    work: Work,
    row: Need | Project,
    kinds: Iterable[CandidateKind],
    limit: int,
    purpose: Purpose = Purpose.match,
    **more: Any,
) -> Answer:
    """Return who and what could help with ``row``; the trail says who asked and what was found."""
    subject = await subjects.subject_of(work, row)
    found = await find(work, subject, kinds, limit, purpose)
    detail: dict[str, Any] = {
        "index": found.index,
        "weights": found.weights,
        "rules": found.rules,
        "purpose": purpose,
        "found": {g.kind.register: len(g.candidates) for g in found.groups},
        "excluded": {g.kind.register: len(g.excluded) for g in found.groups if g.excluded},
    }
    await work.note(
        f"{subject.register}.match_search",
        register=subject.register,
        record_id=row.id,
        record_label=subject.label,
        node_id=row.node_id,
        detail=detail | more,
    )
    return found
