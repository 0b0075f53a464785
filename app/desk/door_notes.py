"""What happens at the door, in the trail: there is no session yet that could write it."""

from fastapi import Request
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import sessions
from app.access.tables import Account, Organisation
from app.audit import work as trail
from app.audit.requests import caller_of
from app.audit.trail import AuditEntry, Outcome
from app.core import db


async def note(
    request: Request,
    session: AsyncSession,
    account: Account | None,
    verb: str,
    outcome: Outcome = Outcome.done,
    **detail: str,
) -> None:
    """Write one act of ``account`` (None: of nobody we know) into the trail."""
    caller = caller_of(request)
    hats = await sessions.hats_of(session, account.id) if account else []
    hat, organisation = hats[0] if hats else (None, None)
    entry = AuditEntry(
        account_id=account.id if account else None,
        username=account.username if account else "",
        account_name=account.name if account else "",
        role=hat.role if hat else None,
        organisation_id=organisation.id if organisation else None,
        organisation_name=organisation.name if organisation else "",
        node_id=organisation.node_id if organisation else await _top_node(session),
        verb=verb,
        outcome=outcome,
        ip=caller.ip,
        request_id=caller.request_id,
        detail=detail,
    )
    await trail.write(session, [entry.model_dump()])


async def note_refusal(request: Request, username: str, verb: str, why: str) -> None:
    """Note a refusal in a transaction of its own: the request's is rolled back."""
    async with db.transaction("staff") as session:
        account = await sessions.account_named(session, username)
        await note(request, session, account, verb, Outcome.refused, why=why)


async def _top_node(session: AsyncSession) -> int:
    """Return the node whose auditor sees what nobody's account did."""
    top = select(func.min(Organisation.node_id)).where(col(Organisation.parent_id).is_(None))
    return int(await session.scalar(top) or 0)
