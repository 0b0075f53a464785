"""An undone import leaves everything exactly as it was: values, figures, links, what is public."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from app.core import jobs
from app.registers import import_tasks
from tests.house import House, if_match
from tests.libraries.people import LEADER, STATION, active_expert, enterprise, made, moved

API = "/api/v1"
CODES = ("91990101MACELPKL35", "91990101MARA8NU02W", "91990101MA8K5GXD2C")
#: What remembers on purpose: the trail, the versions, the feed, imports, tasks, notices.
_MEMORY = (
    *("audit_entry", "record_version", "change_entry", "secret_version", "import_", "task_run"),
    *("notification", "follower", "session", "alembic", "idempotency"),
)
_COUNTED = ("version", "updated_at", "updated_by", "recorded_at", "since")


def dump(database: str) -> dict[str, list[str]]:
    """Return all rows of live records and what stands beside them, counters of writing aside."""
    engine = sa.create_engine(database)
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        gone = set()
        for table in sa.inspect(engine).get_table_names():
            if table.startswith(_MEMORY):
                continue
            rows = connection.execute(sa.text(f'SELECT to_jsonb(t) FROM "{table}" t')).scalars()
            kept = []
            for row in rows:
                if row.get("deleted_at") is not None:
                    gone.add(row["id"])
                elif row.get("superseded_at") is None:
                    kept.append({k: v for k, v in row.items() if k not in _COUNTED})
            found[table] = [json.dumps(row, sort_keys=True) for row in kept]
    engine.dispose()
    return {
        table: sorted(row for row in rows if not any(one in row for one in gone))
        for table, rows in found.items()
    }


async def changed_sheet(
    client: httpx.AsyncClient, register: str, change: Callable[[dict[str, str]], None]
) -> dict[str, tuple[str, bytes]]:
    """Return the register's own export with every record changed, as a file to send."""
    told = (await client.get(f"{API}/{register}/export.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))[:-1]  # the last line is the mark
    for row in rows:
        change(row)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return {"file": ("台账2025年.csv", text.getvalue().encode())}


async def written(client: httpx.AsyncClient, register: str, file: Any) -> str:
    told = (await client.post(f"{API}/{register}/imports", files=file)).json()
    assert told["errors"] == [], told["errors"]
    url = f"{API}/{register}/imports/{told['id']}"
    done = await client.post(f"{url}/moves/commit")
    assert done.status_code == 200, done.text
    assert done.json()["counts"]["bad"] == 0
    return url


async def test_values_personal_ones_and_figures_are_as_before(house: House, database: str) -> None:
    async with house.client(STATION) as client:
        for n, code in enumerate(CODES[:2]):
            body = {"name": f"样例{n}公司", "uscc": code, "contact_phone": f"1390000111{n}"}
            one = await made(client, "enterprises", **body, contact_name="甲")
            figure = {"indicator": "employees", "period": "2024", "value": "30"}
            answer = await client.post(
                f"{API}/enterprises/{one['id']}/observations",
                json=figure,
                headers=if_match(one),
            )
            assert answer.status_code == 201, answer.text
        before = dump(database)

        def change(row: dict[str, str]) -> None:
            row["企业名称"] = row["企业名称"].replace("样例", "改名")
            phone = next(name for name in row if "电话" in name)
            row[phone] = "13711112222" if "0" in row["企业名称"] else ""
            staff = next(name for name in row if "从业" in name or "职工" in name)
            row[staff] = "44"

        file = await changed_sheet(client, "enterprises", change)
        more = file["file"][1].decode().replace(CODES[1], CODES[1])
        url = await written(client, "enterprises", {"file": ("台账2025年.csv", more.encode())})
        assert dump(database) != before
        undone = (await client.post(f"{url}/moves/undo")).json()
        assert (undone["state"], undone["counts"]["undone"]) == ("undone", 2)
        assert dump(database) == before
        listed = (await client.get(f"{API}/enterprises", params={"sort": "name"})).json()["items"]
        for n, item in enumerate(listed):
            one = (await client.get(f"{API}/enterprises/{item['id']}")).json()
            assert one["contact_phone"] == f"139****111{n}"
            assert one["employees"] == 30


async def test_what_is_public_and_who_sees_it_are_as_before(house: House, database: str) -> None:
    firm = await enterprise(house)
    expert = await active_expert(house)
    body = {"title": "低噪声行星减速器", "kind": "product", "summary": "原来的摘要。"}
    body |= {"owner_name": "甲厂"}
    ready: dict[str, Any] = {"trl": 7, "transfer_modes": ["licence"]}
    body |= {"registration_no": "GK2026001", "hightech_field": "08", "enterprise_id": firm["id"]}
    async with house.client(STATION) as client:
        one = await made(client, "achievements", **body, **ready)
        await moved(client, "achievements", one, "register")
        await moved(client, "achievements", one, "list")
        before = dump(database)

        def change(row: dict[str, str]) -> None:
            for name, said in row.items():
                if said == "原来的摘要。":
                    row[name] = "导入的摘要。"
                elif "专家" in name or "完成人" in name:
                    row[name] = expert["name"]

        url = await written(
            client, "achievements", await changed_sheet(client, "achievements", change)
        )
        public = (await client.get(f"{API}/public/achievements")).json()["items"]
        assert public[0]["text"] == "导入的摘要。"
        await client.post(f"{url}/moves/undo")
        public = (await client.get(f"{API}/public/achievements")).json()["items"]
        assert public[0]["text"] == "原来的摘要。"
    assert dump(database) == before


async def test_a_new_record_goes_with_its_personal_values_and_one_changed_since_stays(
    house: House, database: str
) -> None:
    async with house.client(STATION) as client:
        await made(client, "enterprises", name="样例在先公司", uscc=CODES[0])
        before = dump(database)
        lines = [
            "企业名称,统一社会信用代码,联系电话,职工总数",
            f"样例新来公司,{CODES[1]},13722223333,12",
        ]
        file = {"file": ("台账2025年.csv", "\n".join(lines).encode())}
        url = await written(client, "enterprises", file)
        await client.post(f"{url}/moves/undo")
        assert dump(database) == before
        url = await written(client, "enterprises", file)
        found = await client.get(f"{API}/enterprises", params={"uscc": CODES[1]})
        one = found.json()["items"][0]
        edited = await client.patch(
            f"{API}/enterprises/{one['id']}", json={"name": "样例改过公司"}, headers=if_match(one)
        )
        assert edited.status_code == 200
        undone = (await client.post(f"{url}/moves/undo")).json()
        assert undone["counts"]["kept"] == 1
        assert [kept["record_id"] for kept in undone["kept"]] == [one["id"]]
        still = (await client.get(f"{API}/enterprises/{one['id']}")).json()
        assert (still["contact_phone"], still["employees"]) == ("137****3333", 12)


async def test_a_large_import_is_long_work_that_is_followed(
    house: House, monkeypatch: Any, database: str
) -> None:
    monkeypatch.setattr(import_tasks, "AT_ONCE", 0)
    lines = ["企业名称,统一社会信用代码", *(f"样例{n}公司,{c}" for n, c in enumerate(CODES[:2]))]
    before = dump(database)
    async with house.client(STATION) as client:
        sent = {"file": ("台账.csv", "\n".join(lines).encode())}
        told = (await client.post(f"{API}/enterprises/imports", files=sent)).json()
        url = f"{API}/enterprises/imports/{told['id']}"
        asked = await client.post(f"{url}/moves/commit")
        assert asked.status_code == 202
        assert asked.json()["id"] == (await client.post(f"{url}/moves/commit")).json()["id"]
        place = asked.headers["location"]
        assert (await client.get(place)).json()["state"] == "queued"
        await jobs.drain()
        done = (await client.get(place)).json()
        assert (done["state"], done["result"]) == ("done", {"written": 2})
        assert done["page"] == f"/r/enterprises/import?id={told['id']}"
        assert (await client.get(url)).json()["counts"]["written"] == 2
        asked = await client.post(f"{url}/moves/undo")
        await jobs.drain()
        done = (await client.get(asked.headers["location"])).json()
        assert done["result"] == {"undone": 2, "kept": 0}
        assert (await client.post(f"{url}/moves/undo")).status_code == 409
    assert dump(database) == before


async def test_an_export_as_long_work_holds_what_is_on_screen(house: House) -> None:
    async with house.client(STATION) as client:
        for n, code in enumerate(CODES[:2]):
            await made(client, "enterprises", name=f"样例{n}公司", uscc=code)
        asked = {"fields": "uscc,name", "sort": "-name", "name__contains": "样例"}
        answer = await client.post(f"{API}/enterprises/export.csv", params=asked)
        assert answer.status_code == 202, answer.text
        await jobs.drain()
        place = answer.headers["location"]
        done = (await client.get(place)).json()
        assert (done["state"], done["result"], done["total"]) == ("done", {"rows": 2}, 2), done
        lines = (await client.get(f"{place}/file")).content.decode("utf-8-sig").splitlines()
        assert lines[0].split(",")[:2] == ["统一社会信用代码", "企业名称"]
        assert [line.split(",")[1] for line in lines[1:3]] == ["样例1公司", "样例0公司"]
        now = await client.get(f"{API}/enterprises/export.csv", params=asked)
        assert now.content.decode("utf-8-sig").splitlines()[:3] == lines[:3]
        wrong = await client.post(f"{API}/enterprises/export.csv", params={"fields": "no_such"})
        assert wrong.status_code == 422
    async with house.client(LEADER) as client:
        assert (await client.get(place)).status_code == 404
        assert str(UUID(place.rsplit("/", 1)[-1])) in place
