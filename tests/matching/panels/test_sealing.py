"""Under seal: who can read a score before two persons have opened the panel. Nobody."""

import logging
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.access.opening import scope_to
from app.access.system import system_at
from app.core import db
from app.core.database_roles import owner_url
from tests.house import House
from tests.libraries.people import API, CENTRE, LEADER, STATION, moved, tried
from tests.matching.panels.scene import CRITERIA, Scene, declared, panel, scene, sheet

pytestmark = pytest.mark.slow

WORDS = "密封期间的评语"
#: Beyond 60, so that no instant in a table looks like one.
POINTS = ("81.35", "76.54", "98.77")
TOTAL = "85.55"


async def sealed_scene(house: House) -> Scene:
    """Have one sheet handed in and one kept as a draft."""
    there = await scene(house, 3)
    await panel(there, criteria=[c | {"max_points": "100"} for c in CRITERIA])
    await declared(there)
    given = sheet(*POINTS, opinion="reject", comment=WORDS)
    await there.answer(0, "submit", **given)
    seat = await there.seat(1)
    async with house.client(there.accounts[1]) as own:
        url = f"{API}/reviews/{seat['review_id']}/scores"
        kept = await own.put(url, json=sheet(POINTS[0], comment=WORDS))
        assert kept.status_code == 200, kept.text
    return there


def _told(text: str) -> bool:
    return any(word in text for word in (WORDS, *POINTS, TOTAL))


async def test_no_table_holds_a_score_before_the_panel_is_opened(house: House) -> None:
    there = await sealed_scene(house)
    assert tables_with(WORDS, *POINTS) == set()
    await there.centre("lock", reason="其余未交")
    assert tables_with(WORDS, *POINTS) == set()
    await there.leader("open")
    assert tables_with(WORDS) == tables_with(TOTAL) == {"review", "record_version"}


def tables_with(*values: str) -> set[str]:
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    found = set()
    with engine.connect() as owner:
        tables = owner.execute(
            sa.text(
                "SELECT c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON"
                " n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname IN ('public', 'jobs')"
            )
        )
        for table, place in tables.all():
            for value in values:
                count = f'SELECT count(*) FROM {place}."{table}" t WHERE strpos(t::text, :v) > 0'
                if owner.scalar(sa.text(count), {"v": value}):
                    found.add(table)
    return found


async def test_no_answer_tells_a_score_before_the_panel_is_opened(house: House) -> None:
    there = await sealed_scene(house)
    review = (await there.seat(0))["review_id"]
    paths = [
        "reviews",
        f"reviews?q={WORDS}",
        "reviews?sort=-total",
        f"reviews/{review}",
        f"reviews/{review}/history",
        f"reviews/{review}?as_of=2099-01-01",
        "reviews/changes",
        "reviews/export.jsonl",
        f"panels/{there.panel['id']}",
        f"panels/{there.panel['id']}/seats",
        f"panels/{there.panel['id']}/summary",
        f"panels/{there.panel['id']}/history",
        "panels/export.jsonl",
    ]
    readers = [CENTRE, LEADER, STATION, there.accounts[2], "auditor@province"]
    for locked in (False, True):
        if locked:
            await there.centre("lock", reason="其余未交")
        for who in readers:
            async with house.client(who) as client:
                for path in [*paths, "audit"]:
                    answer = await client.get(f"{API}/{path}")
                    assert not _told(answer.text), (who, path)
                found = await client.get(f"{API}/reviews", params={"q": WORDS})
                assert found.json().get("items", []) == []


async def test_only_the_author_reads_the_own_sheet(house: House) -> None:
    there = await sealed_scene(house)
    seat = await there.seat(0)
    url = f"{API}/reviews/{seat['review_id']}/scores"
    async with house.client(there.accounts[0]) as own:
        told = (await own.get(url)).json()
        assert [line["points"] for line in told["scores"]] == list(POINTS)
        assert (told["opinion"], told["comment"], told["may"]) == ("reject", WORDS, [])
        record = (await own.get(f"{API}/reviews/{seat['review_id']}")).json()
        assert (record["total"], record["scores"]) == (None, [])
    for who, status in ((CENTRE, 403), (LEADER, 403), (STATION, 404), (there.accounts[1], 404)):
        async with house.client(who) as other:
            assert (await other.get(url)).status_code == status, who
            assert (await other.put(url, json={})).status_code == status, who


async def test_scores_are_not_written_into_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="park"):
        await sealed_scene(house)
    assert caplog.records
    assert not [r for r in caplog.records if r.name.startswith("park") and _told(r.getMessage())]


async def test_the_login_of_staff_cannot_read_what_is_sealed(house: House) -> None:
    there = await sealed_scene(house)
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        await as_staff(there, "SELECT ciphertext FROM sealed_score")
    assert await released(there, "00000000-0000-0000-0000-000000000001") == 0
    await there.centre("lock", reason="其余未交")
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.connect() as owner:
        locker = owner.scalar(sa.text("SELECT locked_by_id FROM panel"))
    assert await released(there, str(locker)) == 0
    assert await released(there, "00000000-0000-0000-0000-000000000001") == 1
    assert await released(there, "00000000-0000-0000-0000-000000000001", nodes="999") == 0


async def as_staff(there: Scene, statement: str) -> None:
    async with db.transaction("staff") as session:
        await scope_to(session, await system_at(session, there.panel["node_id"]))
        await session.execute(sa.text(statement))


async def as_expert(expert_id: str, statement: str) -> None:
    async with db.transaction("party") as session:
        scope = sa.text("SELECT set_config('app.party', :expert, true)")
        await session.execute(scope, {"expert": expert_id})
        await session.execute(sa.text(statement))


async def released(there: Scene, account: str, nodes: str | None = None) -> int:
    """Return how many sheets the database hands out to an account of staff."""
    async with db.transaction("staff") as session:
        await scope_to(session, await system_at(session, there.panel["node_id"]))
        await session.execute(
            sa.text("SELECT set_config('app.account', :account, true)"), {"account": account}
        )
        if nodes is not None:
            await session.execute(sa.text(f"SELECT set_config('app.nodes', '{nodes}', true)"))
        found = await session.execute(
            sa.text("SELECT record_id FROM park_open_panel(:panel)"),
            {"panel": UUID(there.panel["id"])},
        )
        return len(found.all())


async def test_the_database_lets_nobody_write_under_the_seal_once_handed_in(house: House) -> None:
    there = await sealed_scene(house)
    wipe = "UPDATE sealed_score SET ciphertext = NULL"
    with pytest.raises(sa.exc.ProgrammingError, match="closed"):
        await as_expert(there.experts[0]["id"], wipe)
    await as_expert(there.experts[1]["id"], wipe)  # one's own draft is one's own


async def test_a_sheet_exchanged_after_the_lock_breaks_the_seal(house: House) -> None:
    there = await sealed_scene(house)
    await there.centre("lock", reason="其余未交")
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.begin() as owner:
        owner.execute(sa.text("ALTER TABLE sealed_score DISABLE TRIGGER under_seal"))
        owner.execute(sa.text("UPDATE sealed_score SET ciphertext = ciphertext || 'x'::bytea"))
    async with house.client(LEADER) as leader:
        broken = await tried(leader, "panels", there.panel, "open")
        assert (broken.status_code, broken.json()["type"]) == (409, "urn:park:seal-broken")
    assert (await there.reload())["state"] == "locked"


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (sheet("40.01", "30", "10"), "/scores/0/points", "out_of_range"),
    (sheet("-0.01", "30", "10"), "/scores/0/points", "out_of_range"),
    (sheet("NaN", "30", "10"), "/scores/0/points", "finite_number"),
    (sheet("30.001", "30", "10"), "/scores/0/points", "decimal_max_places"),
    (sheet("30", "30"), "/scores", "missing"),
    (sheet("30", "30", "10", "5"), "/scores/3/criterion", "unknown"),
    (sheet("30", "30", "10") | {"opinion": None}, "/opinion", "missing"),
    (sheet("30", "30", "10") | {"opinion": "maybe"}, "/opinion", "enum"),
    (sheet("30", "30", "10", opinion="reject", comment=None), "/comment", "missing"),
    (sheet("30", "30", "10") | {"total": 100}, "/total", "extra_forbidden"),
    ({}, "/scores", "missing"),
]


async def test_a_sheet_is_refused_field_by_field(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await declared(there)
    seat = await there.seat(0)
    async with house.client(there.accounts[0]) as own:
        for given, pointer, code in REFUSED:
            refused = await tried(own, "reviews", {"id": seat["review_id"]}, "submit", **given)
            assert refused.status_code == 422, refused.text
            assert (pointer, code) in {(e["pointer"], e["code"]) for e in refused.json()["errors"]}
            record = await own.get(f"{API}/reviews/{seat['review_id']}")
            assert record.json()["state"] == "declared"


async def test_the_same_criterion_twice_is_refused_also_in_a_draft(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await declared(there)
    seat = await there.seat(0)
    twice = {"scores": [{"criterion": "c1", "points": "1"}, {"criterion": "c1", "points": "2"}]}
    async with house.client(there.accounts[0]) as own:
        url = f"{API}/reviews/{seat['review_id']}/scores"
        refused = await own.put(url, json=twice)
        assert refused.json()["errors"][0]["pointer"] == "/scores/1/criterion"


async def test_an_empty_form_hands_in_the_draft(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await declared(there)
    seat = await there.seat(0)
    review = {"id": seat["review_id"]}
    async with house.client(there.accounts[0]) as own:
        url = f"{API}/reviews/{review['id']}/scores"
        drafted = ("30.5", "20", "10.25")
        assert (await own.put(url, json=sheet(*drafted))).status_code == 200
        assert (await moved(own, "reviews", review, "submit"))["state"] == "submitted"
        told = (await own.get(url)).json()
        assert [line["points"] for line in told["scores"]] == list(drafted)


async def test_weights_decide_where_they_are_given(house: House) -> None:
    there = await scene(house, 3)
    weighted = [c | {"weight": w} for c, w in zip(CRITERIA, ("50", "30", "20"), strict=True)]
    await panel(there, criteria=weighted)
    await declared(there)
    for place in range(3):
        await there.hand_in(place, "40", "20", "10")
    await there.centre("lock")
    await there.leader("open")
    async with house.client(CENTRE) as centre:
        told = (await centre.get(f"{API}/panels/{there.panel['id']}/summary")).json()
    assert Decimal(told["figures"]["mean"]) == Decimal(50 + 15 + 10)
    assert told["figures"]["deviation"] == "0.00"
