"""A clerk's real-life workbook goes in: every bad row named, mended, committed, and taken back."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.house import House

DATA = Path(__file__).parent / "data" / "workbooks"
STATION = "station_staff@east-park-station"
URL = "/api/v1/enterprises"


def upload(name: str) -> dict[str, Any]:
    return {"file": (name, (DATA / name).read_bytes(), "application/vnd.ms-excel")}


@pytest.mark.parametrize("name", ["enterprises-zh-CN-300", "enterprises-zh-CN-5000"])
async def test_the_dry_run_names_every_bad_row_and_no_good_one(house: House, name: str) -> None:
    truth = json.loads((DATA / f"{name}.truth.json").read_text("utf-8"))
    async with house.client(STATION) as client:
        told = (await client.post(f"{URL}/imports", files=upload(f"{name}.xlsx"))).json()
    assert told["header_row"] == truth["header_row"]
    assert told["rows"] == truth["data_rows"]
    assert {e["row"] for e in told["errors"]} == {bad["row"] for bad in truth["bad_rows"]}
    assert all(e["column"] and e["message"] for e in told["errors"] if e["code"] != "missing")
    assert told["counts"]["create"] == truth["data_rows"] - len(truth["bad_rows"])


async def test_good_rows_are_written_mended_ones_follow_and_undo_takes_all_back(
    house: House,
) -> None:
    name = "enterprises-zh-CN-300.xlsx"
    async with house.client(STATION) as client:
        told = (await client.post(f"{URL}/imports", files=upload(name))).json()
        url = f"{URL}/imports/{told['id']}"
        done = (await client.post(f"{url}/moves/commit")).json()
        assert (done["state"], done["counts"]["written"], done["counts"]["bad"]) == (
            "committed",
            288,
            15,
        )
        page = (await client.get(URL, params={"count": "true", "q": "芮和和航空部件"})).json()
        first = page["items"][0]
        assert (first["industry_code"], first["employees"]) == ("3743", 29)
        assert first["established_on"] == "2004-03-26"
        assert float(first["registered_capital"]) == 100
        future = next(e for e in told["errors"] if e["row"] == 8)
        assert future["value"].startswith("2031")
        mended = await client.patch(
            f"{url}/rows/8", json={"values": {"established_on": "2013-05-01"}}
        )
        assert mended.status_code == 200, mended.text
        assert 8 not in {e["row"] for e in mended.json()["errors"]}
        again = (await client.post(f"{url}/moves/commit")).json()
        assert again["counts"]["written"] == 289
        refused = await client.patch(f"{url}/rows/8", json={"values": {"established_on": "2014"}})
        assert refused.status_code == 409
        total = (await client.get(URL, params={"count": "true"})).json()["total"]
        assert total == 289
        second = (await client.post(f"{URL}/imports", files=upload(name))).json()
        assert second["counts"]["create"] == 0
        undone = (await client.post(f"{url}/moves/undo")).json()
        assert (undone["state"], undone["counts"]["undone"]) == ("undone", 289)
        assert (await client.get(URL, params={"count": "true"})).json()["total"] == 0


async def test_what_is_no_workbook_is_refused_in_words(house: House) -> None:
    async with house.client(STATION) as client:
        for data in (b"not a workbook", b"PK\x03\x04broken"):
            answer = await client.post(f"{URL}/imports", files={"file": ("台账.xlsx", data)})
            assert answer.status_code == 422, answer.text
            assert answer.json()["errors"][0]["pointer"] == "/file"


async def test_an_import_is_its_own_parks_alone(house: House) -> None:
    async with house.client(STATION) as client:
        told = (
            await client.post(f"{URL}/imports", files=upload("enterprises-zh-CN-300.xlsx"))
        ).json()
    async with house.client("station_staff@lake-park-station") as client:
        assert (await client.get(f"{URL}/imports/{told['id']}")).status_code == 404
        assert (await client.get(f"{URL}/imports")).json()["items"] == []
    async with house.client("committee@east-park-committee") as client:
        answer = await client.post(f"{URL}/imports", files=upload("enterprises-zh-CN-300.xlsx"))
        assert answer.status_code == 403


async def test_an_export_holds_what_the_list_shows_and_no_formula(house: House) -> None:
    async with house.client(STATION) as client:
        await client.post(URL, json={"name": "=1+1 样例公司", "uscc": "91990101MACELPKL35"})
        csv = await client.get(f"{URL}/export.csv", params={"fields": "name,uscc"})
        assert csv.status_code == 200
        assert "'=1+1" in csv.content.decode("utf-8-sig")
        xlsx = await client.get(f"{URL}/export.xlsx")
        assert xlsx.content[:2] == b"PK"
        lines = (await client.get(f"{URL}/export.jsonl")).text.splitlines()
        assert json.loads(lines[0])["uscc"] == "91990101MACELPKL35"
        template = await client.get(f"{URL}/template.xlsx")
        assert template.content[:2] == b"PK"


@pytest.mark.parametrize("form", ["xlsx", "csv"])
async def test_an_export_goes_in_again_as_unchanged(house: House, form: str) -> None:
    async with house.client(STATION) as client:
        files = upload("enterprises-zh-CN-300.xlsx")
        told = (await client.post(f"{URL}/imports", files=files)).json()
        await client.post(f"{URL}/imports/{told['id']}/moves/commit")
        ids = [e["id"] for e in (await client.get(URL, params={"limit": 3})).json()["items"]]
        given = {"enterprise_id": ids[0], "kind": "high_tech_enterprise", "certificate_no": "G1"}
        made = await client.post("/api/v1/qualifications", json=given)
        assert made.status_code == 201, made.text
        entry: dict[str, Any] = {
            "served_on": "2026-01-05",
            "kind": "visit",
            "channel": "door_to_door",
        }
        entry |= {
            "channel": "door_to_door",
            "title": "走访两家",
            "content": "看生产线",
            "enterprise_ids": ids[1:],
        }
        made = await client.post("/api/v1/service-log", json=entry)
        assert made.status_code == 201, made.text
        for name, rows in (("enterprises", 288), ("qualifications", 1), ("service-log", 1)):
            file = await client.get(f"/api/v1/{name}/export.{form}")
            sent = {"file": (f"again.{form}", file.content)}
            again = (await client.post(f"/api/v1/{name}/imports", files=sent)).json()
            assert again["errors"][:3] == [], name
            assert again["counts"]["unchanged"] == rows, (name, again["counts"])
            assert again["rows"] == rows


async def test_a_changed_cell_of_an_export_updates_that_record_alone(house: House) -> None:
    async with house.client(STATION) as client:
        for code in ("91990101MACELPKL35", "91990101MARA8NU02W"):
            await client.post(URL, json={"name": f"样例{code[-4:]}公司", "uscc": code})
        file = (await client.get(f"{URL}/export.csv")).content.decode("utf-8-sig")
        sent = {"file": ("台账.csv", file.replace("样例KL35公司", "样例改名公司").encode())}
        told = (await client.post(f"{URL}/imports", files=sent)).json()
        assert (told["counts"]["update"], told["counts"]["unchanged"]) == (1, 1), told
        await client.post(f"{URL}/imports/{told['id']}/moves/commit")
        found = (await client.get(URL, params={"uscc": "91990101MACELPKL35"})).json()["items"][0]
        assert (found["name"], found["version"]) == ("样例改名公司", 2)
