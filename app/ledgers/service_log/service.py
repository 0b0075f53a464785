"""Writing the log from other rooms: service acts on needs, projects, matches write themselves."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now, today
from app.ledgers.service_log.models import Channel, ServiceKind, ServiceLogBody, ServiceLogEntry
from app.registers import directory, writing
from app.registers.keeping import Kept, link, link_parties, witness
from app.registers.register import Change
from app.registers.tables import PartyLink

NAME = "service-log"


async def write_automatically(  # noqa: PLR0913 -- what one entry consists of
    work: Work,
    *,
    kind: ServiceKind,
    title: str,
    source_verb: str,
    region_id: int,
    node_id: int,
    enterprise_ids: Sequence[UUID],
    channel: Channel = Channel.online,
    content: str | None = None,
    result: str | None = None,
    need_id: UUID | None = None,
    project_id: UUID | None = None,
) -> ServiceLogEntry:
    """Record a service act of ``work.actor`` under the hat it wears, in the same transaction.

    ``source_verb`` names the act (``needs.accept``). The enterprises see the entry and may
    confirm it; nobody edits it.
    """
    body = ServiceLogBody(
        served_on=today(),
        kind=kind,
        channel=channel,
        title=title[:120],
        content=content,
        result=result,
        staff=[work.actor.name],
        enterprise_ids=list(enterprise_ids),
        need_id=need_id,
        project_id=project_id,
    )
    instant = now()
    entry = ServiceLogEntry(
        **body.model_dump(),
        region_id=region_id,
        node_id=node_id,
        created_at=instant,
        updated_at=instant,
        created_by=work.actor.account_id,
        updated_by=work.actor.account_id,
        automatic=True,
        source_verb=source_verb,
    )
    put_on_hat(work, entry)
    register = directory.named(NAME)
    writing.settle(register, entry)
    kept = Kept(Change(entry, None), "create", body=body, parties=tuple(enterprise_ids))
    await link_parties(work, register, [kept])
    # not added to the session: its flush would write half of the record whose move is being logged
    await work.session.execute(insert(ServiceLogEntry), [entry.model_dump()])
    await witness(work, register, [kept])
    return entry


def put_on_hat(work: Work, entry: ServiceLogEntry) -> None:
    """Note the one hat an entry was written under: the station's, the committee's, the centre's."""
    entry.acted_as = work.actor.role
    entry.organisation_id = work.actor.organisation_id
    entry.organisation_name = work.actor.organisation_name


async def relink(work: Work, entry: ServiceLogEntry, before: Iterable[UUID]) -> None:
    """Show a revised entry to the enterprises it is now about, and to no others."""
    old, new = set(before), set(entry.enterprise_ids)
    await link(
        work,
        [
            {
                "party_id": party,
                "record_id": entry.id,
                "region_id": entry.region_id,
                "node_id": entry.node_id,
                "register_name": NAME,
            }
            for party in new - old
        ],
    )
    if old - new:
        await work.session.execute(
            delete(PartyLink).where(
                col(PartyLink.record_id) == entry.id, col(PartyLink.party_id).in_(old - new)
            )
        )
