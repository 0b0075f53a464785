"""Which column is which field: shown, changed by the clerk, remembered by the park."""

from typing import Any

import httpx

from tests import workbooks
from tests.house import House
from tests.workbooks import CODES, sent

STATION = "station_staff@east-park-station"
OTHER = "station_staff@lake-park-station"
URL = "/api/v1/enterprises"
ROWS = [
    ["企业名称", "统一社会信用代码", "单位性质", "老板", "备注"],
    ["样例公司", CODES[0], "民营", "王样例", "甲"],
    ["样例二公司", CODES[1], "国有", "李样例", "乙"],
]


async def uploaded(client: httpx.AsyncClient, data: bytes, name: str = "台账.xlsx") -> Any:
    answer = await client.post(f"{URL}/imports", files=sent(name, data))
    assert answer.status_code == 201, answer.text
    return answer.json()


def fields(told: dict[str, Any]) -> dict[str, str | None]:
    return {one["column"]: one["field"] for one in told["mapping"]}


async def test_a_column_is_mapped_by_hand_and_the_park_remembers(house: House) -> None:
    async with house.client(STATION) as client:
        told = await uploaded(client, workbooks.xlsx(ROWS))
        assert fields(told) == {"A": "name", "B": "uscc", "C": None, "D": None, "E": "remark"}
        assert told["mapping"][3]["samples"] == ["王样例", "李样例"]
        offered = {f["name"]: f["required"] for f in told["fields"]}
        assert offered["name"]
        assert not offered["sales"]
        url = f"{URL}/imports/{told['id']}/mapping"
        given = {"columns": {"D": "legal_representative", "E": None}}
        mapped = await client.put(url, json=given)
        assert mapped.status_code == 200, mapped.text
        wanted = fields(told) | given["columns"]
        assert fields(mapped.json()) == wanted
        await client.post(f"{URL}/imports/{told['id']}/moves/commit")
        found = (await client.get(URL, params={"q": "样例二"})).json()["items"][0]
        assert (found["legal_representative"], found["remark"]) == ("李样例", None)
        assert fields(await uploaded(client, workbooks.xlsx(ROWS))) == wanted
        swapped = [[row[3], row[0], row[1]] for row in ROWS]
        assert fields(await uploaded(client, workbooks.xlsx(swapped))) == {
            "A": "legal_representative",
            "B": "name",
            "C": "uscc",
        }
        begun = await client.put(url, json=given)
        assert begun.status_code == 409, begun.text
    async with house.client(OTHER) as client:
        assert fields(await uploaded(client, workbooks.xlsx(ROWS)))["D"] is None


async def test_a_file_whose_columns_are_mostly_left_out_is_still_read(house: House) -> None:
    async with house.client(STATION) as client:
        told = await uploaded(client, workbooks.xlsx(ROWS))
        given: dict[str, Any] = {"columns": {"B": None, "E": None}}
        answer = await client.put(f"{URL}/imports/{told['id']}/mapping", json=given)
        assert [p["code"] for p in answer.json()["problems"]] == ["missing_column"]
        assert answer.json()["counts"]["bad"] == 2
        assert {(e["column"], e["header"]) for e in answer.json()["errors"]} == {
            (None, "统一社会信用代码")
        }
        again = await uploaded(client, workbooks.xlsx(ROWS))
        assert fields(again) == {"A": "name", "B": None, "C": None, "D": None, "E": None}


async def test_what_cannot_be_mapped_is_refused_by_column(house: House) -> None:
    async with house.client(STATION) as client:
        told = await uploaded(client, workbooks.xlsx(ROWS))
        url = f"{URL}/imports/{told['id']}/mapping"
        for columns, pointer, code in (
            ({"Z": "name"}, "/columns/Z", "no_column"),
            ({"C": "no_such"}, "/columns/C", "no_field"),
            ({"A": "remark", "E": "remark"}, "/columns/E", "twice"),
        ):
            answer = await client.put(url, json={"columns": columns})
            assert answer.status_code == 422
            (error,) = answer.json()["errors"]
            assert (error["pointer"], error["code"]) == (pointer, code)
        lost = await client.put(url, json={"sheet": "没有这张"})
        assert lost.json()["errors"][0]["pointer"] == "/sheet"
        assert fields((await client.get(url.removesuffix("/mapping"))).json()) == fields(told)


async def test_one_of_several_sheets_is_chosen(house: House) -> None:
    data = workbooks.xlsx_of({"去年": ROWS[:2], "今年": ROWS, "说明": [["怎么填"]]})
    async with house.client(STATION) as client:
        told = await uploaded(client, data)
        assert (told["sheet"], told["rows"]) == ("去年", 1)
        assert [(s["name"], s["recognised"]) for s in told["sheets"]] == [
            ("去年", 3),
            ("今年", 3),
            ("说明", 0),
        ]
        url = f"{URL}/imports/{told['id']}/mapping"
        chosen = (await client.put(url, json={"sheet": "今年"})).json()
        assert (chosen["sheet"], chosen["rows"], chosen["counts"]["create"]) == ("今年", 2, 2)
        none = await client.put(url, json={"sheet": "说明"})
        assert none.status_code == 422
        assert none.json()["errors"][0]["code"] == "no_header"


async def test_what_was_mended_stays_mended_when_columns_change(house: House) -> None:
    rows = [ROWS[0], ["样例公司", "错", "民营", "王样例", "甲"]]
    async with house.client(STATION) as client:
        told = await uploaded(client, workbooks.xlsx(rows))
        url = f"{URL}/imports/{told['id']}"
        mended = await client.patch(f"{url}/rows/2", json={"values": {"uscc": CODES[2]}})
        assert mended.json()["errors"] == []
        given = {"columns": {"D": "legal_representative"}}
        again = (await client.put(f"{url}/mapping", json=given)).json()
        assert (again["errors"], again["counts"]["create"]) == ([], 1)
