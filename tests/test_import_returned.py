"""Mistakes go back to the clerk: marked in the own file, as rows alone; and are mended in place."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import openpyxl
import pytest

from tests import workbooks
from tests.core.sheets import libreoffice
from tests.house import House, if_match
from tests.workbooks import CODES, sent

STATION = "station_staff@east-park-station"
URL = "/api/v1/enterprises"
DATA = Path(__file__).parent / "data" / "workbooks"
SHEET = "企业台账"
HEADER = ["企业名称", "统一社会信用代码", "营业收入（元）", "高新技术领域", "老板"]


async def uploaded(client: httpx.AsyncClient, name: str, data: bytes) -> Any:
    answer = await client.post(f"{URL}/imports", files=sent(name, data))
    assert answer.status_code == 201, answer.text
    return answer.json()


def rows(*lines: list[Any]) -> bytes:
    return workbooks.xlsx([HEADER, *lines])


def comments(data: bytes, sheet: str | None = None) -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book[sheet] if sheet else book.worksheets[0]
    cells = (cell for line in page.iter_rows() for cell in line)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def expected(told: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for e in told["errors"]:
        at = f"{e['column'] or 'A'}{e['row']}"
        text = e["message"] if e["column"] else f"{e['header']}：{e['message']}"
        found[at] = f"{found[at]}\n{text}" if at in found else text
    return found


async def test_the_clerks_workbook_of_5000_rows_comes_back_with_every_mistake_in_its_cell(
    house: House, tmp_path: Path
) -> None:
    name = "enterprises-zh-CN-5000.xlsx"
    async with house.client(STATION) as client:
        told = await uploaded(client, name, (DATA / name).read_bytes())
        answer = await client.get(f"{URL}/imports/{told['id']}/marked.xlsx")
    assert answer.status_code == 200, answer.text
    assert "enterprises-zh-CN-5000-批注.xlsx" in unquote(answer.headers["content-disposition"])
    assert comments(answer.content, SHEET) == expected(told)
    if libreoffice.OFFICE is not None:
        found = libreoffice.comments(answer.content, SHEET, tmp_path)
        assert {libreoffice.address(place): text for place, text in found.items()} == expected(told)


async def test_a_csv_comes_back_as_a_workbook_with_comments(house: House) -> None:
    lines = [HEADER[:3], ["=cmd()", "错", "保密"], ["样例公司", CODES[0], "1"]]
    async with house.client(STATION) as client:
        told = await uploaded(client, "台账.csv", workbooks.csv(lines, "gbk"))
        answer = await client.get(f"{URL}/imports/{told['id']}/marked.xlsx")
    assert comments(answer.content) == expected(told)
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert (page["A2"].value, page["A2"].data_type) == ("=cmd()", "s")


async def test_the_bad_rows_alone_are_mended_in_a_spreadsheet_and_go_in(house: House) -> None:
    async with house.client(STATION) as client:
        data = rows(
            ["样例一公司", CODES[0], 10_000, "新材料", "甲"],
            ["=样例二公司", CODES[1], "保密", "量子", "乙"],
            [None, CODES[2], 30_000, "新材料", "丙"],
        )
        told = await uploaded(client, "2024年台账.xlsx", data)
        answer = await client.get(f"{URL}/imports/{told['id']}/bad.xlsx")
        assert "2024年台账-有误的行.xlsx" in unquote(answer.headers["content-disposition"])
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        page = book.worksheets[0]
        told_rows = [[cell.value for cell in line] for line in page.iter_rows()]
        assert told_rows[0] == [*HEADER[:4], "原行号", "有误之处"]
        assert [line[4] for line in told_rows[1:]] == [3, 4]
        assert "营业收入（元）：“保密”不是数字" in str(told_rows[1][5])
        assert page["A2"].data_type == "s"
        assert set(comments(answer.content)) == {"C2", "D2", "A3"}
        again = await uploaded(client, "2024年台账-有误的行.xlsx", answer.content)
        assert [(e["field"], e["code"], e["value"]) for e in again["errors"]] == [
            (e["field"], e["code"], e["value"]) for e in told["errors"]
        ]
        page["C2"], page["D2"], page["A3"] = 20_000, "电子信息", "样例三公司"
        target = io.BytesIO()
        book.save(target)
        mended = await uploaded(client, "2024年台账-有误的行.xlsx", target.getvalue())
        assert (mended["errors"], mended["counts"]["create"]) == ([], 2)
        await client.post(f"{URL}/imports/{mended['id']}/moves/commit")
        found = (await client.get(URL, params={"q": "样例二"})).json()["items"][0]
        assert (found["hightech_field"], float(found["sales"])) == ("01", 2)


async def test_one_correction_for_all_that_say_the_same(house: House) -> None:
    async with house.client(STATION) as client:
        data = rows(
            ["样例一公司", CODES[0], 1, "新材", "甲"],
            ["样例二公司", CODES[1], "保密", "新材", "乙"],
            ["样例三公司", CODES[2], 1, "量子", "丙"],
        )
        told = await uploaded(client, "台账.xlsx", data)
        url = f"{URL}/imports/{told['id']}/rows"
        given = {"field": "hightech_field", "was": "新材", "value": "新材料"}
        answer = await client.patch(url, json=given)
        assert answer.status_code == 200, answer.text
        assert answer.json()["rows"] == [2, 3]
        assert [(e["row"], e["field"]) for e in answer.json()["errors"]] == [(3, "sales")]
        assert (answer.json()["counts"]["bad"], answer.json()["counts"]["create"]) == (2, 1)
        assert (await client.patch(url, json=given)).status_code == 409
        key = await client.patch(url, json=given | {"field": "uscc"})
        assert key.json()["errors"][0]["code"] == "one_by_one"


async def test_a_mended_key_judges_all_rows_that_share_it(house: House) -> None:
    async with house.client(STATION) as client:
        data = rows(
            ["样例一公司", CODES[0], 1, None, "甲"],
            ["样例二公司", f" {CODES[0].lower()}", 1, None, "乙"],
            ["样例三公司", CODES[1], 1, None, "丙"],
        )
        told = await uploaded(client, "台账.xlsx", data)
        assert [(e["row"], e["code"]) for e in told["errors"]] == [(3, "duplicate")]
        url = f"{URL}/imports/{told['id']}/rows"
        first = await client.patch(f"{url}/2", json={"values": {"uscc": CODES[1]}})
        assert first.json()["rows"] == [2, 3, 4]
        assert [(e["row"], e["code"]) for e in first.json()["errors"]] == [(4, "duplicate")]
        second = await client.patch(f"{url}/4", json={"values": {"uscc": CODES[2]}})
        assert (second.json()["errors"], second.json()["counts"]["create"]) == ([], 3)


async def test_what_an_undo_leaves_is_listed_by_name(house: House) -> None:
    async with house.client(STATION) as client:
        data = rows(
            ["样例一公司", CODES[0], 1, None, None], ["样例二公司", CODES[1], 1, None, None]
        )
        told = await uploaded(client, "台账.xlsx", data)
        url = f"{URL}/imports/{told['id']}"
        assert (await client.post(f"{url}/moves/commit")).status_code == 200
        found = (await client.get(URL, params={"uscc": CODES[1]})).json()["items"][0]
        changed = await client.patch(
            f"{URL}/{found['id']}", json={"remark": "改过"}, headers=if_match(found)
        )
        assert changed.status_code == 200, changed.text
        undone = (await client.post(f"{url}/moves/undo")).json()
        assert (undone["counts"]["undone"], undone["counts"]["kept"]) == (1, 1)
        assert undone["kept"] == [{"row": 3, "record_id": found["id"], "name": "样例二公司"}]


@pytest.mark.parametrize("file", ["marked.xlsx", "bad.xlsx"])
async def test_files_of_an_import_are_its_own_parks_alone(house: House, file: str) -> None:
    async with house.client(STATION) as client:
        told = await uploaded(client, "台账.xlsx", rows(["样例公司", "错", 1, None, None]))
        url = f"{URL}/imports/{told['id']}/{file}"
        assert (await client.get(url)).status_code == 200
    async with house.client("station_staff@lake-park-station") as client:
        assert (await client.get(url)).status_code == 404
    async with house.client("committee@east-park-committee") as client:
        assert (await client.get(url)).status_code == 403
