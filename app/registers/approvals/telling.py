"""Who could be the second person of an act hears that it waits."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from app.access.tables import Hat, Organisation
from app.audit.work import Work
from app.registers.approvals.kinds import Kind
from app.registers.approvals.tables import TwoPersonAct
from app.registers.together.notices import notify_waiting

PAGE = "/acts"


async def confirmers(work: Work, kind: Kind, act: TwoPersonAct) -> None:
    """Tell every hat that may confirm the act, but those of people who had a part in it."""
    parts = {act.asked_by_id, *act.barred}
    hats = [hat for hat, account in await _hats(work, kind, act.node_id) if account not in parts]
    if hats:
        await notify_waiting(work, hats, kind.label, PAGE, once=f"act/{act.id}")


async def _hats(work: Work, kind: Kind, node_id: int | None) -> list[tuple[UUID, UUID]]:
    statement = (
        select(col(Hat.id), col(Hat.account_id))
        .join(Organisation, col(Organisation.id) == col(Hat.organisation_id))
        .where(col(Hat.ended_at).is_(None), col(Hat.role).in_(kind.confirms))
    )
    if node_id is not None:
        node = await work.session.get(Organisation, node_id)
        at = col(Organisation.node_id)
        above = at.in_(node.ancestors if node else [])
        statement = statement.where(or_(at == node_id, above))
    return [(hat, account) for hat, account in (await work.session.execute(statement)).all()]
