"""Many records changed by one act: rights per row, previews that leave nothing, one batch id."""

from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.audit.trail import AuditEntry
from app.core import jobs
from app.registers import batch_plan, batch_tasks
from app.registers.tables import RecordVersion
from tests.house import House

STATION, COMMITTEE = "station_staff@east-park-station", "committee@east-park-committee"
OTHER_PARK = "station_staff@lake-park-station"
URL = "/api/v1/toys"
BATCH = f"{URL}/batch"


async def _toys(client: httpx.AsyncClient, many: int, **fields: Any) -> list[dict[str, Any]]:
    made = []
    for n in range(many):
        given = {"name": f"苏州小火车{n}", "code": f"B{n:03d}-{id(client) % 10**6}"} | fields
        answer = await client.post(URL, json=given)
        assert answer.status_code == 201, answer.text
        made.append(answer.json())
    return made


async def _batch(client: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    answer = await client.post(BATCH, json=given)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_a_preview_tells_old_and_new_and_writes_nothing(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await _toys(client, 2, price="5")
        told = await _batch(
            client, ids=[one["id"] for one in made], patch={"price": "7.5"}, dry_run=True
        )
        assert (told["batch_id"], told["changed"]) == (None, 2)
        assert [one["id"] for one in told["items"]] == [one["id"] for one in made]
        change = told["items"][0]["changes"][0]
        assert (change["field"], change["old"], change["new"]) == ("price", "5", "7.5")
        for one in made:
            now = (await client.get(f"{URL}/{one['id']}")).json()
            assert (now["price"], now["version"], now["updated_at"]) == (
                one["price"],
                1,
                one["updated_at"],
            )
            past = (await client.get(f"{URL}/{one['id']}/history")).json()
            assert len(past["items"]) == 1
        feed = (await client.get(f"{URL}/changes")).json()
        assert len(feed["items"]) == 2


async def test_every_row_stands_for_itself_and_one_batch_names_them(
    toys: House, database: str
) -> None:
    async with toys.client(STATION) as client:
        good, same, sold, stale = await _toys(client, 4, price="5")
        await client.patch(
            f"{URL}/{same['id']}", json={"kind": "wooden"}, headers={"If-Match": '"1"'}
        )
        await client.post(f"{URL}/{sold['id']}/moves/sell", headers={"If-Match": '"1"'})
        rows = [
            {"id": good["id"], "version": 1},
            {"id": same["id"], "version": 2},
            {"id": sold["id"], "version": 2},
            {"id": stale["id"], "version": 9},
        ]
        told = await _batch(client, rows=rows, patch={"kind": "wooden"})
        assert [one["outcome"] for one in told["items"]] == [
            "changed",
            "unchanged",
            "refused",
            "refused",
        ]
        assert (told["changed"], told["unchanged"], told["refused"]) == (1, 1, 2)
        assert "已售" in told["items"][2]["reason"]
        assert "第 1 版" in told["items"][3]["reason"]
        now = (await client.get(f"{URL}/{good['id']}")).json()
        assert (now["kind"], now["version"]) == ("wooden", 2)
        assert (await client.get(f"{URL}/{same['id']}")).json()["version"] == 2
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        found = connection.execute(
            sa.select(col(RecordVersion.record_id), col(RecordVersion.verb)).where(
                col(RecordVersion.batch_id) == UUID(told["batch_id"])
            )
        ).all()
        assert [(str(row[0]), row[1]) for row in found] == [(good["id"], "batch")]
        entries = connection.execute(
            sa.select(col(AuditEntry.verb), col(AuditEntry.detail)).where(
                col(AuditEntry.verb) == "toys.batch", col(AuditEntry.register_name) == "toys"
            )
        ).all()
        whole = [detail for _, detail in entries if detail.get("refused") == 2]
        assert whole[0]["batch"] == told["batch_id"]
        assert whole[0]["fields"] == ["kind"]
    engine.dispose()


async def test_what_one_may_not_see_is_in_no_count(toys: House) -> None:
    async with toys.client(OTHER_PARK) as client:
        foreign = await _toys(client, 2)
    async with toys.client(STATION) as client:
        own = await _toys(client, 1)
        ids = [one["id"] for one in (*foreign, *own)] + [str(UUID(int=7))]
        told = await _batch(client, ids=ids, patch={"kind": "wooden"}, dry_run=True)
        assert [one["id"] for one in told["items"]] == [own[0]["id"]]
        assert (told["changed"], told["unchanged"], told["refused"]) == (1, 0, 0)
        whole = await _batch(client, query={}, patch={"kind": "wooden"}, dry_run=True)
        assert {one["id"] for one in whole["items"]} == {own[0]["id"]}
        assert all(one["id"] not in str(whole) for one in foreign)


async def test_all_rows_of_a_filter_each_with_the_steps_it_may_take(toys: House) -> None:
    async with toys.client(STATION) as client:
        await _toys(client, 2, price="5", kind="wooden")
        without, *_ = await _toys(client, 1, kind="wooden", code="NOPRICE")
        await _toys(client, 1, price="5", kind="tin", code="TIN-1")
        asked = {"query": {"kind": "wooden"}, "move": "sell"}
        preview = await _batch(client, **asked, dry_run=True)
        assert (preview["changed"], preview["refused"]) == (2, 1)
        refused = next(one for one in preview["items"] if one["outcome"] == "refused")
        assert refused["id"] == without["id"]
        assert "价格" in refused["reason"]
        assert all(
            one["changes"][0]["new_label"] == "已售"
            for one in preview["items"]
            if one["outcome"] == "changed"
        )
        done = await _batch(client, **asked)
        assert (done["changed"], done["refused"]) == (2, 1)
        listed = (await client.get(URL, params={"state": "sold", "count": True})).json()
        assert listed["total"] == 2


async def test_a_pasted_block_gives_every_row_its_own_values(toys: House) -> None:
    async with toys.client(STATION) as client:
        first, second, third = await _toys(client, 3, price="5")
        rows = [
            {"id": first["id"], "version": 1, "patch": {"name": "甲车", "price": "1"}},
            {"id": second["id"], "version": 1, "patch": {"name": "乙", "price": "2"}},
            {"id": third["id"], "version": 1, "patch": {"code": first["code"]}},
        ]
        preview = await _batch(client, rows=rows, dry_run=True)
        told = await _batch(client, rows=rows)
        for one in (preview, told):
            assert [row["outcome"] for row in one["items"]] == ["changed", "refused", "refused"]
            assert one["items"][1]["errors"][0]["field"] == "name"
            assert one["items"][1]["reason"].startswith("名称：")
        assert (await client.get(f"{URL}/{first['id']}")).json()["name"] == "甲车"
        assert (await client.get(f"{URL}/{third['id']}")).json()["code"] == third["code"]


async def test_who_never_changes_such_a_record_is_told_who_does(toys: House) -> None:
    async with toys.client(COMMITTEE) as client:
        answer = await client.post(BATCH, json={"query": {}, "patch": {"kind": "tin"}})
        assert answer.status_code == 403
        assert "工作站" in answer.json()["detail"]


async def test_a_batch_says_one_way_and_one_thing(toys: House) -> None:
    async with toys.client(STATION) as client:
        requests: list[dict[str, Any]] = [
            {"patch": {"kind": "tin"}},
            {"ids": [], "query": {}, "patch": {"kind": "tin"}},
            {"query": {}},
            {"query": {}, "patch": {"kind": "tin"}, "move": "sell"},
            {"query": {}, "patch": {"state": "sold"}},
            {"query": {"nothing": "x"}, "patch": {"kind": "tin"}},
            {"query": {}, "patch": {"kind": "tin"}, "also": 1},
        ]
        for given in requests:
            answer = await client.post(BATCH, json=given)
            assert answer.status_code == 422, (given, answer.text)


async def test_a_personal_value_is_written_and_never_shown_plainly(toys: House) -> None:
    async with toys.client(STATION) as client:
        one, *_ = await _toys(client, 1, maker_phone="13800138000")
        told = await _batch(client, ids=[one["id"]], patch={"maker_phone": "13900001234"})
        assert told["changed"] == 1
        assert "13900001234" not in str(told)
        now = (await client.get(f"{URL}/{one['id']}")).json()
        assert now["maker_phone"] == "139****1234"


async def test_a_window_of_a_list_starts_anywhere(toys: House) -> None:
    async with toys.client(STATION) as client:
        await _toys(client, 5)
        whole = (await client.get(URL, params={"sort": "code"})).json()["items"]
        window = await client.get(
            URL, params={"sort": "code", "offset": 3, "limit": 2, "fields": "name"}
        )
        assert [row["id"] for row in window.json()["items"]] == [row["id"] for row in whole[3:]]
        assert "code" not in window.json()["items"][0]
        found = await client.get(URL, params={"name__contains": "火车4"})
        assert [row["name"] for row in found.json()["items"]] == ["苏州小火车4"]


async def test_a_long_batch_goes_on_as_a_task_under_one_batch_id(
    toys: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_plan, "AT_ONCE", 2)
    monkeypatch.setattr(batch_tasks, "_CHUNK", 2)
    async with toys.client(STATION) as client:
        made = await _toys(client, 5)
        await client.patch(
            f"{URL}/{made[4]['id']}", json={"kind": "wooden"}, headers={"If-Match": '"1"'}
        )
        rows = [{"id": one["id"], "version": 1} for one in made]
        preview = {"rows": rows, "patch": {"kind": "wooden"}, "dry_run": True}
        assert (await client.post(BATCH, json=preview)).status_code == 422
        personal = {"rows": rows, "patch": {"maker_phone": "13900001234"}}
        assert (await client.post(BATCH, json=personal)).status_code == 422
        asked = await client.post(BATCH, json={"rows": rows, "patch": {"kind": "wooden"}})
        assert asked.status_code == 202, asked.text
        await jobs.drain()
        task = (await client.get(asked.headers["Location"])).json()
        assert task["state"] == "done", task
        batch_id = task["result"].pop("batch_id")
        assert task["result"] == {"changed": 4, "unchanged": 0, "refused": 1}
        file = await client.get(f"{asked.headers['Location']}/file")
        assert file.status_code == 200
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        written = connection.scalar(
            sa.select(sa.func.count()).where(col(RecordVersion.batch_id) == UUID(batch_id))
        )
    engine.dispose()
    assert written == 4


async def test_a_record_named_twice_is_said_and_nothing_is_changed(toys: House) -> None:
    async with toys.client(STATION) as client:
        (one,) = await _toys(client, 1, price="5")
        rows = [{"id": one["id"], "version": 1, "patch": {"price": p}} for p in ("6", "7")]
        answer = await client.post(BATCH, json={"rows": rows})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/rows"
        assert (await client.get(f"{URL}/{one['id']}")).json()["price"] == one["price"]
