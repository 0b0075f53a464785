"""Somebody of the eastern city at work behind the walls, for the tests of facts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.work import Work, acting
from app.core.clock import today
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import facts
from app.matching.conflicts import BUILT_IN, Checker, Finding, Purpose, RuleSet
from tests.house import House
from tests.libraries.people import STATION, made, moved

Record = dict[str, Any]
REVIEW, MATCH = Purpose.review, Purpose.match


def _node(house: House, code: str) -> int:
    return house.organisations[code].node_id


@asynccontextmanager
async def working(house: House, role: Role, at: str) -> AsyncIterator[Work]:
    """Work as somebody of the eastern city, behind the wall of the role."""
    place = house.organisations[at]
    parks = ["east-park", "lake-park"] if at == "east" else []
    nodes = tuple(_node(house, code) for code in (at, *parks))
    above = tuple(_node(house, code) for code in ("east", "province"))
    actor = Actor(
        account_id=uuid4(),
        username="t",
        name="t",
        role=role,
        organisation_id=place.id or 0,
        organisation_name=place.name,
        node_id=place.node_id,
        region_id=place.region_id,
        nodes=nodes,
        library_nodes=(*nodes, *above),
    )
    async with acting(actor) as work:
        yield work


async def a_need(house: House, firm: Record) -> UUID:
    async with house.client(STATION) as station:
        need = await made(
            station, "needs", title="减速器", description="噪声", enterprise_id=firm["id"]
        )
        await moved(station, "needs", need, "submit")
        await moved(station, "needs", need, "accept")
    return UUID(need["id"])


async def judged(
    work: Work, row: Need | Project, expert: Record, purpose: Purpose, rules: RuleSet = BUILT_IN
) -> list[Finding]:
    """Return what the caller may be told of what keeps an expert away."""
    person = await facts.person(work, UUID(expert["id"]))
    subject = await facts.subject(work, row)
    reads = facts.may_read(work.actor.role)
    found = Checker(subject, today(), rules, purpose).findings(person)
    return [one.told(reads) for one in found]


async def served(house: House, firm: Record, expert: Record) -> Record:
    """Have the expert chosen, invited and at work for a need of the enterprise."""
    need = await a_need(house, firm)
    who = await house.hire(Role.expert, "east", ("experts", UUID(expert["id"])))
    async with house.client(STATION) as station, house.client(who) as own:
        match = await made(station, "matches", need_id=str(need), candidate_id=expert["id"])
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)
        return await moved(own, "matches", match, "accept")
