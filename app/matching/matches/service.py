"""What happens beside a written match: the server judges it, clears it of conflicts, reveals it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import FieldError, Invalid, NotFound
from app.core.labels import T
from app.ledgers.needs.models import Need
from app.ledgers.service_log import service as service_log
from app.ledgers.service_log.models import ServiceKind
from app.libraries.projects.models import Project
from app.libraries.projects.service import members
from app.matching import candidates, second_check, subjects
from app.matching.conflicts import MustAvoid, Purpose
from app.matching.invitations import service as invitations
from app.matching.invitations.service import Invitation
from app.matching.judging import Told
from app.matching.kinds import KINDS, Kind
from app.matching.matches import asking
from app.matching.matches.models import (
    CandidateKind,
    ConflictFound,
    DocumentShare,
    Match,
    MatchBody,
    QuotedReason,
    ScorePart,
)
from app.matching.sieve import rows_of
from app.registers import keeping
from app.registers.register import Change, Placement

NAME = "matches"
FIXED = ("need_id", "project_id", "candidate_kind", "candidate_id")

_NO_SUBJECT = T(
    "没有这条记录，或者您无权查看；请从列表中重新选择。",
    "There is no such record you may see; choose one from the list.",
)
_NO_CANDIDATE = T(
    "没有这个对接对象，或者您无权查看；请从候选名单中重新选择。",
    "There is no such candidate you may see; choose from the list of candidates.",
)
_ANOTHER_PARK = T(
    "其他园区的需求和项目只能参考，不能列入本园区的对接名单；请选择本园区的对象。",
    "Needs and projects of another park may be consulted, not put on this park's list; choose one"
    " of your own.",
)
_SETTLED = T("对接的需求和专家不能更改，请另建一条。", "Need and expert are fixed; propose anew.")
_AVOID = T(
    "应当回避，请改选其他对象；原因：{reason}",
    "Recusal applies, so choose somebody else; the reason: {reason}",
)
_MATCHED = T("对接：{subject}，专家{expert}", "Matched: {subject}, expert {expert}")


async def subject_row(work: Work, match: Match | MatchBody) -> Need | Project:
    """Return the need or project of a match, as the actor may see it. Raises Invalid."""
    try:
        if match.need_id is not None:
            return await subjects.need_of(work, match.need_id)
        if match.project_id is not None:
            return await subjects.project_of(work, match.project_id)
    except NotFound as exc:
        pointer = "/need_id" if match.need_id else "/project_id"
        raise Invalid.of(FieldError(pointer, "unknown", _NO_SUBJECT)) from exc
    raise Invalid.of(FieldError("/need_id", "missing", _NO_SUBJECT))


async def place(work: Work, body: MatchBody) -> Placement:
    """Place a match where its need or project is."""
    row = await subject_row(work, body)
    subjects.require_open(row)
    return Placement(row.region_id, row.node_id)


async def judge(work: Work, change: Change[Match]) -> None:
    """Have a new match judged by the server; keep the subject of an old one. Raises Invalid."""
    match, before = change.row, change.before
    if before is not None:
        changed = [f for f in FIXED if str(getattr(match, f)) != str(before[f])]
        if changed:
            raise Invalid.of(*(FieldError(f"/{f}", "fixed", _SETTLED) for f in changed))
        return
    row = await subject_row(work, match)
    subject = await subjects.subject_of(work, row)
    try:
        kind = KINDS[match.candidate_kind]
        await _require_near(work, kind, match, row)
        found = await candidates.assess(work, subject, kind.name, match.candidate_id)
    except NotFound as exc:
        raise Invalid.of(FieldError("/candidate_id", "unknown", _NO_CANDIDATE)) from exc
    if found.findings:
        raise MustAvoid(
            _AVOID,
            {"reason": found.findings[0].reason(work.locale)},
            errors=[FieldError("/candidate_id", f.code, f.text, f.facts) for f in found.findings],
        )
    write_down(match, found)


async def _require_near(work: Work, kind: Kind, match: Match, row: Need | Project) -> None:
    """Refuse what the subject's own park may not know of: a match would tell it. Raises Invalid."""
    if kind.shared:
        return
    (found,) = await rows_of(work, kind, [match.candidate_id]) or (None,)
    if found is not None and found.node_id != row.node_id:
        raise Invalid.of(FieldError("/candidate_id", "another_park", _ANOTHER_PARK))


def write_down(match: Match, found: candidates.Assessment) -> None:
    """Write down how a candidate was judged, reasons and conflicts included."""
    told = found.candidate
    match.candidate_label = told.label
    match.score = Decimal(str(told.score))
    match.parts = [
        ScorePart(part=part, points=Decimal(str(points))) for part, points in told.parts.items()
    ]
    match.documents = [
        DocumentShare(title=d.title, year=d.year, share=Decimal(str(round(d.share, 4))))
        for d in told.documents
    ]
    match.reasons = [
        QuotedReason(text=r.text, field=r.field, source=r.source) for r in told.reasons
    ]
    match.index_version, match.weights_version = found.index, found.weights
    _note_check(match, found.findings, found.rules)


def _note_check(match: Match, found: Sequence[Told], rules: str) -> None:
    match.conflicts = [
        ConflictFound(code=f.code, reason=f.reason("zh-CN"), evidence=f.evidence) for f in found
    ]
    match.checked_on, match.rules_version = today(), rules


async def clear(work: Work, match: Match) -> Need | Project:
    """Check the conflicts anew; return the need or project. Raises MustAvoid, Conflict."""
    row = await subject_row(work, match)
    subjects.require_open(row)
    if KINDS[match.candidate_kind].person:
        await _require_clear(work, match, row)
    return row


async def _require_clear(work: Work, match: Match, row: Need | Project) -> None:
    """Check an expert anew, by the rules and again without them. Raises MustAvoid."""
    try:
        subject = await subjects.subject_of(work, row)
        judge, person = await candidates.judged(work, subject, match.candidate_id)
    except NotFound as exc:
        raise MustAvoid(_NO_CANDIDATE) from exc
    found = judge.conflicts(person)
    if found:
        raise MustAvoid(
            _AVOID,
            {"reason": found[0].reason(work.locale)},
            errors=[FieldError("/candidate_id", f.code, f.label, f.facts) for f in found],
        )
    _note_check(match, [], judge.rules.version)
    await second_check.require_clear(work, row, [match.candidate_id], Purpose.match)


async def on_choose(work: Work, change: Change[Match]) -> None:
    """Clear the candidate and show the match to the enterprises it is for.

    What another enterprise's need or project was about stays with the staff.
    """
    match = change.row
    row = await clear(work, match)
    if KINDS[match.candidate_kind].shared:
        await _reveal(work, match, NAME, match.id, _enterprises(row))
    if match.candidate_kind is CandidateKind.achievements:
        await _reveal(work, match, "achievements", match.candidate_id, _enterprises(row))


async def on_invite(work: Work, change: Change[Match]) -> None:
    """Clear the candidate again, introduce the two, log the service, and mail a link to answer."""
    match = change.row
    row = await clear(work, match)
    match.lent, match.contested_at = False, None  # of an answer to an earlier invitation
    enterprises = _enterprises(row)
    register = "needs" if match.need_id else "projects"
    await _reveal(work, match, NAME, match.id, (match.candidate_id, *enterprises))
    await _reveal(work, match, register, row.id, (match.candidate_id,))
    await _reveal(work, match, match.candidate_kind.value, match.candidate_id, enterprises)
    facts = {"subject": row.title, "expert": match.candidate_label}
    await service_log.write_automatically(
        work,
        kind=ServiceKind.matchmaking,
        title=_MATCHED.filled("zh-CN", facts),
        source_verb=f"{NAME}.invite",
        region_id=match.region_id,
        node_id=match.node_id,
        enterprise_ids=enterprises,
        need_id=match.need_id,
        project_id=match.project_id,
    )
    asked = Invitation.to(match, NAME, match.candidate_id, asking.until(match))
    await invitations.send_if_mailed(work, asked)


def _enterprises(row: Need | Project) -> tuple[UUID, ...]:
    if isinstance(row, Project):
        return members(row)
    return (row.enterprise_id,) if row.enterprise_id else ()


async def _reveal(
    work: Work, match: Match, register: str, record_id: UUID, parties: Iterable[UUID]
) -> None:
    """Let parties see a record on account of ``match``."""
    links = [
        {
            "party_id": party,
            "record_id": record_id,
            "region_id": match.region_id,
            "node_id": match.node_id,
            "register_name": register,
        }
        for party in parties
    ]
    await keeping.link(work, links)


async def on_reject(_: Work, change: Change[Match]) -> None:
    """Write down why: the ranking is measured against it."""
    change.row.reject_code, change.row.reject_reason = change.form.code, change.form.reason


async def on_reconsider(_: Work, change: Change[Match]) -> None:
    change.row.reject_code = change.row.reject_reason = None


async def on_finish(_: Work, change: Change[Match]) -> None:
    """Write down what came of it."""
    change.row.result = change.form.result
