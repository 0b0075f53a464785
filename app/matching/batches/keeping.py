"""What a search for many needs keeps with its task: ids, scores and quotations, no names.

Names are read when somebody looks, so that what has been withdrawn since is not shown any more.
"""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, Field

from app.matching.candidates import Answer, Candidate
from app.matching.matches.models import CandidateKind

_LONGEST = 160  # characters of a quotation


class KeptCandidate(BaseModel):
    id: UUID
    score: float
    reason: str = ""


class KeptGroup(BaseModel):
    kind: CandidateKind
    excluded: int = 0
    candidates: list[KeptCandidate] = Field(default_factory=list)


class KeptNeed(BaseModel):
    """One need, with its candidates by kind; ``closed``: it looked for nobody, so none was."""

    id: UUID
    closed: bool = False
    groups: list[KeptGroup] = Field(default_factory=list)

    @classmethod
    def of(cls, need_id: UUID, answer: Answer) -> "KeptNeed":
        return cls(
            id=need_id,
            groups=[
                KeptGroup(
                    kind=group.kind.name,
                    excluded=len(group.excluded),
                    candidates=_kept(group.candidates),
                )
                for group in answer.groups
            ],
        )


def _kept(candidates: Sequence[Candidate]) -> list[KeptCandidate]:
    return [
        KeptCandidate(
            id=one.id,
            score=one.score,
            reason=one.reasons[0].text[:_LONGEST] if one.reasons else "",
        )
        for one in candidates
    ]


def kept_of(cursor: dict[str, object] | None) -> list[KeptNeed]:
    """Return what a task has found so far, finished or not."""
    found = (cursor or {}).get("needs", [])
    return [KeptNeed.model_validate(one) for one in found] if isinstance(found, list) else []
