"""What can be a candidate: one declaration per kind of record.

A further kind (an institution, a policy) is one more entry of ``KINDS`` and one more value of
:class:`CandidateKind`: which register, in which states, how its rows read, whether it is a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.labels import T
from app.core.tables import Record
from app.ledgers.needs.models import Need, NeedState
from app.libraries.achievements.models import Achievement, AchievementState
from app.libraries.experts.models import Document as Work
from app.libraries.experts.models import Expert, ExpertState
from app.libraries.projects.models import Project, ProjectState
from app.matching.matches.models import CandidateKind
from app.matching.parties import Subject
from app.matching.ranking.model import Candidate, Document
from app.matching.reasons import Piece

MOST_DOCUMENTS = 60  # of one candidate are read, the latest first
LONGEST = 3000  # characters of one text; a pasted book must not speak for a person

_OWN = T(
    "这是企业自己的成果，无须对接；请选择其他成果。",
    "The achievement is the enterprise's own; choose another.",
)
_SELF = T("这就是该项目本身，请选择其他项目。", "It is the very project; choose another.")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of candidate."""

    name: CandidateKind
    row: type[Record]
    states: frozenset[StrEnum]
    read: Callable[[Any], Candidate]
    pieces: Callable[[Any], Sequence[Piece]]
    note: Callable[[Any], str]  # what tells two of the same name apart
    person: bool = False  # conflicts of interest are checked, invitations go out
    pointless: Callable[[Subject, Any], T | None] = lambda _, __: None
    shared: bool = True  # read by all the parks below; else it may be proposed at home only

    @property
    def register(self) -> str:
        return self.name.value


def _texts(parts: Mapping[str, str | None]) -> list[Piece]:
    return [Piece(field, text, 0) for field, text in parts.items() if text]


def _keywords(row: Any) -> list[Piece]:
    return [Piece("keywords", keyword) for keyword in row.keywords]


def _field(row: Any) -> tuple[str, ...]:
    return (row.hightech_field,) if row.hightech_field else ()


def _thing(row: Any, year: int | None, *texts: str | None) -> Candidate:
    """Read a record that is a document of itself."""
    told = "\n".join(text for text in texts if text)[:LONGEST]
    document = Document(row.title, told, tuple(row.keywords), year)
    return Candidate(str(row.id), (document,), _field(row), tuple(row.keywords), row.node_id)


def works(row: Expert) -> list[Work]:
    """Return an expert's documents as objects, whether just written or read back as JSON."""
    return [Work.model_validate(work) for work in row.documents]


def expert(row: Expert) -> Candidate:
    """Read an expert: the latest documents that are not excluded."""
    told = list(enumerate(works(row)))
    kept = sorted((w for w in told if not w[1].excluded), key=lambda w: (-(w[1].year or 0), w[0]))
    documents = tuple(
        Document(
            work.title,
            (work.abstract or "")[:LONGEST],
            tuple(work.keywords),
            work.year,
            key=str(place),
        )
        for place, work in kept[:MOST_DOCUMENTS]
    )
    return Candidate(
        str(row.id), documents, tuple(row.hightech_fields), tuple(row.keywords), row.node_id
    )


def _expert_pieces(row: Expert) -> list[Piece]:
    found = _keywords(row)
    for place, work in enumerate(works(row)):
        if not work.excluded:
            texts = (work.title, work.abstract)
            found += [Piece("documents", text, place) for text in texts if text]
    return found


def _expert_note(row: Expert) -> str:
    return " ".join(part for part in (row.organisation, row.title) if part)


def _achievement(row: Achievement) -> Candidate:
    return _thing(row, row.updated_at.year, row.summary)


def _achievement_pieces(row: Achievement) -> list[Piece]:
    return _keywords(row) + _texts({"title": row.title, "summary": row.summary})


def _own_achievement(subject: Subject, row: Achievement) -> T | None:
    return _OWN if row.enterprise_id in subject.enterprises else None


def _project(row: Project) -> Candidate:
    began = row.period_from or row.approved_on
    return _thing(row, began.year if began else None, row.summary)


def _project_pieces(row: Project) -> list[Piece]:
    return _keywords(row) + _texts({"title": row.title, "summary": row.summary})


def _need(row: Need) -> Candidate:
    year = row.resolved_on.year if row.resolved_on else None
    texts = (row.description, row.current_state, row.target_metrics, row.result)
    return _thing(row, year, *texts)


def _need_pieces(row: Need) -> list[Piece]:
    told = ("title", "description", "current_state", "target_metrics", "result")
    return _keywords(row) + _texts({field: getattr(row, field) for field in told})


def _itself(subject: Subject, row: Record) -> T | None:
    return _SELF if subject.id == row.id else None


KINDS: Mapping[CandidateKind, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            CandidateKind.experts,
            Expert,
            frozenset({ExpertState.active, ExpertState.paused}),
            expert,
            _expert_pieces,
            _expert_note,
            person=True,
        ),
        Kind(
            CandidateKind.achievements,
            Achievement,
            frozenset(
                {
                    AchievementState.registered,
                    AchievementState.evaluated,
                    AchievementState.listed,
                    AchievementState.negotiating,
                }
            ),
            _achievement,
            _achievement_pieces,
            lambda row: row.owner_name,
            pointless=_own_achievement,
        ),
        Kind(
            CandidateKind.projects,
            Project,
            frozenset(ProjectState)
            - {ProjectState.lead, ProjectState.rejected, ProjectState.terminated},
            _project,
            _project_pieces,
            lambda row: row.programme or "",
            pointless=_itself,
            shared=False,
        ),
        Kind(
            CandidateKind.needs,
            Need,
            frozenset(
                {NeedState.resolved, NeedState.confirmed, NeedState.follow_up, NeedState.closed}
            ),
            _need,
            _need_pieces,
            lambda row: row.number,
            pointless=_itself,
            shared=False,
        ),
    )
}
