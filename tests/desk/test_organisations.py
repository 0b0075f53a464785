"""The tree of organisations: known to all who signed in, kept by the system administrator."""

from typing import Any

import pytest

from tests.desk.people import API
from tests.house import House

SYSTEM = "system_admin@province"
STATION = "station_staff@east-park-station"


def a_unit(house: House, kind: str, parent: str, **changed: Any) -> dict[str, Any]:
    given = {"kind": kind, "code": f"new-{kind}", "name": f"新设{kind}"}
    return given | {"parent_id": house.organisations[parent].id} | changed


async def test_everybody_knows_which_units_exist(house: House) -> None:
    async with house.client(STATION) as clerk:
        items = (await clerk.get(f"{API}/organisations")).json()["items"]
    assert {item["code"] for item in items} == set(house.organisations)
    assert all(item["kind_label"] for item in items)


@pytest.mark.parametrize(
    ("kind", "parent", "node"),
    [
        ("centre", "province", "own"),
        ("park", "east", "own"),
        ("station", "east-park", "above"),
        ("committee", "lake-park", "above"),
    ],
)
async def test_a_unit_stands_under_its_kind_of_parent(
    house: House, kind: str, parent: str, node: str
) -> None:
    async with house.client(SYSTEM) as system:
        made = await system.post(f"{API}/organisations", json=a_unit(house, kind, parent))
        assert made.status_code == 201, made.text
        told = made.json()
        expected = told["id"] if node == "own" else house.organisations[parent].id
        assert told["node_id"] == expected
        twice = a_unit(house, kind, parent)
        assert (await system.post(f"{API}/organisations", json=twice)).status_code == 409


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        ("province", "province"),
        ("centre", "east"),
        ("park", "province"),
        ("park", "lake-park"),
        ("station", "east"),
        ("committee", "east-park-station"),
    ],
)
async def test_no_unit_stands_anywhere_else(house: House, kind: str, parent: str) -> None:
    async with house.client(SYSTEM) as system:
        refused = await system.post(f"{API}/organisations", json=a_unit(house, kind, parent))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/parent_id"


async def test_a_new_park_is_its_citys_at_once_and_nobody_elses(house: House) -> None:
    """A centre's scope follows from the tree when it asks, not from when it signed in."""
    async with house.client(SYSTEM) as system:
        made = await system.post(f"{API}/organisations", json=a_unit(house, "park", "east"))
        given = a_unit(house, "station", "east", parent_id=made.json()["id"])
        assert (await system.post(f"{API}/organisations", json=given)).status_code == 201
        renamed = await system.put(
            f"{API}/organisations/{made.json()['id']}", json={"name": "改名园区"}
        )
        assert renamed.json()["name"] == "改名园区"
        assert renamed.json()["node_id"] == made.json()["id"]
        absent = await system.put(f"{API}/organisations/999999", json={"name": "没有"})
        assert absent.status_code == 404
    async with house.client(STATION) as clerk:
        unit = a_unit(house, "station", "east-park")
        assert (await clerk.post(f"{API}/organisations", json=unit)).status_code == 403
