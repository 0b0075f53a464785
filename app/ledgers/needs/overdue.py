"""Every morning: whom the promise on a need concerns is told that its day has passed."""

from sqlalchemy import select
from sqlmodel import col

from app.access.system import system_everywhere
from app.audit.work import acting
from app.core import db, jobs
from app.core.clock import today
from app.ledgers.needs.in_charge import station_of
from app.ledgers.needs.models import ClockState, Need
from app.registers import directory
from app.registers.together.notices import Notice, notify
from app.registers.together.tables import Kind

OVERDUE = "needs.overdue"
_EVERY_MORNING = "5 0 * * *"  # UTC: five past eight in the parks, before the day's letters


@jobs.task(OVERDUE, cron=_EVERY_MORNING)
async def overdue() -> None:
    """Tell followers and the station, once for each promised day; another run adds nothing."""
    async with db.transaction("staff") as session:
        actor = await system_everywhere(session)
    register = directory.named("needs")
    async with acting(actor) as work:
        late = select(Need).where(
            col(Need.clock) == ClockState.running,
            col(Need.due_on) < today(),
            col(Need.deleted_at).is_(None),
        )
        for need in (await work.session.execute(late)).scalars().all():
            for hats in (None, await station_of(work, need.node_id)):
                notice = Notice(
                    Kind.overdue,
                    hats=hats,
                    detail={"due_on": str(need.due_on)},
                    once=f"overdue {need.id} {need.due_on}",
                )
                await notify(work, register, need, notice)
