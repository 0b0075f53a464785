"""The auditor sees how far the trail is sealed, checks it, and takes it away to be checked."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.access.roles import Role
from app.audit.checking import Checker, anchors_of
from app.audit.sealing import seal_all, trail_signer
from app.core.clock import now
from app.core.database_roles import AppRole
from tests.audit.trails import as_login, as_owner, write
from tests.house import House
from tests.ledgers.builders import an_enterprise

API = "/api/v1"
EAST = "auditor@east"
_SCRIPT = Path("tools/verify_trail.py")


async def test_the_auditor_checks_the_trail_and_takes_it_away(house: House) -> None:
    firm = await an_enterprise(house)
    write(3, "别处")  # of the province: not the east's to see
    _seal()
    async with house.client(EAST) as auditor:
        state = (await auditor.get(f"{API}/audit/seals")).json()
        assert (state["waiting"], state["seals"] >= 1) == (0, True)
        check = (await auditor.get(f"{API}/audit/seals/check")).json()
        assert check["sound"] is True
        assert check["entries"] >= 4
        answer = await auditor.get(f"{API}/audit/seals/export.jsonl.gz")
        head = (await auditor.get(f"{API}/public/trail/head")).json()
        noted = (await auditor.get(f"{API}/audit", params={"verb": "audit"})).json()["items"]
    assert head["hash"] == state["head"]
    assert [entry["verb"] for entry in noted] == ["audit.export", "audit.check"]
    lines = [json.loads(line) for line in gzip.decompress(answer.content).splitlines()]
    report = Checker({trail_signer().key_id}, anchors_of([head])).read(lines)
    assert report.sound, report.faults
    assert report.hidden >= 3
    shown = [line["entry"] for line in lines if "entry" in line]
    assert firm["id"] in {entry["record_id"] for entry in shown}
    assert not any("别处" in entry["record_label"] for entry in shown)


async def test_what_was_changed_is_told(house: House) -> None:
    await an_enterprise(house)
    _seal()
    with as_owner() as owner, owner.transaction():
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER stands")
        owner.execute("UPDATE audit_entry SET ip = '10.9.9.9'")
        owner.execute("ALTER TABLE audit_entry ENABLE TRIGGER stands")
    async with house.client(EAST) as auditor:
        check = (await auditor.get(f"{API}/audit/seals/check")).json()
    assert check["sound"] is False
    assert {fault["kind"] for fault in check["first_faults"]} == {"root"}


@pytest.mark.parametrize("path", ["", "/check", "/export.jsonl.gz"])
async def test_nobody_else_finds_the_seals(house: House, path: str) -> None:
    for who in (name for name in house.tokens if not name.startswith(Role.auditor)):
        async with house.client(who) as other:
            assert (await other.get(f"{API}/audit/seals{path}")).status_code == 404


async def test_a_period_of_years_is_refused_with_the_way_to_do_it(house: House) -> None:
    given = {"since": (now() - timedelta(days=400)).isoformat()}
    async with house.client(EAST) as auditor:
        answer = await auditor.get(f"{API}/audit/seals/check", params=given)
    assert answer.status_code == 422
    assert "park audit verify" in answer.text


async def test_the_script_is_there_for_everybody(house: House) -> None:
    async with house.client(None) as visitor:
        answer = await visitor.get(f"{API}/public/trail/verify_trail.py")
    assert answer.content == _SCRIPT.read_bytes()  # noqa: ASYNC240


def _seal() -> Any:
    with as_login(AppRole.SEAL) as seal:
        return seal_all(seal, trail_signer())
