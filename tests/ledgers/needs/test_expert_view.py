"""What an expert is shown of a need a match revealed: the problem, not who has it."""

from uuid import UUID, uuid4

import sqlalchemy as sa

from app.access.roles import Role
from tests.house import House
from tests.ledgers.builders import (
    STATION,
    Record,
    a_need,
    a_user_of,
    an_enterprise,
    call,
    move,
    read,
)

SEEN = {"title", "description", "kind", "keywords", "hightech_field", "target_metrics", "state"}
HIDDEN = {
    "enterprise_id",
    "budget",
    "contact_name",
    "contact_phone",
    "avoid_experts",
    "number",
    "station_name",
    "due_on",
    "blind_text",
}


def reveal(database: str, need: Record, expert: UUID) -> None:
    """Link the need to an expert, as a match does."""
    engine = sa.create_engine(database)
    link = sa.text(
        "INSERT INTO party_link (party_id, record_id, region_id, node_id, register_name, since)"
        " SELECT :party, id, region_id, node_id, 'needs', now() FROM need WHERE id = :need"
    )
    with engine.begin() as connection:
        connection.execute(link, {"party": expert, "need": need["id"]})
    engine.dispose()


async def revealed(house: House, database: str) -> tuple[Record, Record, str]:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    need = await a_need(house, user, budget="80", contact_phone="13800001234", avoid_experts=[])
    await move(house, user, "needs", need, "submit")
    await move(house, STATION, "needs", need, "accept")
    expert = uuid4()
    who = await house.hire(Role.expert, "east", ("experts", expert))
    assert (await call(house, who, "GET", f"/needs/{need['id']}")).status_code == 404
    reveal(database, need, expert)
    return enterprise, need, who


async def test_the_problem_is_shown_and_its_owner_is_not(house: House, database: str) -> None:
    enterprise, need, who = await revealed(house, database)
    told = await read(house, who, "needs", need)
    assert set(told) >= SEEN
    assert not HIDDEN & set(told)
    for trace in (enterprise["id"], enterprise["name"], "*1234", "13800001234"):
        assert trace not in str(told), trace
    assert told["moves"] == []
    assert told["editable"] == []


async def test_what_is_hidden_cannot_be_asked_for_either(house: House, database: str) -> None:
    enterprise, _, who = await revealed(house, database)
    for query in (f"enterprise_id={enterprise['id']}", "budget__gte=1", "sort=budget"):
        answer = await call(house, who, "GET", f"/needs?{query}")
        assert answer.status_code == 422, query


async def test_neither_history_nor_files_tell_who_it_is(house: House, database: str) -> None:
    _, need, who = await revealed(house, database)
    async with house.client(STATION) as client:
        await client.post(
            f"/api/v1/needs/{need['id']}/attachments",
            files={"file": ("需求说明.txt", "某某公司".encode(), "text/plain")},
        )
    path = f"/needs/{need['id']}"
    assert (await call(house, who, "GET", f"{path}/history")).status_code in (403, 404)
    files = await call(house, who, "GET", f"{path}/attachments")
    assert files.json() == {"items": []}
