"""What a caller may send: each parameter once, no field that is the server's, no other type."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app.core.database_roles import owner_url
from app.registers import directory
from tests.house import House
from tests.security.asking import API, bearer, bodies, browser, routes

_CLERK = "station_staff@east-park-station"
#: Columns of every record that only the server writes.
_SERVERS = {
    "id": "00000000-0000-7000-8000-000000000001",
    "region_id": 1,
    "node_id": 1,
    "version": 9,
    "state": "archived",
    "created_by": "00000000-0000-7000-8000-000000000001",
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
    "deleted_at": None,
    "fictitious": True,
    "number": "forged",
}


def _open_objects(api: Mapping[str, Any], schema: Mapping[str, Any], at: str) -> Iterator[str]:
    """Yield where an object takes keys that nobody declared."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        yield from _open_objects(api, api["components"]["schemas"].get(name, {}), at)
        return
    if schema.get("type") == "object" and "properties" in schema:
        if schema.get("additionalProperties") is not False:
            yield at
        for key, inner in schema["properties"].items():
            if not isinstance(inner, dict) or f"/{key}/" in at:
                continue
            yield from _open_objects(api, inner, f"{at}/{key}/")
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _open_objects(api, one, at)
    if isinstance(schema.get("items"), dict):
        yield from _open_objects(api, schema["items"], f"{at}[]")


def test_no_body_takes_a_field_that_was_not_declared(app: FastAPI) -> None:
    api = app.openapi()
    found = [
        where for op, schema in bodies(api).items() for where in _open_objects(api, schema, op)
    ]
    assert not found, found


def test_an_open_body_would_be_found() -> None:
    api = {"components": {"schemas": {"A": {"type": "object", "properties": {"x": {}}}}}}
    assert list(_open_objects(api, {"$ref": "#/components/schemas/A"}, "op")) == ["op"]
    shut = {"type": "object", "properties": {"x": {"$ref": "#/components/schemas/A"}}}
    assert list(_open_objects(api, shut | {"additionalProperties": False}, "op")) == ["op/x/"]


@pytest.mark.slow
async def test_no_create_takes_a_column_that_is_the_servers(house: House) -> None:
    """Each column by itself on each register: refused by name, or no field of ours, never taken."""
    found, asked = [], 0
    async with browser(house) as client:
        for register in directory.everything():
            declared = {field.name for field in register.fields}
            for column, value in _SERVERS.items():
                if column in declared:
                    continue
                answer = await client.post(
                    f"{API}/{register.name}", json={column: value}, headers=bearer(house, _CLERK)
                )
                asked += 1
                if answer.status_code in {403, 404, 405}:
                    continue
                pointers = {e["pointer"] for e in answer.json().get("errors", ())}
                if answer.status_code != 422 or f"/{column}" not in pointers:
                    found.append(f"{register.name} {column}: {answer.status_code} {pointers}")
    assert not found, "\n".join(found)
    assert asked > 60


@pytest.mark.slow
async def test_a_parameter_given_twice_is_refused_everywhere(house: House) -> None:
    """No two readers of one address can take it differently: limit=1&limit=500 is neither."""
    api = house.app.openapi()
    paths = {told["operationId"]: told for m in api["paths"].values() for told in m.values()}
    found, asked = [], 0
    async with browser(house, **{"Accept-Language": "en"}) as client:
        for route in routes(house.app):
            asked_by = [p for p in paths[route.id].get("parameters", ()) if p["in"] == "query"]
            for parameter in asked_by[:5]:  # the rule is one for all; each route shows it
                name = parameter["name"]
                answer = await client.request(
                    route.method, f"{route.path}?{name}=1&{name}=2", headers=bearer(house, _CLERK)
                )
                asked += 1
                twice = '"array"' in str(parameter["schema"]).replace("'", '"')
                if not twice and answer.status_code != 400:
                    found.append(f"{route.name} {name}: {answer.status_code}")
                if twice and "more than once" in answer.text:
                    found.append(f"{route.name} {name} is a list and was refused")
    assert not found, "\n".join(found[:30])
    assert asked > 80


async def test_a_parameter_of_the_body_is_not_taken_from_the_address(house: House) -> None:
    """Sources of parameters are not mixed: what belongs into the body counts nowhere else."""
    async with browser(house) as client:
        answer = await client.post(
            f"{API}/needs?title=x&description=y", json={}, headers=bearer(house, _CLERK)
        )
        assert answer.status_code == 422
        told = await client.post(
            f"{API}/auth/session?username=a&password=b", json={}, headers={"X-Park-CSRF": "1"}
        )
        assert told.status_code == 422


async def test_values_of_another_type_are_not_bent_into_shape(house: House) -> None:
    found = []
    async with browser(house) as client:
        for value in (1, True, ["x"], {"a": 1}, 1.5):
            given = {"title": value, "description": "y"}
            answer = await client.post(f"{API}/needs", json=given, headers=bearer(house, _CLERK))
            pointers = [e["pointer"] for e in answer.json().get("errors", ())]
            if answer.status_code != 422 or "/title" not in pointers:
                found.append(f"{value!r}: {answer.status_code} {pointers}")
    assert not found


async def test_numbers_beyond_their_column_are_refused_not_wrapped_round(house: House) -> None:
    async with browser(house) as client:
        for value in (2**31, 2**63, -(2**63) - 1, 10**400):
            answer = await client.get(f"{API}/needs?limit={value}", headers=bearer(house, _CLERK))
            assert answer.status_code == 422, value
            given = {"organisation_id": value, "role": "auditor"}
            path = f"{API}/accounts/00000000-0000-0000-0000-000000abcdef/grants"
            admin = bearer(house, "security_admin@province")
            told = await client.post(path, json=given, headers=admin)
            assert told.status_code in {404, 422}, (value, told.text)
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM hat WHERE organisation_id < 0")) == 0
