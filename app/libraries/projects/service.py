"""What happens beside a written project: its undertakers are looked up, named and let in."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from app.access.roles import Wall
from app.audit.work import Work
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.ledgers.enterprises.models import Enterprise
from app.ledgers.service_log import service as service_log
from app.ledgers.service_log.models import ServiceKind
from app.libraries.projects.models import (
    BudgetLine,
    Project,
    ProjectBody,
    Undertaker,
    UndertakerRole,
)
from app.registers import keeping
from app.registers.register import Change, Placement
from app.registers.tables import PartyLink

NAME = "projects"

_NO_ENTERPRISE = T(
    "没有这家企业，或者您无权查看；请从列表中重新选择。",
    "There is no such enterprise you may see; choose one from the list.",
)
_LEAD_SELF = T(
    "企业上报的项目应由本企业牵头；由其他单位牵头的，请由牵头企业上报。",
    "An enterprise files projects it leads itself; others are filed by the one that leads.",
)
_ARGUED = T("组织项目论证：{title}", "Argumentation of: {title}")
_APPLIED = T("协助项目申报：{title}", "Application of: {title}")


def undertakers(row: Project | ProjectBody) -> list[Undertaker]:
    """Return the undertakers as objects, whether just written or read back as JSON."""
    return [Undertaker.model_validate(told) for told in row.undertakers]


def leader(row: Project | ProjectBody) -> UUID | None:
    """Return the enterprise that leads the project, where one of the ledger does."""
    leading = (u for u in undertakers(row) if u.role is UndertakerRole.lead)
    return next((u.enterprise_id for u in leading if u.enterprise_id), None)


def members(row: Project | ProjectBody) -> tuple[UUID, ...]:
    """Return the enterprises of the ledger that take part."""
    return tuple(dict.fromkeys(u.enterprise_id for u in undertakers(row) if u.enterprise_id))


async def place(work: Work, body: ProjectBody) -> Placement:
    """Place a project at the park of its leading enterprise, or at its author's node."""
    actor = work.actor
    leading = leader(body)
    if actor.wall is Wall.party:
        if leading not in (None, actor.party_id):
            raise Invalid.of(FieldError("/undertakers", "not_leading", _LEAD_SELF))
        return Placement(actor.region_id, actor.node_id, actor.party_id)
    found = await _enterprises(work, (leading,)) if leading else {}
    if leading in found:
        enterprise = found[leading]
        return Placement(enterprise.region_id, enterprise.node_id, leading, members(body))
    return Placement(actor.region_id, actor.node_id, None, members(body))


async def _enterprises(work: Work, ids: tuple[UUID, ...]) -> dict[UUID, Enterprise]:
    """Return those of ``ids`` that lie behind the actor's own wall."""
    found = await work.session.execute(
        select(Enterprise).where(col(Enterprise.id).in_(ids), col(Enterprise.deleted_at).is_(None))
    )
    return {enterprise.id: enterprise for enterprise in found.scalars()}


async def check_undertakers(work: Work, change: Change[Project]) -> None:
    """Name the undertaking enterprises as the ledger does; refuse those that cannot be seen."""
    row = change.row
    told = undertakers(row)
    if work.actor.wall is Wall.party:
        _lead_by_author(work, told)
    known = await _enterprises(work, members(row) + ((row.owner_id,) if row.owner_id else ()))
    before = {str(u["enterprise_id"]) for u in (change.before or {}).get("undertakers", ())}
    wrong = [
        FieldError(f"/undertakers/{place}/enterprise_id", "unknown", _NO_ENTERPRISE)
        for place, u in enumerate(told)
        if u.enterprise_id and u.enterprise_id not in known and str(u.enterprise_id) not in before
    ]
    if wrong:
        raise Invalid.of(*wrong)
    for u in told:
        if u.enterprise_id in known:
            u.name, u.uscc = known[u.enterprise_id].name, known[u.enterprise_id].uscc
    row.undertakers = [u.model_dump(mode="json") for u in told]  # type: ignore[misc]


def _lead_by_author(work: Work, told: list[Undertaker]) -> None:
    """Let an enterprise file projects it leads, and none that another leads. Raises Invalid."""
    leading = [u for u in told if u.role is UndertakerRole.lead]
    if not leading:
        told.insert(0, Undertaker(enterprise_id=work.actor.party_id, role=UndertakerRole.lead))
    elif leading[0].enterprise_id != work.actor.party_id:
        raise Invalid.of(FieldError("/undertakers", "not_leading", _LEAD_SELF))


def derive(row: Project) -> None:
    """Set the owner and the total budget from what the author wrote."""
    row.owner_id = leader(row)
    lines = [BudgetLine.model_validate(told) for told in row.budget_lines]
    row.budget = sum((line.amount for line in lines), Decimal(0)) if lines else None


async def let_members_in(work: Work, change: Change[Project]) -> None:
    """Show the project to the enterprises that take part, and no longer to those that left."""
    row = change.row
    if work.actor.wall is Wall.party or row.deleted_at is not None:
        return
    now = set(members(row))
    before = {
        UUID(u["enterprise_id"])
        for u in (change.before or {}).get("undertakers", ())
        if u["enterprise_id"]
    }
    if gone := before - now:
        await work.session.execute(
            delete(PartyLink).where(
                col(PartyLink.record_id) == row.id, col(PartyLink.party_id).in_(gone)
            )
        )
    await keeping.link(
        work,
        [
            {
                "party_id": party,
                "record_id": row.id,
                "region_id": row.region_id,
                "node_id": row.node_id,
                "register_name": NAME,
            }
            for party in sorted(now)
        ],
    )


async def on_approve(_: Work, change: Change[Project]) -> None:
    """Write down the approval's number and day."""
    change.row.approval_no = change.form.approval_no
    change.row.approved_on = change.form.approved_on


async def on_delay(_: Work, change: Change[Project]) -> None:
    """Move the end of the project."""
    change.row.period_to = change.form.period_to


async def on_argue(work: Work, change: Change[Project]) -> None:
    await _log(work, change.row, ServiceKind.argumentation, "argue", _ARGUED)


async def on_apply(work: Work, change: Change[Project]) -> None:
    await _log(work, change.row, ServiceKind.application, "apply", _APPLIED)


async def _log(work: Work, row: Project, kind: ServiceKind, move: str, title: T) -> None:
    """Write a service act into the log, where it was done for enterprises of the ledger."""
    if not members(row):
        return
    await service_log.write_automatically(
        work,
        kind=kind,
        title=title.filled("zh-CN", {"title": row.title}),
        source_verb=f"{NAME}.{move}",
        region_id=row.region_id,
        node_id=row.node_id,
        enterprise_ids=members(row),
        project_id=row.id,
    )
