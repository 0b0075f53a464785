"""A clerk's workbook with yearly figures: into the ledger as observations, and out again."""

import json
from pathlib import Path

from tests.house import House
from tests.ledgers.builders import STATION, Record, call

WORKBOOKS = Path(__file__).parents[2] / "data" / "workbooks"
FILE = WORKBOOKS / "enterprises-zh-CN-300.xlsx"
TRUTH = json.loads((WORKBOOKS / "enterprises-zh-CN-300.truth.json").read_text())


async def checked(house: House) -> Record:
    async with house.client(STATION) as client:
        answer = await client.post(
            "/api/v1/enterprises/imports", files={"file": (FILE.name, FILE.read_bytes())}
        )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_the_dry_run_names_the_bad_rows_and_no_other(house: House) -> None:
    found = await checked(house)
    bad = {row["row"] for row in TRUTH["bad_rows"]}
    assert {error["row"] for error in found["errors"]} == bad
    assert found["counts"]["create"] == TRUTH["data_rows"] - len(bad)


async def test_figures_come_in_with_the_rows_as_one_version_and_leave_with_undo(
    house: House,
) -> None:
    found = await checked(house)
    path = f"/enterprises/imports/{found['id']}/moves"
    done = await call(house, STATION, "POST", f"{path}/commit")
    assert done.status_code == 200, done.text
    listed = await call(house, STATION, "GET", "/enterprises?limit=500&employees__isnull=false")
    rows = listed.json()["items"]
    assert len(rows) == found["counts"]["create"]
    assert {row["version"] for row in rows} == {1}
    assert all(row["size_class"] for row in rows)
    one = rows[0]
    figures = (await call(house, STATION, "GET", f"/enterprises/{one['id']}/observations")).json()
    told = {o["indicator"]: o["value"] for o in figures["items"]}
    assert told["employees"] == f"{one['employees']}.0000"
    assert {o["source_kind"] for o in figures["items"]} == {"workbook"}
    undone = await call(house, STATION, "POST", f"{path}/undo")
    assert undone.status_code == 200, undone.text
    assert (await call(house, STATION, "GET", "/enterprises")).json()["items"] == []
