"""Those who answer for the needs of a node, told when one waits for them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from app.access.roles import Role
from app.audit.work import Work
from app.ledgers.needs.models import Need
from app.registers import directory
from app.registers.together.notices import Notice, notify
from app.registers.together.tables import Kind

_IN_CHARGE = text("SELECT park_in_charge(:node, :roles)")


async def station_of(work: Work, node_id: int) -> Sequence[UUID]:
    """Return the station's hats of a node the actor acts in, or is a party in."""
    asked = {"node": node_id, "roles": [Role.station_staff.value]}
    return (await work.session.execute(_IN_CHARGE, asked)).scalars().all()


async def tell_arrived(work: Work, need: Need) -> None:
    """Tell the station that a need has come in, once; of later rounds its followers hear."""
    notice = Notice(
        Kind.move,
        hats=await station_of(work, need.node_id),
        detail={"in_charge": True},
        once=f"arrived {need.id}",
        verb="move.submit",
    )
    await notify(work, directory.named("needs"), need, notice)
