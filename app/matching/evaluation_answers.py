"""The shapes in which the evaluation by the platform's own matches is answered."""

from uuid import UUID

from pydantic import BaseModel, Field

from app.audit.work import Work
from app.matching.evaluation import Case, Evaluation, Figure, Judged
from app.matching.matches.lifecycle import REJECT_CODES
from app.matching.matches.models import CandidateKind, RejectCode
from app.matching.ranking import WEIGHTS


class FigureShown(BaseModel):
    """A figure with its 95 % interval; null where nothing has been judged yet."""

    id: str = Field(description="accuracy, reciprocal_rank, recall_10")
    value: float | None
    low: float | None
    high: float | None
    of: int = Field(description="Judged pairs, or subjects")

    @classmethod
    def of_figure(cls, told: Figure) -> "FigureShown":
        return cls(id=told.id, value=told.value, low=told.low, high=told.high, of=told.of)


class JudgedShown(BaseModel):
    match_id: UUID
    candidate_id: UUID
    label: str
    taken: bool
    score: float
    rank: int | None = Field(description="Null beyond the places looked through")
    code: RejectCode | None
    code_label: str | None
    reason: str | None

    @classmethod
    def of(cls, told: Judged, locale: str) -> "JudgedShown":
        return cls(
            match_id=told.match,
            candidate_id=told.candidate,
            label=told.label,
            taken=told.taken,
            score=round(told.score, 4),
            rank=told.rank,
            code=told.code,
            code_label=REJECT_CODES[told.code].in_(locale) if told.code else None,
            reason=told.reason,
        )


class CaseShown(BaseModel):
    """A need or project; ``wrong`` counts pairs that the ranking has the wrong way round."""

    register_name: str
    id: UUID
    label: str
    wrong: float
    pairs: int
    judged: list[JudgedShown]

    @classmethod
    def of(cls, case: Case, locale: str) -> "CaseShown":
        pairs = case.pairs
        return cls(
            register_name=case.register,
            id=case.id,
            label=case.label,
            wrong=len(pairs) - sum(pairs),
            pairs=len(pairs),
            judged=[JudgedShown.of(j, locale) for j in case.judged],
        )


class RefusedShown(BaseModel):
    code: RejectCode
    label: str
    count: int


class EvaluationShown(BaseModel):
    """How the ranking of today places what people took and refused."""

    kind: CandidateKind
    index: str
    weights: str
    taken: int
    refused: int
    figures: list[FigureShown]
    reasons: list[RefusedShown]
    cases: list[CaseShown] = Field(description="Those with pairs in the wrong order first")

    @classmethod
    def of(cls, work: Work, told: Evaluation) -> "EvaluationShown":
        cases = sorted(
            (CaseShown.of(case, work.locale) for case in told.cases),
            key=lambda case: (-case.wrong, -case.pairs, case.id),
        )
        judged = [j for case in told.cases for j in case.judged]
        return cls(
            kind=told.kind.name,
            index=told.index,
            weights=WEIGHTS.version,
            taken=sum(j.taken for j in judged),
            refused=sum(not j.taken for j in judged),
            figures=[FigureShown.of_figure(figure) for figure in told.figures],
            reasons=[
                RefusedShown(code=code, label=REJECT_CODES[code].in_(work.locale), count=count)
                for code, count in sorted(told.refused.items(), key=lambda one: -one[1])
            ],
            cases=cases,
        )
