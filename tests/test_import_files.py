"""Files as offices send them go in through the API: every format, encoding and way of writing."""

from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import workbooks
from tests.house import House
from tests.workbooks import CODES, sent

STATION = "station_staff@east-park-station"
URL = "/api/v1/enterprises"
XLS = Path(__file__).parent / "data" / "workbooks" / "small.xls"
HEADER = ["企业名称", "统一社会信用代码", "成立日期", "从业人员"]


async def written(client: httpx.AsyncClient, name: str, data: bytes) -> list[dict[str, Any]]:
    """Import a file without a fault and return its records in the order of their codes."""
    answer = await client.post(f"{URL}/imports", files=sent(name, data))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["errors"] == [], told["errors"][:3]
    done = await client.post(f"{URL}/imports/{told['id']}/moves/commit")
    assert done.status_code in (200, 202), done.text
    items = (await client.get(URL, params={"limit": 50})).json()["items"]
    return sorted(items, key=lambda item: CODES.index(item["uscc"]))


def ordinary(*days: Any) -> list[list[Any]]:
    return [HEADER, *([f"样例{n}公司", CODES[n], day, "29"] for n, day in enumerate(days))]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16"])
async def test_a_csv_of_an_office_goes_in(house: House, encoding: str) -> None:
    data = workbooks.csv(ordinary("2013-05-01", "2014年6月1日"), encoding)
    async with house.client(STATION) as client:
        found = await written(client, "企业台账.csv", data)
    assert [one["name"] for one in found] == ["样例0公司", "样例1公司"]
    assert [one["established_on"] for one in found] == ["2013-05-01", "2014-06-01"]


async def test_an_old_xls_goes_in(house: House) -> None:
    async with house.client(STATION) as client:
        found = await written(client, "small.xls", XLS.read_bytes())
    assert [one["employees"] for one in found] == [29, 904]


async def test_an_opendocument_sheet_goes_in(house: House) -> None:
    async with house.client(STATION) as client:
        found = await written(client, "台账.ods", workbooks.ods(ordinary("2013-05-01")))
    assert found[0]["established_on"] == "2013-05-01"


async def test_a_merged_header_of_two_rows_and_titles_above_it(house: House) -> None:
    rows: list[list[Any]] = [
        ["东湖园区企业情况表"],
        ["填报单位：样例工作站"],
        ["企业名称", "统一社会信用代码", "人员情况", None, "经济指标（元）", "备注"],
        [None, None, "职工总数", "其中：科技人员", "营业收入", None],
        ["样例公司", CODES[0], 10, 3, 28_000_000, ""],
        ["合计", None, 10, 3, 28_000_000, None],
    ]
    merged = ["A1:F1", "A3:A4", "B3:B4", "C3:D3", "F3:F4"]
    async with house.client(STATION) as client:
        answer = await client.post(
            f"{URL}/imports", files=sent("情况表.xlsx", workbooks.xlsx(rows, merged=merged))
        )
        told = answer.json()
        assert (told["header_row"], told["rows"]) == (4, 1)
        assert [i["reason"] for i in told["ignored"]] == ["total"]
        assert {m["column"]: m["field"] for m in told["mapping"]} == {
            "A": "name",
            "B": "uscc",
            "C": "employees",
            "D": "tech_staff",
            "E": "sales",
            "F": "remark",
        }
        assert [(n["field"], n["code"], n["count"]) for n in told["notes"]] == [
            ("sales", "converted", 1)
        ]
        found = await written(client, "情况表.xlsx", workbooks.xlsx(rows, merged=merged))
    assert (found[0]["employees"], float(found[0]["sales"])) == (10, 2800)


async def test_headers_in_the_other_script_and_units_in_them(house: House) -> None:
    rows: list[list[Any]] = [
        ["*企業名稱（必填）", "統一社會\n信用代碼", "營業收入\n(萬元)", "註冊資本（元）", "備　註"],
        ["樣例公司", CODES[0], "1,326.51", "1000000", "無"],
    ]
    async with house.client(STATION) as client:
        (found,) = await written(client, "台帳.xlsx", workbooks.xlsx(rows))
    assert float(found["sales"]) == pytest.approx(1326.51)
    assert float(found["registered_capital"]) == 100


async def test_days_in_five_shapes(house: House) -> None:
    days = (date(2013, 5, 1), "2013.5.1", "20130501", "2013年5月1日")
    async with house.client(STATION) as client:
        found = await written(client, "台账.xlsx", workbooks.xlsx(ordinary(*days)))
        assert {one["established_on"] for one in found} == {"2013-05-01"}
        rows: list[list[Any]] = [
            HEADER,
            ["样例0公司", CODES[0], 41395, "29"],
            ["样例1公司", CODES[1], "2013/5", 1],
        ]
        again = await written(client, "台账.xlsx", workbooks.xlsx(rows))
    assert {one["established_on"] for one in again} == {"2013-05-01"}


async def test_numbers_as_text_and_formatted_blank_rows(house: House) -> None:
    rows: list[list[Any]] = [
        ["企业名称", "统一社会信用代码", "从业人员", "营业收入（万元）"],
        ["样例公司", CODES[0], "９０４人", "1326.5"],
        *([None, "  ", "", None] for _ in range(30)),
        ["样例二公司", CODES[1], " 1,204 ", "2亿元"],
    ]
    async with house.client(STATION) as client:
        found = await written(client, "台账.xlsx", workbooks.xlsx(rows))
    assert [one["employees"] for one in found] == [904, 1204]
    assert [float(one["sales"]) for one in found] == [1326.5, 20_000]


async def test_an_import_list_carries_no_rows(house: House) -> None:
    async with house.client(STATION) as client:
        await client.post(
            f"{URL}/imports", files=sent("台账.xlsx", workbooks.xlsx(ordinary("2013-05-01")))
        )
        (item,) = (await client.get(f"{URL}/imports")).json()["items"]
    assert item["counts"]["create"] == item["rows"] == 1
    assert "errors" not in item
