"""Records whose personal and restricted fields hold canaries, written by the product's own pen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.access import tokens as sessions
from app.access.actor import Actor
from app.access.opening import open_session, scope_to
from app.core import clock, db
from app.core.settings import get_settings
from app.demo.pen import Draft, Pen, Step
from app.ledgers.enterprises.credit_code import make
from app.registers import directory
from bench.walls.canaries.tokens import Aviary, Canary
from tests.access.rules import Facts
from tests.house import House

#: The fields that get a canary each, with its form; those of the first table lie encrypted.
SECRET: Mapping[str, Mapping[str, str]] = {
    "enterprises": {"contact_phone": "phone"},
    "needs": {"contact_phone": "phone"},
    "experts": {"phone": "phone", "email": "email", "id_number": "id_number"},
}
RESTRICTED: Mapping[str, Mapping[str, str]] = {
    "enterprises": {},
    "needs": {"contact_name": "text"},
    "experts": {"conduct_note": "text"},
    "service-log": {"next_step": "text"},
}
EVERYWHERE = tuple(range(1, 60))


@dataclass
class Planted:
    """The canaries, and what the oracle asks of each record that carries some."""

    aviary: Aviary
    facts: dict[str, Facts]

    def of(self, register: str, node: str) -> list[Facts]:
        return [f for f in self.facts.values() if (f.register, f.node) == (register, node)]


async def plant(house: House, each: int) -> Planted:
    """Fill two parks and their cities with ``each`` records of every register."""
    planted = Planted(Aviary(), {})
    for park, city in (("east-park", "east"), ("west-park", "west")):
        station = await actor_of(house, f"station_staff@{park}-station")
        centre = await actor_of(house, f"centre_staff@{city}")
        firms = await _write(planted, station, park, "enterprises", [{}] * each)
        owned = [{"enterprise_id": str(firm.id)} for firm in firms]
        needs = await _write(planted, station, park, "needs", owned)
        await _submitted(station, needs)
        await _write(planted, centre, city, "experts", [{}] * each)
    await _read_back(house, planted)
    return planted


async def actor_of(house: House, who: str) -> Actor:
    """Return somebody of the house as the application knows them."""
    claims = sessions.read(get_settings().secret(), house.tokens[who])
    async with db.transaction(claims.wall) as session:
        return await open_session(session, claims.session_id, claims.wall)


def body(register: str, aviary: Aviary, number: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a new record's body and the canaries in it, by field."""
    forms = {**SECRET.get(register, {}), **RESTRICTED.get(register, {})}
    birds = {name: aviary.value(form) for name, form in forms.items()}
    plain: Mapping[str, dict[str, Any]] = {
        "enterprises": {
            "name": f"样例{number}号笼科技有限公司",
            "uscc": make("320500", f"MB{number:06d}"),
        },
        "needs": {
            "title": f"样例需求{number}",
            "description": "减速器磨损",
            "hightech_field": "08",
        },
        "experts": {
            "name": f"样例专家{number}",
            "organisation": "样例理工大学",
            "hightech_fields": ["08"],
            "keywords": ["减速器"],
            "consent_given_on": "2026-01-05",
            "consent_scope": ["library", "match"],
        },
    }
    return {**plain[register], **birds}, birds


async def _write(
    planted: Planted, actor: Actor, node: str, register: str, given: Sequence[Mapping[str, Any]]
) -> list[Any]:
    aviary = planted.aviary
    drafts: list[Draft] = []
    birds: list[dict[str, str]] = []
    for more in given:
        told, birds_of_one = body(register, aviary, len(planted.aviary.by_key) + len(birds) * 5 + 1)
        drafts.append(Draft(actor, clock.now(), {**told, **more}))
        birds.append(birds_of_one)
    async with db.transaction("staff") as session:
        wide = replace(actor, nodes=EVERYWHERE, library_nodes=EVERYWHERE)
        await scope_to(session, wide)
        rows = await Pen(session).create(directory.named(register), drafts)
    clock.say(None)
    for row, mine in zip(rows, birds, strict=True):
        record = str(row.id)
        planted.facts[record] = Facts(register, record, row.version, node, None, frozenset())
        for name, value in mine.items():
            secret = name in SECRET.get(register, {})
            aviary.planted(Canary(value, register, name, record, secret))
    return rows


async def _submitted(actor: Actor, needs: Sequence[Any]) -> None:
    async with db.transaction("staff") as session:
        await scope_to(session, replace(actor, nodes=EVERYWHERE, library_nodes=EVERYWHERE))
        rows = [await session.merge(need) for need in needs]
        steps = [Step(actor, clock.now(), row, "submit", {}) for row in rows]
        await Pen(session).move(directory.named("needs"), steps)
    clock.say(None)


async def _read_back(house: House, planted: Planted) -> None:
    """Complete the facts from the database: states, versions, who is linked to what."""
    async with db.transaction("staff") as session:
        actor = await actor_of(house, "province_staff@province")
        await scope_to(session, replace(actor, nodes=EVERYWHERE, library_nodes=EVERYWHERE))
        for register in {f.register for f in planted.facts.values()}:
            rows = await session.execute(directory.named(register).row.__table__.select())
            for row in rows.mappings():
                known = planted.facts.get(str(row["id"]))
                if known is not None:
                    owner = {str(row["owner_id"])} if row.get("owner_id") else set()
                    planted.facts[known.id] = replace(
                        known,
                        version=row["version"],
                        state=str(row["state"]) if row.get("state") else None,
                        parties=frozenset(owner | {str(row.get("enterprise_id") or known.id)}),
                        shared=True,
                    )
