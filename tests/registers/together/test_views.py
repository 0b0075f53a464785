"""Saved views: one's own, shared ones, and that none of them widens what one sees."""

from typing import Any

import pytest

from tests.house import House
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    OTHER_CITY,
    OTHER_PARK,
    PROVINCE,
    STATION,
    enterprise,
    speaks_for,
)

URL = f"{API}/views"
VIEW: dict[str, Any] = {
    "register": "needs",
    "title": "超期未办",
    "query": {"state": ["accepted", "matching"], "sort": ["due_on"]},
    "columns": [{"name": "title", "width": 320, "pinned": True}, {"name": "due_on"}],
}


async def ask(house: House, who: str, method: str, path: str, status: int, **given: Any) -> Any:
    async with house.client(who) as client:
        answer = await client.request(method, path, **given)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


async def saved(house: House, who: str, **fields: Any) -> dict[str, Any]:
    return await ask(house, who, "POST", URL, 201, json=VIEW | fields)  # type: ignore[no-any-return]


async def titles(house: House, who: str) -> list[str]:
    told = await ask(house, who, "GET", URL, 200, params={"register": "needs"})
    return [one["title"] for one in told["items"]]


async def test_a_view_is_kept_as_it_was_given(house: House) -> None:
    made = await saved(house, STATION)
    assert (made["query"], made["mine"], made["partial"]) == (VIEW["query"], True, False)
    assert made["columns"][0] == {"name": "title", "width": 320, "pinned": True}
    assert await titles(house, STATION) == ["超期未办"]
    assert await titles(house, COMMITTEE) == []


@pytest.mark.parametrize(
    ("by", "shared", "readers", "others"),
    [
        (STATION, "node", (STATION, COMMITTEE), (CENTRE, OTHER_PARK, OTHER_CITY, PROVINCE)),
        (CENTRE, "node", (CENTRE, "centre_leader@east"), (STATION, OTHER_CITY, PROVINCE)),
        (CENTRE, "below", (CENTRE, STATION, OTHER_PARK, COMMITTEE), (OTHER_CITY, PROVINCE)),
        (PROVINCE, "below", (PROVINCE, CENTRE, OTHER_CITY), ()),
    ],
)
async def test_a_shared_view_reaches_whom_it_was_shared_with(
    house: House, by: str, shared: str, readers: tuple[str, ...], others: tuple[str, ...]
) -> None:
    made = await saved(house, by, shared=shared)
    for who in readers:
        assert await titles(house, who) == ["超期未办"], who
    for who in others:
        assert await titles(house, who) == [], who
        await ask(house, who, "PUT", f"{URL}/{made['id']}", 404, json={"title": "x"})
        await ask(house, who, "DELETE", f"{URL}/{made['id']}", 404)
    for who in set(readers) - {by}:
        await ask(house, who, "PUT", f"{URL}/{made['id']}", 403, json={"title": "x"})
        await ask(house, who, "DELETE", f"{URL}/{made['id']}", 403)


async def test_a_station_shares_with_nobody_below_and_an_enterprise_with_nobody(
    house: House,
) -> None:
    given = VIEW | {"shared": "below"}
    told = await ask(house, STATION, "POST", URL, 403, json=given)
    assert "中心主任" in told["detail"]
    firm = await enterprise(house)
    owner = await speaks_for(house, "enterprises", firm, "east-park")
    await ask(house, owner, "POST", URL, 403, json=VIEW | {"shared": "node"})
    await saved(house, owner)
    assert await titles(house, owner) == ["超期未办"]
    await saved(house, STATION, shared="node", title="站内")
    assert await titles(house, owner) == ["超期未办"]


async def test_a_shared_view_asks_nothing_its_reader_may_not_ask(house: House) -> None:
    """The centre filters experts by a field that a station is not shown."""
    columns = [{"name": "name"}, {"name": "conduct_note"}]
    fields = {"register": "experts", "columns": columns, "shared": "below"}
    made = await ask(house, CENTRE, "GET", f"{API}/registers/experts", 200)
    hidden = {f["name"] for f in made["fields"] if f["filters"]}
    seen = await ask(house, STATION, "GET", f"{API}/registers/experts", 200)
    only = sorted(hidden - {f["name"] for f in seen["fields"]})
    assert only, "some field is the centre's alone"
    query = {f"{only[0]}__isnull": ["false"], "hightech_fields": ["08"]}
    await ask(house, CENTRE, "POST", URL, 201, json=VIEW | fields | {"query": query})
    told = await ask(house, STATION, "GET", URL, 200, params={"register": "experts"})
    (one,) = told["items"]
    assert one["query"] == {"hightech_fields": ["08"]}
    assert one["columns"] == [{"name": "name", "width": None, "pinned": False}]
    assert one["partial"] is True
    again = VIEW | {"register": "experts", "query": query}
    await ask(house, STATION, "POST", URL, 422, json=again)


@pytest.mark.parametrize(
    "query",
    [{"no_such": ["1"]}, {"limit": ["5"]}, {"state": ["no-such"]}, {"sort": ["no_such"]}],
)
async def test_a_view_keeps_only_what_the_list_would_take(
    house: House, query: dict[str, list[str]]
) -> None:
    await ask(house, STATION, "POST", URL, 422, json=VIEW | {"query": query})


async def test_one_begins_with_a_view_until_it_is_gone(house: House) -> None:
    made = await saved(house, STATION, shared="node")
    given = {"register": "needs", "view_id": made["id"]}
    await ask(house, COMMITTEE, "PUT", f"{URL}/default", 204, json=given)
    await ask(house, OTHER_PARK, "PUT", f"{URL}/default", 404, json=given)
    (one,) = (await ask(house, COMMITTEE, "GET", URL, 200, params={"register": "needs"}))["items"]
    assert (one["default"], one["mine"]) == (True, False)
    (one,) = (await ask(house, STATION, "GET", URL, 200, params={"register": "needs"}))["items"]
    assert one["default"] is False
    await ask(house, COMMITTEE, "PUT", f"{URL}/default", 204, json=given | {"view_id": None})
    (one,) = (await ask(house, COMMITTEE, "GET", URL, 200, params={"register": "needs"}))["items"]
    assert one["default"] is False
    await ask(
        house, STATION, "PUT", f"{URL}/{made['id']}", 200, json={"title": "新名", "query": {}}
    )
    assert await titles(house, STATION) == ["新名"]
    await ask(house, STATION, "DELETE", f"{URL}/{made['id']}", 204)
    assert await titles(house, STATION) == []


@pytest.mark.parametrize("who", ["auditor@east", "system_admin@province"])
async def test_who_sees_no_register_has_no_views_of_it(house: House, who: str) -> None:
    await ask(house, who, "GET", URL, 404, params={"register": "needs"})
    await ask(house, who, "POST", URL, 404, json=VIEW)
