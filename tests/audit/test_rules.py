"""No act without its line; three administrators, none of whom does another's work; six months."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.access.roles import Role
from app.audit import retiring
from app.audit.anchors import AnchorRefused, receive
from app.audit.archives import save
from app.audit.bundles import head, lines
from app.audit.checking import droppable_from
from app.audit.heads import Notebook
from app.audit.operators import owner
from app.audit.sealing import seal_all, trail_signer
from app.core.database_roles import AppRole
from app.core.signatures import signer
from bench.walls import trail_rules
from tests.access.oracle import AUDITOR, DESK, SECURITY, SYSTEM
from tests.audit.trails import as_login, write
from tests.audit.unrecorded import LOOKING, acts_in
from tests.house import House
from tests.ledgers.builders import call


async def test_nothing_is_done_that_cannot_be_recorded(house: House) -> None:
    tried, committed = await acts_in(house)
    assert tried >= 10
    assert committed == 0


def test_the_three_administrators_share_no_right_but_to_look_at_accounts() -> None:
    three = {SYSTEM, SECURITY, AUDITOR}
    rights = {
        one: {name for name, (allowed, _) in DESK.items() if one in allowed and not allowed - three}
        for one in three
    }
    for one in three:
        for other in three - {one}:
            assert rights[one] & rights[other] <= LOOKING
    assert all(rights.values())


async def test_no_administrator_does_the_work_of_another(house: House) -> None:
    account = "/accounts/00000000-0000-4000-8000-000000000000"
    grant = {"role": "station_staff", "organisation_id": 1}
    tries: dict[Role, list[tuple[str, str, Any]]] = {
        Role.system_admin: [("POST", f"{account}/grants", grant), ("GET", "/audit", None)],
        Role.security_admin: [
            ("POST", "/accounts", {"username": "xx", "name": "某"}),
            ("POST", f"{account}/moves/disable", None),
            ("GET", "/audit/seals", None),
        ],
        Role.auditor: [
            ("GET", "/accounts", None),
            ("POST", "/accounts", {"username": "xx", "name": "某"}),
            ("POST", f"{account}/grants", grant),
            ("GET", "/enterprises", None),
        ],
    }
    for role, asked in tries.items():
        for method, path, body in asked:
            answer = await call(house, f"{role}@province", method, path, body)
            assert answer.status_code in {403, 404}, (role, method, path)


@pytest.mark.parametrize(
    ("month", "first"),
    [("202601", (2026, 8, 1)), ("202606", (2027, 1, 1)), ("202612", (2027, 7, 1))],
)
def test_a_month_may_go_when_its_last_day_is_six_months_old(
    month: str, first: tuple[int, int, int]
) -> None:
    assert droppable_from(month) == datetime(*first, tzinfo=UTC)


@pytest.mark.usefixtures("database")
def test_young_months_stay_and_old_ones_go_into_an_archive_only(tmp_path: Path) -> None:
    rows = {row["id"]: row for row in trail_rules.retiring_tried(tmp_path)}
    assert all(row["held"] for row in rows.values()), rows
    with owner() as connection, pytest.raises(retiring.NotRetired, match="no trail of the month"):
        retiring.retire(connection, "199901", tmp_path / "none", trail_signer())


@pytest.mark.usefixtures("database")
def test_a_neighbours_head_is_kept_and_a_contradiction_is_not(tmp_path: Path) -> None:
    write(2)
    with as_login(AppRole.SEAL) as seal, owner() as connection:
        seal_all(seal, trail_signer())
        first = head(seal)
        write(2)
        seal_all(seal, trail_signer())
        second = head(seal)
        assert first
        assert second
        receive(connection, "东市", second)
        receive(connection, "东市", second)  # the same again does no harm
        forged = second | {"seal": second["seal"] | {"entries": 3}}
        for wrong, why in (
            (forged, "signature"),
            (_by_another_key(second), "Another key"),
            (_signed_again(second, entries=3), "rewritten"),
            (_signed_again(first, sealed_at="2099-01-01T00:00:00.000000Z"), "went back"),
            ({"seal": 1}, "signature"),
        ):
            with pytest.raises(AnchorRefused, match=why):
                receive(connection, "东市", wrong)
        receive(connection, "西市", _by_another_key(second))
        found = connection.execute("SELECT origin, no FROM trail_anchor ORDER BY 1").fetchall()
    assert sorted(found) == sorted([("东市", 2), ("西市", 2)])
    notebook = Notebook(tmp_path / "heads.jsonl")
    assert notebook.note(second)
    assert not notebook.note(second)
    assert list(notebook.heads()) == [second]


def _signed_again(line: dict[str, object], **changed: object) -> dict[str, object]:
    from app.audit.leaves import canonical

    key, told = trail_signer(), dict(line["seal"]) | changed  # type: ignore[call-overload]
    signature = key.sign(canonical(told)).hex()
    return {"seal": told, "signature": signature, "public": key.public.hex()}


def _by_another_key(line: dict[str, object]) -> dict[str, object]:
    from app.audit.leaves import canonical

    key = signer(b"x" * 32, "trail")
    told = dict(line["seal"]) | {"key": key.key_id}  # type: ignore[call-overload]
    return {
        "seal": told,
        "signature": key.sign(canonical(told)).hex(),
        "public": key.public.hex(),
    }


@pytest.mark.usefixtures("database")
def test_an_export_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    write(1)
    with owner() as connection:
        assert save(lines(connection), tmp_path / "trail.jsonl.gz") > 0
        with pytest.raises(ZeroDivisionError):
            save((line for line in [{}, 1 / 0]), tmp_path / "half.jsonl")  # type: ignore[misc]
    assert [file.name for file in tmp_path.iterdir()] == ["trail.jsonl.gz"]
