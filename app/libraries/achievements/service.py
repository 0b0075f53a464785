"""What happens beside a written achievement: whose it is, and what everybody may read of it."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.access.roles import Role, Wall
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.ledgers.enterprises.models import Enterprise
from app.libraries.achievements.lifecycle import ON_OFFER
from app.libraries.achievements.models import Achievement, AchievementBody
from app.libraries.experts.models import Expert
from app.registers import keeping
from app.registers.register import Change, Placement
from app.registers.tables import PartyLink, Published

NAME = "achievements"

_NO_ENTERPRISE = T(
    "没有这家企业，或者您无权查看；请从列表中重新选择。",
    "There is no such enterprise you may see; choose one from the list.",
)
_NO_EXPERT = T(
    "没有这位专家，或者您无权查看；请从列表中重新选择。",
    "There is no such expert you may see; choose one from the list.",
)


async def place(work: Work, body: AchievementBody) -> Placement:
    """Place an achievement at the park of its enterprise, or at its author's node."""
    actor = work.actor
    if actor.wall is Wall.party or body.enterprise_id is None:
        return Placement(actor.region_id, actor.node_id, owner_of(body) or actor.party_id)
    enterprise = await _enterprise(work, body.enterprise_id)
    if enterprise is None:
        return Placement(actor.region_id, actor.node_id, owner_of(body))
    return Placement(enterprise.region_id, enterprise.node_id, owner_of(body))


def owner_of(body: Achievement | AchievementBody) -> UUID | None:
    """Return whose the achievement is: the enterprise's, else the expert's."""
    return body.enterprise_id or body.expert_id


async def _enterprise(work: Work, enterprise_id: UUID) -> Enterprise | None:
    found = await work.session.execute(
        select(Enterprise).where(
            col(Enterprise.id) == enterprise_id, col(Enterprise.deleted_at).is_(None)
        )
    )
    return found.scalar_one_or_none()


async def check_owners(work: Work, change: Change[Achievement]) -> None:
    """Refuse references the actor cannot follow; a party writes down its own. Raises Invalid."""
    row, before = change.row, change.before or {}
    if work.actor.role is Role.enterprise:
        row.enterprise_id = work.actor.party_id
    elif work.actor.role is Role.expert:
        row.expert_id = work.actor.party_id
    if (
        row.enterprise_id
        and before.get("enterprise_id") != str(row.enterprise_id)
        and await _enterprise(work, row.enterprise_id) is None
    ):
        raise Invalid.of(FieldError("/enterprise_id", "unknown", _NO_ENTERPRISE))
    if row.expert_id and before.get("expert_id") != str(row.expert_id):
        found = await work.session.scalar(
            select(col(Expert.id)).where(
                col(Expert.id) == row.expert_id, col(Expert.deleted_at).is_(None)
            )
        )
        if found is None:
            raise Invalid.of(FieldError("/expert_id", "unknown", _NO_EXPERT))


def derive(row: Achievement) -> None:
    row.owner_id = owner_of(row)


async def keep_offer(work: Work, change: Change[Achievement]) -> None:
    """Put what is on offer where everybody may read it, and take it away when it no longer is."""
    row = change.row
    was = (change.before or {}).get("state")
    if row.state in ON_OFFER and row.deleted_at is None:
        await _publish(work, row)
    elif was in ON_OFFER:
        await work.session.execute(
            delete(Published).where(
                col(Published.region_id) == row.region_id, col(Published.record_id) == row.id
            )
        )
    if work.actor.wall is Wall.staff:
        await _show_to_expert(work, change)


async def _show_to_expert(work: Work, change: Change[Achievement]) -> None:
    """Show it to the expert it names, and no longer to one named in error before."""
    row, named = change.row, (change.before or {}).get("expert_id")
    gone = UUID(named) if named else None
    if gone and gone not in (row.expert_id, row.owner_id):
        await work.session.execute(
            delete(PartyLink).where(
                col(PartyLink.record_id) == row.id, col(PartyLink.party_id) == gone
            )
        )
    if row.expert_id and row.expert_id != row.owner_id:
        await keeping.link(work, [_link(row, row.expert_id)])


def _link(row: Achievement, party: UUID) -> dict[str, object]:
    return {
        "party_id": party,
        "record_id": row.id,
        "region_id": row.region_id,
        "node_id": row.node_id,
        "register_name": NAME,
    }


async def _publish(work: Work, row: Achievement) -> None:
    payload = {"title": row.title, "text": row.summary or "", "field": row.hightech_field}
    key = {"region_id": row.region_id, "record_id": row.id}
    await work.session.execute(
        insert(Published)
        .values(
            **key,
            node_id=row.node_id,
            register_name=NAME,
            published_at=now(),
            payload=payload,
        )
        .on_conflict_do_update(index_elements=list(key), set_={"payload": payload})
    )


async def on_evaluate(_: Work, change: Change[Achievement]) -> None:
    change.row.evaluation = change.form.evaluation
    change.row.evaluator = change.form.evaluator
    change.row.evaluated_on = change.form.evaluated_on


async def on_contract(_: Work, change: Change[Achievement]) -> None:
    change.row.contract_kind = change.form.contract_kind
    change.row.contract_amount = change.form.contract_amount


async def on_register_contract(_: Work, change: Change[Achievement]) -> None:
    change.row.contract_no = change.form.contract_no
    change.row.technical_amount = change.form.technical_amount
